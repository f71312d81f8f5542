import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { live } from 'lit/directives/live.js';
import type { RuleColumn, RuleDraft, RuleQuery, RuleRow, RulesSlice } from '../../src/shared/rules.ts';
import { effectMark, effectWord } from '../effectMark.ts';
import { SectionView } from '../sectionView.ts';
import { choice, type RuleForm, type RuleFormStart } from './ruleForm.ts';
import type { RuleImport } from './ruleImport.ts';

/** Rows that are drawn at first, and that each "more" adds */
const batch = 100;
/** Rows that can be asked for at once */
const most = 1_000;
const pause = 150;
const sources = ['managed', 'session', 'workspace_db', 'workspace_manifest', 'profile', 'legacy_guardrails'] as const;
const effects = ['allow', 'ask', 'deny'] as const;
const columns: readonly (readonly [RuleColumn, () => string])[] = [
  ['effect', () => t('Effect')], ['scope', () => t('For')], ['source', () => t('From')], ['created', () => t('Since')], ['expires', () => t('Until')], ['hits', () => t('Hits')], ['used', () => t('Last used')],
];
const first: RuleQuery = { search: '', sort: 'source', descending: false, limit: batch };

/** All rules in one table: search, filter, sort; add, edit, remove; what is wrong with each */
export class RulesView extends SectionView<'rules'> {
  static override properties = { ...SectionView.properties, query: { state: true }, rows: { state: true }, found: { state: true }, form: { state: true }, importing: { state: true } };
  private declare query: RuleQuery;
  private declare rows: readonly RuleRow[] | undefined;
  private declare found: number;
  private declare form: RuleForm | undefined;
  private declare importing: RuleImport | undefined;
  private readonly firstFound = Promise.withResolvers<void>();
  private revision: string | undefined;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.query = first;
    this.found = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = this.kept.get();
    if (typeof kept === 'object' && kept !== null) this.query = keptQuery(kept as Readonly<Record<string, unknown>>);
    const draft = (this.given as { readonly draft?: RuleDraft } | undefined)?.draft;
    if (draft !== undefined) this.open({ draft });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  override async arrived(): Promise<void> {
    await this.firstFound.promise;
    await this.updateComplete;
  }

  protected override updated(): void {
    if (this.slice === undefined || this.slice.revision === this.revision) return;
    this.revision = this.slice.revision;
    if (this.form !== undefined) this.form.sessions = this.slice.sessions;
    void this.find();
  }

  protected drawn(slice: RulesSlice): TemplateResult {
    const { rows } = this;
    return html`
      ${this.repository(slice)}
      ${this.policyScript(slice)}
      ${this.form ?? this.importing ?? html`<div class="row">
        <vscode-button data-action="new-rule" @click=${() => this.open({})}>${t('New Rule')}</vscode-button>
        <vscode-button data-action="import-rules" appearance="secondary" @click=${() => this.openImport()}>${t('Import…')}</vscode-button>
        <vscode-button data-action="export-rules" appearance="secondary" @click=${() => void this.export()}>${t('Export…')}</vscode-button>
      </div>`}
      ${this.filters()}
      ${rows === undefined ? nothing : html`
        <p class="found" role="status">${this.found === slice.total ? t('Rules: {0}.', slice.total) : t('Rules: {0} of {1}.', this.found, slice.total)} ${t('Hits are counted over the last {0} entries of the record.', slice.countedOver)}</p>
        ${rows.length > 0 ? this.table(rows) : html`<p class="empty">${slice.total === 0 ? t('No rules yet. The mode decides; a rule is made here or when you answer a question for good.') : t('No rule fits. Change the search or the filters.')}</p>`}
        ${this.found > rows.length && this.query.limit < most ? html`<p><vscode-button appearance="secondary" data-action="more-rules" @click=${() => this.ask({ limit: Math.min(most, this.query.limit + batch) })}>${t('Show more')}</vscode-button></p>` : nothing}`}`;
  }

  private repository({ manifest }: RulesSlice): TemplateResult | typeof nothing {
    if (manifest.rules === 0) return nothing;
    const { state, rules, allows, since } = manifest;
    const start = (command: 'reviewRepositoryRules' | 'compareReviewedRules') => (): void => void this.panel.change('runFix', { command });
    if (state === 'reviewed' || allows === 0) return html`<p class="detail">${allows === 0 ? t('Rules of the repository’s own file: {0}. None allows anything, so there is nothing to review.', rules) : t('Rules of the repository’s own file: {0}; {1} of them allow. You reviewed it as it is.', rules, allows)}</p>`;
    return html`<div class="notice warn"><span class="sign" aria-hidden="true">!</span><span class="text">${t('Rules of the repository’s own file that allow: {0}. They do not count until you review them.', allows)}
      ${since === undefined ? nothing : html`<br>${t('Since your last review: {0} rules came, {1} went.', since.added, since.removed)}`}</span>
      <span class="row"><vscode-button data-action="review" @click=${start('reviewRepositoryRules')}>${t('Review')}</vscode-button>
      ${since === undefined ? nothing : html`<vscode-button appearance="secondary" data-action="compare" @click=${start('compareReviewedRules')}>${t('Show What Changed')}</vscode-button>`}</span></div>`;
  }

  private policyScript({ script }: RulesSlice): TemplateResult | typeof nothing {
    if (script === undefined) return nothing;
    const review = (label: string): TemplateResult => html`<vscode-button data-action="review-script" appearance=${script === 'reviewed' ? 'secondary' : 'primary'} @click=${() => void this.panel.change('runFix', { command: 'reviewPolicyScript' })}>${label}</vscode-button>`;
    if (script === 'reviewed') return html`<div class="row"><p class="detail">${t('You reviewed the policy script as it is; it is asked about every request.')}</p>${review(t('Policy Script…'))}</div>`;
    return html`<div class="notice warn"><span class="sign" aria-hidden="true">!</span><span class="text">${script === 'new' ? t('The repository has a policy script. It can only make the policy stricter, and is not asked until you review it.') : t('The policy script changed or is gone since you reviewed it. Every request asks until you review it or forget the review.')}</span>
      <span class="row">${review(t('Review'))}</span></div>`;
  }

  private filters(): TemplateResult {
    const { query } = this;
    const change = (part: 'effect' | 'source' | 'mark', value: string): void => {
      const { [part]: _, ...rest } = query;
      this.query = keptQuery({ ...rest, ...(value === '' ? {} : { [part]: value }), limit: batch });
      this.soon();
    };
    return html`<search class="row filters">
      <vscode-text-field type="search" name="search" size="30" .value=${live(query.search)} @input=${(event: Event) => this.ask({ search: (event.target as HTMLInputElement).value, limit: batch })}>${t('Search rules')}</vscode-text-field>
      ${choice('filter-effect', t('Effect'), [['', t('All')], ...effects.map((effect) => [effect, effectWord(effect)] as const)], query.effect ?? '', (value) => change('effect', value))}
      ${choice('filter-source', t('From'), [['', t('All')], ...sources.map((source) => [source, sourceWord(source)] as const)], query.source ?? '', (value) => change('source', value))}
      ${choice('filter-mark', t('Show'), [['', t('All')], ['marked', t('With a note')], ['unused', t('Not used lately')]], query.mark ?? '', (value) => change('mark', value))}
    </search>`;
  }

  private table(rows: readonly RuleRow[]): TemplateResult {
    const { sort, descending } = this.query;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('Rules')}><table class="rules">
      <thead><tr>${columns.map(([column, title]) => html`<th scope="col" aria-sort=${sort === column ? (descending ? 'descending' : 'ascending') : 'none'}>
        <button type="button" class="plain-button" data-sort=${column} @click=${() => this.ask({ sort: column, descending: sort === column ? !descending : column === 'hits' || column === 'used' || column === 'created' })}>${title()}<span aria-hidden="true">${sort === column ? (descending ? ' ↓' : ' ↑') : ''}</span></button></th>`)}</tr></thead>
      <tbody>${repeat(rows, ({ id }) => id, (row) => this.row(row))}</tbody>
    </table></div>`;
  }

  private row(row: RuleRow): TemplateResult {
    const { draft } = row;
    return html`<tr data-rule=${row.id}>
      <td>${effectMark(row.effect)}</td>
      <td class="wide"><code>${row.scope}</code>
        ${row.reason === undefined ? nothing : html`<span class="detail">${row.reason}</span>`}
        ${row.marks.map(({ kind, text }) => html`<span class="mark" data-mark=${kind}><span aria-hidden="true">⚠ </span>${text}</span>`)}
        ${draft === undefined ? nothing : this.actions(row, draft)}</td>
      <td>${row.sourceName}${row.session === undefined ? nothing : html`<span class="detail">${row.session}</span>`}</td>
      <td>${row.createdAt === 0 ? '' : day(row.createdAt)}</td>
      <td>${row.expiresAt === undefined ? '' : html`${day(row.expiresAt)}<span class="detail">${new Date(row.expiresAt).toLocaleTimeString(undefined, { timeStyle: 'short' })}</span>`}${row.usesLeft === undefined ? nothing : t('{0} uses left', row.usesLeft)}</td>
      <td class="number">${row.hits}</td>
      <td>${row.lastUsed === undefined ? '' : day(row.lastUsed)}</td>
    </tr>`;
  }

  private actions(row: RuleRow, draft: RuleDraft): TemplateResult {
    return html`<div class="rule-actions">
      <vscode-button appearance="secondary" data-action="edit" aria-label=${t('Edit the rule for {0}', row.scope)} @click=${() => this.open({ draft, replaces: row.id })}>${t('Edit')}</vscode-button>
      <vscode-button appearance="secondary" data-action="without" aria-label=${t('Try without the rule for {0}', row.scope)} @click=${() => this.panel.goTo('tryIt', { remove: [{ id: row.id, text: row.scope }] })}>${t('Try Without')}</vscode-button>
      <vscode-button appearance="secondary" data-action="remove" aria-label=${t('Remove the rule for {0}', row.scope)} @click=${() => void this.takeOut(row.id)}>${t('Remove')}</vscode-button>
    </div>`;
  }

  private open(start: RuleFormStart): void {
    const form = document.createElement('cowork-rule-form') as RuleForm;
    form.panel = this.panel;
    form.sessions = this.slice?.sessions ?? [];
    form.start(start);
    form.addEventListener('left', () => this.shut());
    form.addEventListener('kept', (event) => void this.keep((event as CustomEvent<{ draft: RuleDraft; replaces: string | undefined }>).detail));
    this.form = form;
  }

  private openImport(): void {
    const importing = document.createElement('cowork-rule-import') as RuleImport;
    importing.panel = this.panel;
    importing.addEventListener('left', () => this.shut('import-rules'));
    this.importing = importing;
  }

  /** Closes the form; the button that opened it takes the focus */
  private shut(opener: 'new-rule' | 'import-rules' = 'new-rule'): void {
    this.form = undefined;
    this.importing = undefined;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`[data-action=${opener}]`)?.focus());
  }

  /** Writes the person's own rules among those that are found to a file */
  private async export(): Promise<void> {
    try {
      const outcome = await this.panel.request('exportRules', { query: this.query });
      if (outcome.ok) this.panel.say(t('Rules written to {0}: {1}.', outcome.file ?? '', outcome.count ?? 0));
      else if (outcome.reason !== '') this.panel.say(outcome.reason, { bad: true });
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    }
  }

  private async keep({ draft, replaces }: { readonly draft: RuleDraft; readonly replaces: string | undefined }): Promise<void> {
    try {
      const outcome = await this.panel.request('addRule', { draft, ...(replaces === undefined ? {} : { replaces }) });
      if (!outcome.ok) return this.panel.say(outcome.reason, { bad: true });
      const { id } = outcome;
      const undo = id === undefined ? undefined : (): Promise<unknown> => (replaces === undefined ? this.panel.change('removeRule', { id }) : this.panel.change('restoreRule', { id: replaces, replaces: id }));
      this.panel.say(replaces === undefined ? t('The rule was added.') : t('The rule was changed.'), undo === undefined ? {} : { undo });
      this.shut();
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    }
  }

  private async takeOut(id: string): Promise<void> {
    const at = this.rows?.findIndex((row) => row.id === id) ?? -1;
    if (!(await this.panel.change('removeRule', { id }, { said: t('The rule was removed.'), undo: () => this.panel.change('restoreRule', { id }) }))) return;
    await this.find();
    await this.updateComplete;
    // The next row's button is where a person goes on
    const next = this.rows?.[Math.min(at, this.rows.length - 1)];
    const row = [...this.querySelectorAll<HTMLElement>('tr[data-rule]')].find(({ dataset }) => dataset['rule'] === next?.id);
    (row?.querySelector<HTMLElement>('[data-action=remove]') ?? this.querySelector<HTMLElement>('[data-action=new-rule]'))?.focus();
  }

  private ask(change: Partial<RuleQuery>): void {
    this.query = { ...this.query, ...change };
    this.soon();
  }

  private soon(): void {
    this.kept.set(this.query);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.find(), pause);
  }

  private async find(): Promise<void> {
    const count = ++this.asked;
    try {
      const { rows, found } = await this.panel.request('findRules', this.query);
      if (count !== this.asked) return;
      this.rows = rows;
      this.found = found;
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    } finally {
      this.firstFound.resolve();
    }
  }
}

/** The query as it was kept, as far as it still means something */
function keptQuery(kept: Readonly<Record<string, unknown>>): RuleQuery {
  const one = <Value extends string>(key: string, values: readonly Value[]): Value | undefined => values.find((value) => value === kept[key]);
  const effect = one('effect', effects);
  const source = one('source', sources);
  const mark = one('mark', ['marked', 'unused']);
  const limit = typeof kept['limit'] === 'number' ? Math.min(most, Math.max(batch, Math.floor(kept['limit']))) : batch;
  return {
    ...first,
    limit,
    search: typeof kept['search'] === 'string' ? kept['search'].slice(0, 2_000) : '',
    ...(effect === undefined ? {} : { effect }), ...(source === undefined ? {} : { source }), ...(mark === undefined ? {} : { mark }),
    sort: one('sort', columns.map(([column]) => column)) ?? first.sort,
    descending: kept['descending'] === true,
  };
}

function sourceWord(source: (typeof sources)[number]): string {
  return { managed: t('Administrator'), session: t('Session'), workspace_db: t('Workspace'), workspace_manifest: t('Repository'), profile: t('Profile'), legacy_guardrails: t('Trusted commands') }[source];
}

function day(time: number): string {
  return new Date(time).toLocaleDateString();
}
