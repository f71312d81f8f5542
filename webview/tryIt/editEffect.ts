import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { EditEffect } from '../../src/shared/rules.ts';
import { effectMark } from '../effectMark.ts';

export type ShownEffect = EditEffect;

/** What an edit would have changed: a sentence, and the decisions behind it */
export function editEffect({ tried, leftOut, withoutScript, changed, flips }: EditEffect): TemplateResult {
  const kept = `${leftOut === 0 ? '' : ` ${t('{0} could not be tried: the record keeps them only in part.', leftOut)}`}${withoutScript === true ? ` ${t('The policy script is not asked for this.')}` : ''}`;
  if (tried === 0) return html`<p>${t('There are no recorded decisions to try it on yet.')}${kept}</p>`;
  const sentence = t('Would have changed {0} of the last {1} decisions.', changed, tried);
  if (changed === 0) return html`<p class="changed">${sentence}${kept}</p>`;
  return html`<details class="changed"><summary>${sentence}${kept}</summary>
    <ul class="flips">${flips.map(({ at, request, from, to, reason }) => html`<li>
      <span class="flip">${effectMark(from)} <span aria-hidden="true">→</span><span class="unseen">${t('becomes')}</span> ${effectMark(to)}</span>
      <span class="what"><code>${request}</code><span class="detail">${new Date(at).toLocaleString()} · ${reason}</span></span></li>`)}</ul>
    ${changed > flips.length ? html`<p>${t('And {0} more.', changed - flips.length)}</p>` : nothing}
  </details>`;
}
