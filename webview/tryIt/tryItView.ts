import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { EditEffect, RuleDraft } from '../../src/shared/rules.ts';
import { type DecisionTree, type Mode, type TriedEdit, type TriedRequest, type TryItSlice, triedKinds } from '../../src/shared/tryIt.ts';
import { visible } from '../../src/shared/visible.ts';
import { effectMark, effectWord } from '../effectMark.ts';
import { onEnter } from '../onEnter.ts';
import { choice, kindName, mainText, scopeOf } from '../rules/ruleForm.ts';
import { SectionView } from '../sectionView.ts';
import { editEffect } from './editEffect.ts';

const pause = 200;
const effects = ['allow', 'ask', 'deny'] as const;
const ruleKinds = ['command_prefix', 'path', 'domain', 'tool', 'mcp_server'] as const;

interface Trees {
  readonly now: DecisionTree;
  readonly edited?: DecisionTree;
}

/** A request a person types, decided without running; and a copy of the policy to change without storing it */
export class TryItView extends SectionView<'tryIt'> {
  static override properties = { ...SectionView.properties, request: { state: true }, trees: { state: true }, problem: { state: true }, edit: { state: true }, without: { state: true }, effect: { state: true } };
  private declare request: TriedRequest;
  private declare trees: Trees | undefined;
  private declare problem: string | undefined;
  private declare edit: { readonly mode?: Mode; readonly add: readonly RuleDraft[] };
  /** Rules the copy does without */
  private declare without: readonly { readonly id: string; readonly text: string }[];
  private declare effect: EditEffect | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private seen: TryItSlice | undefined;

  constructor() {
    super();
    this.request = { kind: 'command', text: '' };
    this.edit = { add: [] };
    this.without = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = this.kept.get() as { readonly kind?: unknown; readonly text?: unknown } | undefined;
    const kind = triedKinds.find((known) => known === kept?.kind);
    if (kind !== undefined && typeof kept?.text === 'string') this.request = { kind, text: kept.text };
    const given = this.given as { readonly remove?: readonly { readonly id: string; readonly text: string }[]; readonly request?: TriedRequest } | undefined;
    if (given?.remove !== undefined) this.without = given.remove;
    if (given?.request !== undefined) this.request = given.request;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override updated(): void {
    // Another snapshot may mean another policy, so what is shown is decided again
    if (this.slice === undefined || this.slice === this.seen) return;
    const isFirst = this.seen === undefined;
    this.seen = this.slice;
    if (isFirst || this.request.text !== '' || !this.isUnchanged()) this.soon();
  }

  protected drawn(slice: TryItSlice): TemplateResult {
    return html`${this.asked()}${this.answer()}${this.copy(slice)}`;
  }

  private asked(): TemplateResult {
    const { request } = this;
    const set = (next: TriedRequest): void => {
      this.request = next;
      this.kept.set(next);
      this.soon();
    };
    const label = requestHint(request.kind);
    return html`<div class="try">
      <div class="row">
        ${choice('request-kind', t('Request'), triedKinds.map((kind) => [kind, kindText(kind)]), request.kind, (kind) => set({ kind, text: request.text }))}
        ${request.kind === 'request'
          ? html`<label class="choice grow">${label}<textarea name="request-text" rows="6" spellcheck="false" .value=${live(request.text)} @input=${(event: Event) => set({ kind: request.kind, text: (event.target as HTMLTextAreaElement).value })}></textarea></label>`
          : html`<vscode-text-field class="grow" name="request-text" size="50" placeholder=${requestExample(request.kind)} .value=${live(request.text)} @input=${(event: Event) => set({ kind: request.kind, text: (event.target as HTMLInputElement).value })}>${label}</vscode-text-field>`}
      </div>
      <p class="detail">${t('Nothing runs and nothing is recorded.')}</p>
    </div>`;
  }

  private answer(): TemplateResult {
    const { trees, problem } = this;
    if (problem !== undefined) return html`<p class="wrong" role="status" id="tried">${problem}</p>`;
    if (trees === undefined) return html`<p class="empty" role="status" id="tried">${t('Type a request to see what would be decided, and why.')}</p>`;
    const { now, edited } = trees;
    return html`<div id="tried" role="status" class="unseen">${edited === undefined ? effectWord(now.decision) : t('{0} now, {1} with your changes', effectWord(now.decision), effectWord(edited.decision))}. ${now.reason}</div>
      ${edited === undefined ? nothing : edited.decision === now.decision ? html`<p>${t('Your changes leave this answer as it is.')}</p>` : html`<p class="flip">${effectMark(now.decision)} <span aria-hidden="true">→</span><span class="unseen">${t('becomes')}</span> ${effectMark(edited.decision)}</p>`}
      ${decisionTree(edited === undefined ? t('This policy says') : t('This policy says now'), now)}
      ${edited === undefined ? nothing : decisionTree(t('With your changes'), edited)}`;
  }

  private copy({ mode, modes }: TryItSlice): TemplateResult {
    const { edit, without, effect } = this;
    const change = (next: Partial<typeof edit>): void => {
      this.edit = { ...edit, ...next };
      this.soon();
    };
    const setMode = (value: string): void => {
      const { mode: _, ...rest } = edit;
      const chosen = modes.find((known) => known.mode === value)?.mode;
      this.edit = chosen === undefined ? rest : { ...rest, mode: chosen };
      this.soon();
    };
    const add = (): Promise<unknown> => {
      const field = this.querySelector<HTMLInputElement>('[name=copy-main]');
      const text = field?.value.trim() ?? '';
      if (field === null || text === '') return Promise.resolve();
      const kind = this.querySelector<HTMLSelectElement>('[name=copy-kind]')?.value as (typeof ruleKinds)[number];
      const chosen = this.querySelector<HTMLSelectElement>('[name=copy-effect]')?.value as (typeof effects)[number];
      change({ add: [...edit.add, { effect: chosen, source: 'workspace_db', scope: scopeOf(kind, text) }] });
      field.value = '';
      field.focus();
      return this.updateComplete;
    };
    return html`<section aria-labelledby="copy">
      <h2 id="copy">${t('Try with changes')}</h2>
      <p>${t('Change a copy of the policy and see what would become of the request above and of the decisions on record. Nothing is stored.')}</p>
      <div class="row">${choice('copy-mode', t('Mode'), [['', t('As it is: {0}', modes.find((known) => known.mode === mode)?.name ?? mode)], ...modes.filter((known) => known.mode !== mode).map((known) => [known.mode, known.name] as const)], edit.mode ?? '', setMode)}</div>
      <div class="row">
        ${choice('copy-effect', t('With the rule'), effects.map((one) => [one, effectWord(one)]), 'allow', () => undefined)}
        ${choice('copy-kind', t('For'), ruleKinds.map((one) => [one, kindName(one)]), 'command_prefix', () => undefined)}
        <vscode-text-field name="copy-main" size="30" @keydown=${onEnter(add)} placeholder="npm test">${t('Command, path, host or name')}</vscode-text-field>
        <vscode-button appearance="secondary" data-action="copy-add" @click=${() => void add()}>${t('Add to the Copy')}</vscode-button>
      </div>
      ${edit.add.length + without.length === 0 ? nothing : html`<ul class="list">
        ${edit.add.map((draft) => html`<li>${effectMark(draft.effect)} <code>${kindName(draft.scope.kind)}: ${visible(mainText(draft.scope))}</code>
          <vscode-button appearance="secondary" data-action="copy-make" @click=${() => this.panel.goTo('rules', { draft })}>${t('Make It a Rule')}</vscode-button>
          <vscode-button appearance="secondary" data-action="copy-drop" @click=${() => change({ add: edit.add.filter((other) => other !== draft) })}>${t('Take Out')}</vscode-button></li>`)}
        ${without.map((rule) => html`<li><span>${t('without')}</span> <code>${rule.text}</code>
          <vscode-button appearance="secondary" data-action="copy-keep" @click=${() => this.leave(rule)}>${t('Keep It')}</vscode-button></li>`)}
      </ul>`}
      <div id="replayed" role="status">${effect === undefined ? nothing : editEffect(effect)}</div>
    </section>`;
  }

  private leave(rule: (typeof this.without)[number]): void {
    this.without = this.without.filter((other) => other !== rule);
    this.soon();
  }

  private isUnchanged(): boolean {
    return this.edit.mode === undefined && this.edit.add.length + this.without.length === 0;
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.try(), pause);
  }

  private async try(): Promise<void> {
    clearTimeout(this.timer);
    const count = ++this.tries;
    const edit: TriedEdit = { ...this.edit, remove: this.without.map(({ id }) => id) };
    const unchanged = this.isUnchanged();
    let problem: string | undefined;
    let trees: Trees | undefined;
    let effect: EditEffect | undefined;
    try {
      if (this.request.text.trim() !== '') {
        const tried = await this.panel.request('tryRequest', { request: this.request, ...(unchanged ? {} : { edit }) });
        if ('problem' in tried) problem = tried.problem;
        else trees = tried;
      }
      if (!unchanged) {
        const tried = await this.panel.request('tryEdit', { edit });
        if ('problem' in tried) problem = tried.problem;
        else effect = tried;
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (count !== this.tries) return;
    this.problem = problem;
    this.trees = trees;
    this.effect = effect;
  }
}

/** One policy's answer: the whole, each action below it, what a command does below the command */
function decisionTree(title: string, { decision, reason, tool, actions }: DecisionTree): TemplateResult {
  return html`<section class="tree" aria-label=${title}>
    <h2>${title}</h2>
    <p class="whole">${effectMark(decision)} <code>${tool}</code> <span>${reason}</span></p>
    <ul class="plain">${actions.map((action) => html`<li class=${action.owned ? 'owned' : ''}>
      <p>${effectMark(action.decision)} ${action.kind} <code>${action.target}</code></p>
      ${action.details.map((line) => html`<p class="detail">${line}</p>`)}</li>`)}</ul>
  </section>`;
}

function kindText(kind: TriedRequest['kind']): string {
  return {
    command: t('Run a command'), read: t('Read a file'), write: t('Write a file'), delete: t('Delete a file'), fetch: t('Fetch an address'), send: t('Send data to an address'), request: t('Whole request (JSON)'),
  }[kind];
}

function requestHint(kind: TriedRequest['kind']): string {
  if (kind === 'command') return t('Command');
  if (kind === 'request') return t('Request with tool and input');
  return kind === 'fetch' || kind === 'send' ? t('Address') : t('Path');
}

function requestExample(kind: TriedRequest['kind']): string {
  if (kind === 'command') return 'git push origin main';
  return kind === 'fetch' || kind === 'send' ? 'https://api.example.com/' : 'src/index.ts';
}
