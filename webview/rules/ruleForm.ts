import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { RuleDraft, RuleScope } from '../../src/shared/rules.ts';
import { visible } from '../../src/shared/visible.ts';
import { effectWord } from '../effectMark.ts';
import { editEffect, type ShownEffect } from '../tryIt/editEffect.ts';
import type { Panel } from '../sectionView.ts';

const scopeKinds = ['command_prefix', 'path', 'domain', 'tool', 'mcp_server'] as const satisfies readonly RuleScope['kind'][];
const effects = ['allow', 'ask', 'deny'] as const;
const sources = ['workspace_db', 'profile', 'session'] as const;
/** Milliseconds after the last key until a draft is tried */
const pause = 250;
const lifetimes = [['never', 0], ['hour', 3_600_000], ['day', 86_400_000], ['week', 604_800_000], ['month', 2_592_000_000]] as const;

/** What the form is opened with */
export interface RuleFormStart {
  /** The rule that is edited */
  readonly replaces?: string;
  readonly draft?: RuleDraft;
}

/**
 * A form for one rule: says while it is typed what is wrong with it or what it would have changed. Fires `kept` with the draft when
 * a person keeps it, `left` when they go back.
 */
export class RuleForm extends LitElement {
  static override properties = { draft: { state: true }, verdict: { state: true }, sessions: { attribute: false } };
  declare sessions: readonly string[];
  private declare draft: RuleDraft;
  private declare verdict: { readonly problem: string } | { readonly covers: string; readonly effect: ShownEffect } | undefined;
  panel!: Panel;
  private replaces: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;

  constructor() {
    super();
    this.sessions = [];
    this.draft = { effect: 'allow', source: 'workspace_db', scope: { kind: 'command_prefix', prefix: '' } };
  }

  /** Begins with a rule, or empty; to be called before the form is shown */
  start({ draft, replaces }: RuleFormStart): void {
    if (draft !== undefined) this.draft = draft;
    this.replaces = replaces;
    this.soon();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('[name=effect]')?.focus();
  }

  protected override render(): TemplateResult {
    const { draft, verdict } = this;
    const { scope } = draft;
    const bad = verdict !== undefined && 'problem' in verdict;
    const text = (name: string, value: string, label: string, change: (value: string) => Partial<RuleDraft>, example = ''): TemplateResult => html`
      <vscode-text-field name=${name} size="34" .value=${live(value)} placeholder=${example} aria-describedby="rule-verdict" @input=${(event: Event) => this.change(change((event.target as HTMLInputElement).value))}>${label}</vscode-text-field>`;
    return html`<div class="card" role="group" aria-labelledby="rule-form" @keydown=${this.keys}>
      <h2 id="rule-form">${this.replaces === undefined ? t('New rule') : t('Edit rule')}</h2>
      <div class="row">
        ${choice('effect', t('Effect'), effects.map((effect) => [effect, effectWord(effect)]), draft.effect, (value) => this.change({ effect: value }))}
        ${choice('kind', t('For'), scopeKinds.map((kind) => [kind, kindName(kind)]), scope.kind, (kind) => this.change({ scope: scopeOf(kind, mainText(scope), toolOf(scope)) }))}
        ${text('main', mainText(scope), kindHint(scope.kind), (value) => ({ scope: withMain(scope, value) }), kindExample(scope.kind))}
        ${scope.kind === 'path' || scope.kind === 'domain' || scope.kind === 'mcp_server' ? text('tool', toolOf(scope), t('Only for the tool (may stay empty)'), (value) => ({ scope: withTool(scope, value) })) : nothing}
      </div>
      <div class="row">
        ${choice('source', t('Holds in'), sources.map((source) => [source, sourceName(source)]), draft.source, (source) => this.place(source))}
        ${draft.source === 'session' ? choice('session', t('Session'), this.sessions.map((session) => [session, visible(session)]), draft.session ?? '', (session) => this.change({ session })) : nothing}
        ${choice('lifetime', t('Until'), this.lifetimes(), this.lifetime(), (value) => this.until(value))}
        ${text('reason', draft.reason ?? '', t('Reason (may stay empty)'), (reason) => ({ reason }))}
      </div>
      <div id="rule-verdict" role="status" class=${bad ? 'wrong' : ''}>
        ${verdict === undefined ? nothing : 'problem' in verdict ? verdict.problem : html`<p>${effectWord(draft.effect)}: <code>${verdict.covers}</code></p>${editEffect(verdict.effect)}`}
      </div>
      <div class="row">
        <vscode-button data-action="keep-rule" @click=${this.keep}>${this.replaces === undefined ? t('Add Rule') : t('Save Rule')}</vscode-button>
        <vscode-button data-action="leave-rule" appearance="secondary" @click=${this.leave}>${t('Cancel')}</vscode-button>
      </div>
    </div>`;
  }

  private change(change: Partial<RuleDraft>): void {
    this.draft = { ...this.draft, ...change };
    this.soon();
  }

  private place(source: RuleDraft['source']): void {
    const { session: _, ...rest } = this.draft;
    const [first] = this.sessions;
    this.draft = { ...rest, source, ...(source === 'session' && first !== undefined ? { session: first } : {}) };
    this.soon();
  }

  private lifetimes(): (readonly [string, string])[] {
    const names: Readonly<Record<(typeof lifetimes)[number][0], string>> = { never: t('No end'), hour: t('In an hour'), day: t('In a day'), week: t('In a week'), month: t('In 30 days') };
    const all = lifetimes.map(([name]): readonly [string, string] => [name, names[name]]);
    const { expiresAt } = this.draft;
    return expiresAt === undefined ? all : [...all, ['kept', new Date(expiresAt).toLocaleString()]];
  }

  private lifetime(): string {
    return this.draft.expiresAt === undefined ? 'never' : 'kept';
  }

  private until(name: string): void {
    const { expiresAt, ...rest } = this.draft;
    const span = lifetimes.find(([known]) => known === name)?.[1];
    if (name === 'kept' && expiresAt !== undefined) return;
    this.draft = { ...rest, ...(span === undefined || span === 0 ? {} : { expiresAt: Date.now() + span }) };
    this.soon();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.try(), pause);
  }

  private async try(): Promise<void> {
    const count = ++this.tries;
    if (mainText(this.draft.scope).trim() === '') {
      this.verdict = undefined;
      return;
    }
    let verdict: typeof this.verdict;
    try {
      verdict = await this.panel.request('tryRule', { draft: this.draft, ...(this.replaces === undefined ? {} : { replaces: this.replaces }) });
    } catch (error) {
      verdict = { problem: error instanceof Error ? error.message : String(error) };
    }
    // An answer to what was typed before the last key says nothing
    if (count === this.tries) this.verdict = verdict;
  }

  private readonly keep = (): void => {
    if (mainText(this.draft.scope).trim() === '') {
      this.verdict = { problem: t('Type what the rule is for; an empty text would mean everything.') };
      this.querySelector<HTMLElement>('[name=main]')?.focus();
      return;
    }
    this.dispatchEvent(new CustomEvent('kept', { detail: { draft: this.draft, replaces: this.replaces } }));
  };

  private readonly leave = (): void => {
    this.dispatchEvent(new CustomEvent('left'));
  };

  /** Escape leaves; Enter in a field keeps, since the page may send no form */
  private readonly keys = (event: KeyboardEvent): void => {
    const keeps = event.key === 'Enter' && !event.isComposing && event.target instanceof Element && event.target.matches('vscode-text-field');
    if (!keeps && event.key !== 'Escape') return;
    event.preventDefault();
    if (keeps) this.keep();
    else this.leave();
  };
}

/** A drop-down of names for values */
export function choice<Value extends string>(name: string, label: string, options: readonly (readonly [Value, string])[], value: string, change: (value: Value) => void): TemplateResult {
  return html`<label class="choice">${label}
    <select name=${name} @change=${(event: Event) => change((event.target as HTMLSelectElement).value as Value)}>
      ${options.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}
    </select></label>`;
}

/** The text that a scope is mainly about */
export function mainText(scope: RuleScope): string {
  switch (scope.kind) {
    case 'tool': return scope.toolName;
    case 'domain': return scope.domain;
    case 'path': return scope.path;
    case 'command_prefix': return scope.prefix;
    case 'mcp_server': return scope.serverName;
  }
}

function toolOf(scope: RuleScope): string {
  return scope.kind === 'tool' || scope.kind === 'command_prefix' ? '' : (scope.toolName ?? '');
}

/** A scope of a kind for a text */
export function scopeOf(kind: RuleScope['kind'], text: string, tool = ''): RuleScope {
  const only = tool.trim() === '' ? {} : { toolName: tool };
  switch (kind) {
    case 'tool': return { kind, toolName: text };
    case 'domain': return { kind, domain: text, ...only };
    case 'path': return { kind, path: text, ...only };
    case 'command_prefix': return { kind, prefix: text };
    case 'mcp_server': return { kind, serverName: text, ...only };
  }
}

function withMain(scope: RuleScope, text: string): RuleScope {
  const next = scopeOf(scope.kind, text, toolOf(scope));
  return scope.kind === 'domain' && next.kind === 'domain' && scope.toolPrefix !== undefined ? { ...next, toolPrefix: scope.toolPrefix } : next;
}

function withTool(scope: RuleScope, tool: string): RuleScope {
  return scopeOf(scope.kind, mainText(scope), tool);
}

/** A kind of scope in a word */
export function kindName(kind: RuleScope['kind']): string {
  return { command_prefix: t('Command'), path: t('File or folder'), domain: t('Domain'), tool: t('Tool'), mcp_server: t('MCP server') }[kind];
}

function kindHint(kind: RuleScope['kind']): string {
  return { command_prefix: t('Leading words of the command'), path: t('Path or pattern'), domain: t('Host'), tool: t('Name of the tool'), mcp_server: t('Name of the server') }[kind];
}

function kindExample(kind: RuleScope['kind']): string {
  return { command_prefix: 'npm test', path: 'src/**', domain: '*.example.com', tool: 'web_fetch', mcp_server: 'github' }[kind];
}

/** Where a rule of one’s own holds, as people read it */
export function sourceName(source: RuleDraft['source']): string {
  return { workspace_db: t('This workspace'), profile: t('All my workspaces'), session: t('One session') }[source];
}
