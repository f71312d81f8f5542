import { html, type TemplateResult } from 'lit';
import type { LimitsSlice } from '../../src/shared/limits.ts';
import { SectionView } from '../sectionView.ts';

/** The fixed limits, read only */
export class LimitsView extends SectionView<'limits'> {
  protected drawn({ limits }: LimitsSlice): TemplateResult {
    return html`<dl class="facts">${limits.map(({ name, value, detail }) => html`<div><dt>${name}</dt><dd><strong>${value}</strong><span class="detail">${detail}</span></dd></div>`)}</dl>`;
  }
}
