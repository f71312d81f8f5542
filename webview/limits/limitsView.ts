import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { BudgetField, LimitsSlice, RunningTask, SandboxCheck, SandboxChoice, SandboxName } from '../../src/shared/limits.ts';
import { bySwitching, standing } from '../checkbox.ts';
import { choice } from '../rules/ruleForm.ts';
import { SectionView } from '../sectionView.ts';

/** Where commands run, what works here and why not, and the limits that hold */
export class LimitsView extends SectionView<'limits'> {
  static override properties = { ...SectionView.properties, checks: { state: true }, checking: { state: true } };
  /** What was found to work here; absent until it was looked at */
  private declare checks: readonly SandboxCheck[] | undefined;
  private declare checking: boolean;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.check();
  }

  protected drawn(slice: LimitsSlice): TemplateResult {
    return html`${this.sandbox(slice)}${this.docker(slice)}${this.fileSize(slice)}${this.budgets(slice)}
      <section aria-labelledby="limits"><h2 id="limits">${t('Limits')}</h2>
        <p>${t('They are fixed.')}</p>
        <dl class="facts">${slice.limits.map(({ name, value, detail }) => html`<div><dt>${name}</dt><dd><strong>${value}</strong><span class="detail">${detail}</span></dd></div>`)}</dl>
      </section>`;
  }

  private sandbox({ sandbox, kinds }: LimitsSlice): TemplateResult {
    return html`<section aria-labelledby="sandbox">
      <h2 id="sandbox">${t('Sandbox')}</h2>
      <p>${t('Where commands run that were allowed, when agents run them through this extension. One that is chosen and cannot start is a refusal.')}</p>
      <fieldset class="kinds"><legend class="unseen">${t('Sandbox')}</legend>${kinds.map((kind) => this.kind(kind, sandbox))}</fieldset>
      <div class="row"><vscode-button appearance="secondary" data-action="check-sandboxes" ?disabled=${this.checking} @click=${() => void this.check()}>${t('Look Again What Works')}</vscode-button>
        <span role="status">${this.checking ? t('Trying each one…') : nothing}</span></div>
    </section>`;
  }

  private kind({ kind, name, detail }: LimitsSlice['kinds'][number], { kind: chosen }: SandboxChoice): TemplateResult {
    const check = this.checks?.find((one) => one.kind === kind);
    const state = check === undefined ? '' : check.works ? (kind === 'none' ? 'warn' : 'pass') : 'fail';
    const sign = { '': '…', pass: '✓', warn: '!', fail: '✕' }[state];
    return html`<label class="check kind ${state}" data-kind=${kind}>
      <input type="radio" name="sandbox-kind" value=${kind} .checked=${live(kind === chosen)} @change=${() => this.choose(kind, name, chosen)}>
      <span class="text"><strong>${name}</strong> <span class="detail">${detail}</span>
        <span class="found"><span class="sign" aria-hidden="true">${sign}</span> ${check?.detail ?? t('Not tried yet.')}</span></span>
    </label>`;
  }

  private choose(kind: SandboxName, name: string, before: SandboxName): void {
    void this.panel.change('setSandbox', { change: { kind } }, { said: t('Commands run in: {0}.', name), undo: () => this.panel.change('setSandbox', { change: { kind: before } }) });
  }

  private docker({ sandbox }: LimitsSlice): TemplateResult {
    const { image, cpus, memory, network } = sandbox;
    const set = (change: Partial<SandboxChoice>, before: Partial<SandboxChoice>): Promise<boolean> => this.panel.change('setSandbox', { change }, { said: t('The sandbox of Docker was changed.'), undo: () => this.panel.change('setSandbox', { change: before }) });
    const field = (name: 'image' | 'memory' | 'cpus', label: string, size: number): TemplateResult => {
      const keep = async (): Promise<void> => {
        const input = this.querySelector<HTMLInputElement>(`[name=docker-${name}]`);
        const typed = input?.value.trim() ?? '';
        if (input === null || typed === String(sandbox[name])) return;
        const made = await (name === 'cpus' ? set({ cpus: Number(typed) }, { cpus }) : set({ [name]: typed }, { [name]: sandbox[name] }));
        if (made) await this.check();
        else input.value = String(sandbox[name]);
      };
      // Set only when what stands changes, never over what is being typed
      return html`<vscode-text-field name="docker-${name}" size=${size} .value=${String(sandbox[name])} @change=${() => void keep()}>${label}</vscode-text-field>`;
    };
    return html`<section aria-labelledby="docker">
      <h2 id="docker">${t('For Docker')}</h2>
      <p>${t('Now: {0}, processors: {1}, memory: {2}.', image, cpus, memory)} ${networkText(network)}</p>
      <div class="row">
        ${field('image', t('Image'), 24)}${field('cpus', t('Processors'), 6)}${field('memory', t('Memory, such as 512m or 2g'), 10)}
        ${choice('docker-network', t('Network'), [['none', t('None')], ['hosts', t('Hosts that are allowed')], ['bridge', t('Bridge')]], network, (value) => void set({ network: value }, { network }))}
      </div>
    </section>`;
  }

  private fileSize({ fileSize: { megabytes, least, most } }: LimitsSlice): TemplateResult {
    const set = (next: number): Promise<boolean> => this.panel.change('setFileSize', { megabytes: next }, { said: t('Files of up to {0} MB are read and written.', next), undo: () => this.panel.change('setFileSize', { megabytes }) });
    const keep = async (): Promise<void> => {
      const input = this.querySelector<HTMLInputElement>('[name=file-size]');
      const typed = input?.value.trim() ?? '';
      if (input === null || typed === String(megabytes) || (await set(Number(typed)))) return;
      input.value = String(megabytes);
    };
    return html`<section aria-labelledby="files">
      <h2 id="files">${t('Files')}</h2>
      <p>${t('A larger file is neither read nor written by the tools of this extension. From {0} to {1} MB.', least, most)}</p>
      <div class="row"><vscode-text-field name="file-size" size="6" .value=${String(megabytes)} @change=${() => void keep()}>${t('Largest file in MB')}</vscode-text-field></div>
    </section>`;
  }

  private budgets({ budgets, tasks }: LimitsSlice): TemplateResult {
    return html`<section aria-labelledby="budgets">
      <h2 id="budgets">${t('Budgets')}</h2>
      <p>${t('What a task may use before you are asked for more. A task is one session of an agent; it is over when it rests for a day. No mode lifts a budget that is on.')}</p>
      <ul class="plain budgets">${budgets.map((budget) => this.budget(budget))}</ul>
      <h3 id="tasks">${t('Tasks')}</h3>
      ${tasks.length === 0 ? html`<p class="empty">${t('No agent has asked anything today.')}</p>` : html`<ul class="plain tasks" aria-labelledby="tasks">${tasks.map((task) => this.task(task))}</ul>`}
    </section>`;
  }

  private budget({ kind, name, detail, on, amount, least, most }: BudgetField): TemplateResult {
    const set = (next: { readonly on: boolean; readonly amount: number }, said: string): Promise<boolean> => this.panel.change('setBudget', { kind, ...next }, { said, undo: () => this.panel.change('setBudget', { kind, on, amount }) });
    const keep = async (): Promise<void> => {
      const input = this.querySelector<HTMLInputElement>(`[name=budget-${kind}]`);
      const typed = input?.value.trim() ?? '';
      if (input === null || typed === String(amount) || (await set({ on, amount: Number(typed) }, t('{0}: {1}', name, typed)))) return;
      input.value = String(amount);
    };
    return html`<li data-budget=${kind}>
      <vscode-checkbox .checked=${standing(on)} @change=${bySwitching((now) => void set({ on: now, amount }, now ? t('{0} is on.', name) : t('{0} is off.', name)))}><strong>${name}</strong> <span class="detail">${detail}</span></vscode-checkbox>
      <vscode-text-field name="budget-${kind}" size="10" .value=${String(amount)} @change=${() => void keep()}>${t('At most ({0} to {1})', least.toLocaleString(), most.toLocaleString())}<span class="unseen">: ${name}</span></vscode-text-field>
    </li>`;
  }

  private task({ session, name, last, stopped, bars, tools, more }: RunningTask): TemplateResult {
    const grant = (): void => void this.panel.change('grantBudget', { session }, { said: t('{0} may go on.', name) });
    return html`<li class="card" data-task=${session}>
      <strong>${name}</strong> <span class="detail">${t('last request {0}', new Date(last).toLocaleTimeString(undefined, { timeStyle: 'short' }))}</span>
      ${stopped ? html`<p class="fail"><span class="sign" aria-hidden="true">✕</span> ${t('You stopped it.')}</p>` : nothing}
      <ul class="bars use">${bars.map(({ text, share, used, low }) => html`<li><span class="name">${text}</span><span class="count">${t('{0} %', Math.floor(share * 100))}</span>
        <svg class="bar-line ${used ? 'deny' : low ? 'ask' : 'allow'}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"></rect><rect class="share" width=${100 * share} height="8"></rect></svg></li>`)}</ul>
      <details><summary>${t('What for')}<span class="unseen">: ${name}</span></summary><ul>${tools.map((line) => html`<li>${line}</li>`)}</ul></details>
      ${more === undefined ? nothing : html`<vscode-button appearance="secondary" @click=${grant}>${t('Let It Go On')}<span class="unseen">: ${name}</span></vscode-button> <span class="detail">${t('with {0}', more)}</span>`}
    </li>`;
  }

  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      this.checks = (await this.panel.request('checkSandboxes', {})).checks;
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    } finally {
      this.checking = false;
    }
  }
}

function networkText(network: SandboxChoice['network']): string {
  switch (network) {
    case 'none': return t('No network.');
    case 'hosts': return t('Hosts that are allowed, in every kind of sandbox: each one is asked about as an export, unless a rule names it.');
    case 'bridge': return t('With network: what a command reads can leave the machine.');
  }
}
