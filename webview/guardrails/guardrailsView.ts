import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { userDeeds, type GuardrailsSlice, type UserDeed } from '../../src/shared/guardrails.ts';
import type { RuleDraft } from '../../src/shared/rules.ts';
import { visible } from '../../src/shared/visible.ts';
import { bySwitching, standing } from '../checkbox.ts';
import { onEnter } from '../onEnter.ts';
import { choice } from '../rules/ruleForm.ts';
import { SectionView } from '../sectionView.ts';

type PlaceKind = GuardrailsSlice['places'][number]['kind'];

/** Built-in guardrails to read, and a person's own patterns, commands and places */
export class GuardrailsView extends SectionView<'guardrails'> {
  static override properties = { ...SectionView.properties, verdict: { state: true } };
  /** What the test of the pattern said last */
  private declare verdict: { readonly text: string; readonly bad: boolean } | undefined;
  /** Counts tests, so that a late answer never overwrites a newer one */
  private tests = 0;

  protected drawn(slice: GuardrailsSlice): TemplateResult {
    return html`${this.patterns(slice)}${this.trusted(slice)}${this.commands(slice)}${this.domains(slice)}${this.blocked(slice)}${this.places(slice)}`;
  }

  private patterns({ patterns, mostPatterns }: GuardrailsSlice): TemplateResult {
    const set = (next: readonly string[], said: string): Promise<boolean> => this.panel.change('setPatterns', { patterns: next }, { said, undo: () => this.panel.change('setPatterns', { patterns }) });
    const add = async (): Promise<void> => {
      const field = this.querySelector<HTMLInputElement>('[name=pattern]');
      const pattern = field?.value ?? '';
      if (field === null || pattern === '') return;
      if (patterns.includes(pattern)) return this.panel.say(t('This pattern is in the list already.'), { bad: true });
      if (await set([...patterns, pattern], t('Commands that match are denied from now on.'))) {
        field.value = '';
        this.verdict = undefined;
      }
      field.focus();
    };
    return html`<section aria-labelledby="patterns">
      <h2 id="patterns">${t('Your blocked patterns')}</h2>
      <p>${t('Regular expressions; a command that matches one is denied. At most {0}.', mostPatterns)}</p>
      ${patterns.length === 0 ? html`<p class="empty">${t('None yet. Example: {0}', '\\bterraform\\s+destroy\\b')}</p>` : html`<ul class="list">${patterns.map((pattern) => html`<li><code>${visible(pattern)}</code>
        <vscode-button appearance="secondary" aria-label=${t('Remove {0}', visible(pattern))} @click=${() => void set(patterns.filter((other) => other !== pattern), t('The pattern was removed.'))}>${t('Remove')}</vscode-button></li>`)}</ul>`}
      <div>
        <div class="row">
          <vscode-text-field name="pattern" @keydown=${onEnter(add)} size="36" @input=${() => void this.test()} aria-describedby="verdict">${t('Pattern')}</vscode-text-field>
          <vscode-text-field name="sample" @keydown=${onEnter(add)} size="36" @input=${() => void this.test()} placeholder="terraform destroy -auto-approve">${t('Try it on a command')}</vscode-text-field>
          <vscode-button @click=${() => void add()}>${t('Block')}</vscode-button>
        </div>
        <p id="verdict" role="status" class=${this.verdict?.bad === true ? 'wrong' : ''}>${this.verdict?.text ?? nothing}</p>
      </div>
    </section>`;
  }

  /** Asks the gate whether the pattern can be used and what it would do to the sample */
  private async test(): Promise<void> {
    const count = ++this.tests;
    const pattern = this.querySelector<HTMLInputElement>('[name=pattern]')?.value ?? '';
    const sample = this.querySelector<HTMLInputElement>('[name=sample]')?.value ?? '';
    const verdict = pattern === '' ? undefined : await this.verdictOf(pattern, sample);
    if (count === this.tests) this.verdict = verdict;
  }

  private async verdictOf(pattern: string, sample: string): Promise<GuardrailsView['verdict']> {
    try {
      const { problem, blocks } = await this.panel.request('testPattern', { pattern, sample });
      if (problem !== undefined) return { text: problem, bad: true };
      if (blocks === undefined) return { text: t('The pattern can be used.'), bad: false };
      return { text: blocks ? t('This command would be blocked.') : t('This command would not be blocked.'), bad: false };
    } catch (error) {
      return { text: error instanceof Error ? error.message : String(error), bad: true };
    }
  }

  private trusted({ autoApproveTrusted, trustedOwn, trustedDefaults }: GuardrailsSlice): TemplateResult {
    const toggle = (on: boolean): void => {
      void this.panel.change('setTrusted', { on }, { said: on ? t('Trusted commands run without asking.') : t('Trusted commands are decided like others.'), undo: () => this.panel.change('setTrusted', { on: !on }) });
    };
    return html`<section aria-labelledby="trusted">
      <h2 id="trusted">${t('Trusted commands')}</h2>
      <vscode-checkbox data-action="trusted" .checked=${standing(autoApproveTrusted)} @change=${bySwitching(toggle)}>${t('Let trusted commands run without asking')}</vscode-checkbox>
      <p>${t('Any rule that asks or denies is stronger. Whole words count; “*” at the end means whatever follows.')}</p>
      ${this.ownList('command', trustedOwn, t('Command, for example make test*'), (own, said) => this.panel.change('setTrusted', { own }, { said, undo: () => this.panel.change('setTrusted', { own: trustedOwn }) }))}
      <details><summary>${t('The {0} built-in ones', trustedDefaults.length)}</summary><ul class="words">${trustedDefaults.map((command) => html`<li><code>${command}</code></li>`)}</ul></details>
    </section>`;
  }

  private commands({ commands }: GuardrailsSlice): TemplateResult {
    return html`<section aria-labelledby="commands">
      <h2 id="commands">${t('Commands of yours')}</h2>
      <p>${t('What a command does that is not known here. Of a known one, a line here only makes the answer stricter.')}</p>
      ${commands.length === 0 ? html`<p class="empty">${t('None yet.')}</p>` : html`<ul class="list">${commands.map(({ row, shown, details }) => html`<li data-command=${shown}><code>${shown}${details === '' ? nothing : ` ${details}`}</code> <span>${deedName(row.does)}</span>
        <vscode-button appearance="secondary" aria-label=${t('Remove {0}', shown)} @click=${() => void this.panel.change('removeCommand', { command: row.command }, { said: t('Removed {0}.', shown), undo: () => this.panel.change('addCommand', { row }) })}>${t('Remove')}</vscode-button></li>`)}</ul>`}
      <div class="row">
        <vscode-text-field name="command-words" size="20" placeholder="acme check">${t('Command')}</vscode-text-field>
        ${choice('command-does', t('What it does'), userDeeds.map((deed) => [deed, deedName(deed)]), 'read', () => undefined)}
        <vscode-text-field name="command-options" size="26" placeholder="-q --depth= --out=:write">${t('Options it may be given (may stay empty)')}</vscode-text-field>
      </div>
      <div class="row">
        <vscode-text-field name="command-match" size="26" @keydown=${onEnter(() => this.addCommand())} placeholder="acme check src">${t('An example of it')}</vscode-text-field>
        <vscode-text-field name="command-not" size="26" @keydown=${onEnter(() => this.addCommand())} placeholder="acme check --fix">${t('A line that is something else')}</vscode-text-field>
        <vscode-button appearance="secondary" data-action="add-command" @click=${() => void this.addCommand()}>${t('Add')}</vscode-button>
      </div>
    </section>`;
  }

  private async addCommand(): Promise<void> {
    const fields = (['words', 'options', 'match', 'not'] as const).map((name) => this.querySelector<HTMLInputElement>(`[name=command-${name}]`));
    const [words = '', options = '', match = '', not = ''] = fields.map((field) => field?.value.trim() ?? '');
    const does = userDeeds.find((deed) => deed === this.querySelector<HTMLSelectElement>('[name=command-does]')?.value);
    if (does === undefined) return;
    if (words === '' || match === '' || not === '') return this.panel.say(t('Write the command, an example of it, and a line that is something else.'), { bad: true });
    const row = { command: words, does, ...(options === '' ? {} : { options: options.split(/\s+/) }), examples: { match: [match], notMatch: [not] } };
    const made = await this.panel.change('addCommand', { row }, { said: t('Added {0}.', words), undo: () => this.panel.change('removeCommand', { command: words }) });
    if (made) for (const field of fields) if (field !== null) field.value = '';
    fields[0]?.focus();
  }

  private domains({ allowedDomains }: GuardrailsSlice): TemplateResult {
    const add = async (): Promise<void> => {
      const field = this.querySelector<HTMLInputElement>('[name=domain]');
      const domain = field?.value.trim() ?? '';
      if (field === null || domain === '') return;
      const draft: RuleDraft = { effect: 'allow', source: 'workspace_db', scope: { kind: 'domain', domain } };
      try {
        const outcome = await this.panel.request('addRule', { draft });
        if (!outcome.ok) this.panel.say(outcome.reason, { bad: true });
        else {
          const { id } = outcome;
          this.panel.say(t('{0} is allowed.', domain), id === undefined ? {} : { undo: () => this.panel.change('removeRule', { id }) });
          field.value = '';
        }
      } catch (error) {
        this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
      }
      field.focus();
    };
    const remove = (id: string, domain: string): void => void this.panel.change('removeRule', { id }, { said: t('{0} is no longer allowed.', domain), undo: () => this.panel.change('restoreRule', { id }) });
    return html`<section aria-labelledby="domains">
      <h2 id="domains">${t('Allowed domains')}</h2>
      <p>${t('Hosts that tools may reach and send data to without asking, as far as the network is on. They are rules of yours.')}</p>
      ${allowedDomains.length === 0 ? html`<p class="empty">${t('None yet.')}</p>` : html`<ul class="list">${allowedDomains.map(({ id, domain, where }) => html`<li><code>${domain}</code> <span class="detail">${where}</span>
        <vscode-button appearance="secondary" aria-label=${t('Remove {0}', domain)} @click=${() => remove(id, domain)}>${t('Remove')}</vscode-button></li>`)}</ul>`}
      <div class="row">
        <vscode-text-field name="domain" @keydown=${onEnter(add)} size="36" placeholder="*.example.com">${t('Host, or *.example.com for all below it')}</vscode-text-field>
        <vscode-button appearance="secondary" data-action="add-domain" @click=${() => void add()}>${t('Allow')}</vscode-button>
      </div>
    </section>`;
  }

  private blocked({ blocked }: GuardrailsSlice): TemplateResult {
    return html`<section aria-labelledby="blocked">
      <h2 id="blocked">${t('Always blocked')}</h2>
      <p>${t('By what a command does, however it is spelled. For example:')}</p>
      <dl class="facts">${blocked.map(({ example, why }) => html`<div><dt><code>${example}</code></dt><dd>${why}</dd></div>`)}</dl>
    </section>`;
  }

  private places({ places, ownPlaces }: GuardrailsSlice): TemplateResult {
    const kinds: readonly (readonly [PlaceKind, string, string])[] = [
      ['sealed', t('Sealed places'), t('No tool may write or delete there, whatever rules and mode say.')],
      ['guarded', t('Guarded places'), t('A write or delete asks every time, in every mode.')],
      ['secret', t('Secrets'), t('A read asks, and marks the session as one that holds a secret.')],
    ];
    return html`${kinds.map(([kind, title, what]) => {
      const builtIn = places.filter((place) => place.kind === kind);
      return html`<section aria-labelledby="places-${kind}">
        <h2 id="places-${kind}">${title}</h2>
        <p>${what}</p>
        ${kind === 'secret' ? nothing : this.ownList(`${kind} place`, ownPlaces[kind], t('File or folder, for example config/production*'), (patterns, said) => this.panel.change('setOwnPlaces', { kind, patterns }, { said, undo: () => this.panel.change('setOwnPlaces', { kind, patterns: ownPlaces[kind] }) }))}
        <details><summary>${t('The {0} built-in ones', builtIn.length)}</summary>
          <dl class="facts small">${builtIn.map(({ pattern, why }) => html`<div><dt><code>${pattern}</code></dt><dd>${why}</dd></div>`)}</dl></details>
      </section>`;
    })}`;
  }

  /** A list that a person adds to and takes from */
  private ownList(what: string, items: readonly string[], label: string, set: (items: readonly string[], said: string) => Promise<boolean>): TemplateResult {
    const name = what.replaceAll(' ', '-');
    const add = async (): Promise<void> => {
      const field = this.querySelector<HTMLInputElement>(`[name=${name}]`);
      const item = field?.value.trim() ?? '';
      if (field === null || item === '') return;
      if (items.includes(item)) return this.panel.say(t('It is in the list already.'), { bad: true });
      if (await set([...items, item], t('Added {0}.', item))) field.value = '';
      field.focus();
    };
    return html`
      ${items.length === 0 ? nothing : html`<ul class="list">${items.map((item) => html`<li><code>${visible(item)}</code>
        <vscode-button appearance="secondary" aria-label=${t('Remove {0}', visible(item))} @click=${() => void set(items.filter((other) => other !== item), t('Removed {0}.', item))}>${t('Remove')}</vscode-button></li>`)}</ul>`}
      <div class="row">
        <vscode-text-field name=${name} @keydown=${onEnter(add)} size="36">${label}</vscode-text-field>
        <vscode-button @click=${() => void add()} appearance="secondary">${t('Add')}</vscode-button>
      </div>`;
  }
}

function deedName(deed: UserDeed): string {
  return {
    read: t('Only reads'), test: t('Runs tests'), fetch: t('Reads from the network'), write: t('Writes files'), delete: t('Deletes files'), export: t('Sends data out'), exec: t('Does something else'),
  }[deed];
}
