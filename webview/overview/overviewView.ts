import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Capability, Check, Decision, Mode, OverviewSlice, Today } from '../../src/shared/overview.ts';
import { visible } from '../../src/shared/visible.ts';
import { bySwitching, standing } from '../checkbox.ts';
import { effectMark } from '../effectMark.ts';
import { onEnter } from '../onEnter.ts';
import { SectionView } from '../sectionView.ts';

/** Mode, coarse switches, folders that tools may touch, and the check list */
export class OverviewView extends SectionView<'overview'> {
  /** Whether the lines that pass are shown too; kept over hide and reload */
  private passedOpen = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.passedOpen = (this.kept.get() as { readonly passed?: unknown } | undefined)?.passed === true;
  }

  private readonly remember = ({ target }: Event): void => {
    this.passedOpen = (target as HTMLDetailsElement).open;
    this.kept.set({ passed: this.passedOpen });
  };

  protected drawn(slice: OverviewSlice): TemplateResult {
    return html`${this.today(slice.today)}${this.checks(slice.checks)}${this.modes(slice)}${this.capabilities(slice)}${this.paths(slice)}`;
  }

  private today({ counts, asked, often, cut }: Today): TemplateResult {
    const total = counts.allow + counts.ask + counts.deny;
    return html`<section aria-labelledby="today">
      <h2 id="today">${t('Today')}</h2>
      ${total === 0 ? html`<p class="empty">${t('No agent has asked for anything today.')}</p>` : html`
        ${cut ? html`<p>${t('Counted from the newest {0} decisions; there were more today.', total)}</p>` : nothing}
        <ul class="bars">${(['allow', 'ask', 'deny'] as const).map((decision) => bar(effectMark(decision), counts[decision], total, decision))}</ul>
        ${asked.length === 0 ? nothing : html`<h3>${t('What the questions were about')}</h3><ul class="bars">${asked.map(({ name, count }) => bar(html`${name}`, count, counts.ask, 'ask'))}</ul>`}
        ${often.length === 0 ? nothing : html`<h3>${t('Asked most')}</h3><ol class="list often">${often.map(({ text, count, scope }) => html`<li><code>${text}</code><span>${count === 1 ? t('once') : t('{0} times', count)}</span>
          ${scope === undefined ? nothing : html`<vscode-button appearance="secondary" aria-label=${t('Make a rule for {0}', text)} @click=${() => this.panel.goTo('rules', { draft: { effect: 'allow', source: 'workspace_db', scope } })}>${t('Make a Rule')}</vscode-button>`}</li>`)}</ol>`}`}
    </section>`;
  }

  private checks(checks: readonly Check[]): TemplateResult {
    const passed = checks.filter(({ state }) => state === 'pass');
    const open = [...checks.filter(({ state }) => state === 'fail'), ...checks.filter(({ state }) => state === 'warn')];
    return html`<section aria-labelledby="checks">
      <h2 id="checks">${t('Check list')}</h2>
      <p>${open.length === 0 ? t('All is well.') : t('{0} of {1} need a look.', open.length, checks.length)}</p>
      ${open.length === 0 ? nothing : html`<ul class="checks">${repeat(open, ({ id }) => id, (check) => this.check(check))}</ul>`}
      ${passed.length === 0 ? nothing : html`<details data-part="passed" ?open=${this.passedOpen} @toggle=${this.remember}><summary>${t('{0} pass', passed.length)}</summary><ul class="checks">${repeat(passed, ({ id }) => id, (check) => this.check(check))}</ul></details>`}
    </section>`;
  }

  private check({ state, title, detail, fix, id }: Check): TemplateResult {
    const [sign, word] = { pass: ['✓', t('Passes')], warn: ['!', t('Look')], fail: ['✕', t('Fails')] }[state];
    const mend = (): void => {
      if (fix?.section !== undefined) this.panel.goTo(fix.section);
      else if (fix?.command !== undefined) void this.panel.change('runFix', { command: fix.command });
    };
    return html`<li class=${state} data-check=${id}>
      <span class="sign" role="img" aria-label=${word ?? ''}>${sign}</span>
      <span class="text"><strong>${title}</strong><span class="detail">${detail}</span></span>
      ${fix === undefined ? nothing : html`<vscode-button appearance="secondary" @click=${mend}>${fix.label}</vscode-button>`}
    </li>`;
  }

  private modes(slice: OverviewSlice): TemplateResult {
    const current = slice.modes.find(({ mode }) => mode === slice.mode);
    return html`<section aria-labelledby="modes">
      <h2 id="modes">${t('Mode')}</h2>
      <p>${t('What happens where no rule answers. Now: {0}.', current?.name ?? slice.mode)} ${current?.effect ?? ''}</p>
      ${slice.counts ? nothing : html`<p class="notice warn"><span class="sign" aria-hidden="true">!</span>${t('The workspace is not trusted, so the mode Default counts until it is.')}</p>`}
      <div class="scroll" tabindex="0" role="region" aria-label=${t('What each mode does')}><table class="modes">
        <thead><tr><th scope="col">${t('Action')}</th>${slice.modes.map(({ mode, name }) => html`<th scope="col" class=${mode === slice.mode ? 'current' : ''}>${name}</th>`)}</tr></thead>
        <tbody>${slice.table.map(({ action, decisions }) => html`<tr><th scope="row">${action}</th>
          ${decisions.map((decision, index) => html`<td class=${slice.modes[index]?.mode === slice.mode ? 'current' : ''}>${effectMark(decision)}</td>`)}</tr>`)}</tbody>
        <tfoot><tr><th scope="row">${t('Switch to')}</th>${slice.modes.map(({ mode, name }) => html`<td class=${mode === slice.mode ? 'current' : ''}>${mode === slice.mode
          ? html`<span class="now">${t('Current')}</span>`
          : html`<vscode-button appearance="secondary" aria-label=${t('Switch to {0}', name)} @click=${() => this.switchTo(mode, name, slice.mode)}>${t('Switch')}</vscode-button>`}</td>`)}</tr></tfoot>
      </table></div>
    </section>`;
  }

  private switchTo(mode: Mode, name: string, before: Mode): void {
    void this.panel.change('setMode', { mode }, { said: t('Mode: {0}', name), undo: () => this.panel.change('setMode', { mode: before }) });
  }

  private capabilities({ capabilities }: OverviewSlice): TemplateResult {
    const set = (capability: Capability, name: string, on: boolean): void => void this.panel.change('setCapability', { capability, on }, {
      said: on ? t('{0} is on.', name) : t('{0} is off.', name), undo: () => this.panel.change('setCapability', { capability, on: !on }),
    });
    return html`<section aria-labelledby="capabilities">
      <h2 id="capabilities">${t('Permissions')}</h2>
      <p>${t('What is off is denied, whatever rules and mode say.')}</p>
      <ul class="plain">${capabilities.map(({ capability, name, effect, on }) => html`<li>
        <vscode-checkbox data-capability=${capability} .checked=${standing(on)} @change=${bySwitching((now) => set(capability, name, now))}><strong>${name}</strong> <span class="detail">${effect}</span></vscode-checkbox>
      </li>`)}</ul>
    </section>`;
  }

  private paths({ allowedPaths, unrestricted }: OverviewSlice): TemplateResult {
    const remove = (path: string): void => void this.panel.change('removeAllowedPath', { path }, { said: t('Removed {0}.', path), undo: () => this.panel.change('addAllowedPath', { path }) });
    const pick = async (): Promise<void> => {
      await this.panel.change('pickAllowedPath', {}, { said: t('The folder was added.') });
    };
    return html`<section aria-labelledby="paths">
      <h2 id="paths">${t('Folders outside the workspace')}</h2>
      <p>${t('Tools may touch these too, as far as mode and rules let them. The temporary folder always is one.')}</p>
      ${allowedPaths.length === 0 ? html`<p class="empty">${t('None yet.')}</p>` : html`<ul class="list">${allowedPaths.map((path) => html`<li><code>${visible(path)}</code>
        <vscode-button appearance="secondary" aria-label=${t('Remove {0}', visible(path))} @click=${() => remove(path)}>${t('Remove')}</vscode-button></li>`)}</ul>`}
      <div class="row">
        <vscode-button data-action="pick" @click=${pick}>${t('Choose a Folder…')}</vscode-button>
        <vscode-text-field name="path" @keydown=${onEnter(() => this.addPath())} size="30" placeholder="/home/me/shared">${t('or write its path')}</vscode-text-field>
        <vscode-button appearance="secondary" @click=${() => void this.addPath()}>${t('Add')}</vscode-button>
      </div>
      <vscode-checkbox data-action="unrestricted" .checked=${standing(unrestricted)} @change=${bySwitching((on) => void this.panel.change('setUnrestricted', { on }, { said: on ? t('Unrestricted file access is on.') : t('Unrestricted file access is off.') }))}>${t('Unrestricted file access')}</vscode-checkbox>
      <p class="notice ${unrestricted ? 'warn' : ''}"><span class="sign" aria-hidden="true">!</span>${t('Only in places you trust: the border of the workspace then holds no tool back. Protected places stay protected.')}</p>
    </section>`;
  }

  private async addPath(): Promise<void> {
    const field = this.querySelector<HTMLInputElement>('[name=path]');
    const path = field?.value.trim() ?? '';
    if (field === null || path === '') return;
    const made = await this.panel.change('addAllowedPath', { path }, { said: t('Added {0}.', path), undo: () => this.panel.change('removeAllowedPath', { path }) });
    if (made) field.value = '';
    field.focus();
  }
}

/** A line of a chart: name, number, and a bar whose length says the same to the eye */
function bar(name: TemplateResult, count: number, total: number, decision: Decision): TemplateResult {
  const share = total === 0 ? 0 : (100 * count) / total;
  return html`<li><span class="name">${name}</span><span class="count">${count}</span>
    <svg class="bar-line ${decision}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"></rect><rect class="share" width=${share} height="8"></rect></svg></li>`;
}
