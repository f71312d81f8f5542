import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { type AuditDetail, type AuditFilter, type AuditRow, type AuditSlice, auditTypes } from '../../src/shared/audit.ts';
import { effectMark, effectWord } from '../effectMark.ts';
import { choice } from '../rules/ruleForm.ts';
import { SectionView } from '../sectionView.ts';
import { shortTime } from '../shortTime.ts';
import { rowWindow, scrollTo } from './rowList.ts';

/** Height of one row in pixels at the usual font size; rows are never taller, so that a million can be counted */
const rowHeight = 26;
const pageSize = 100;
const mostPages = 20;
const pause = 250;

/** The whole record: a list that stays small on screen, filters, one entry in full, verifying and handing out */
export class AuditView extends SectionView<'audit'> {
  static override properties = {
    ...SectionView.properties, filter: { state: true }, found: { state: true }, sight: { state: true }, chosen: { state: true }, detail: { state: true }, work: { state: true }, verdict: { state: true }, pages: { state: true },
  };
  private declare filter: AuditFilter;
  /** What a search found so far; absent where nothing is filtered and rows are had by their number */
  private declare found: { readonly rows: readonly AuditRow[]; readonly next: number | undefined; readonly searching: boolean } | undefined;
  private declare sight: { readonly top: number; readonly seen: number };
  private declare chosen: number;
  private declare detail: (AuditDetail & { readonly sequence: number }) | undefined;
  /** A long piece of work and how far it is */
  private declare work: { readonly text: string; readonly share: number | undefined; readonly stop: () => void } | undefined;
  private declare verdict: { readonly holds: boolean; readonly text: string } | undefined;
  /** Rows by page, page 0 the newest; a new map whenever one comes */
  private declare pages: ReadonlyMap<number, readonly AuditRow[]>;
  private readonly asked = new Set<number>();
  /** Number of the newest row of the list; it stands still while a person looks further down */
  private newest = 0;
  private searching: AbortController | undefined;
  private working: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private details = 0;
  /** How far the list was scrolled before the page was hidden, until it is there again */
  private comeBackTo: number | undefined;

  constructor() {
    super();
    this.filter = {};
    this.sight = { top: 0, seen: 400 };
    this.chosen = 0;
    this.pages = new Map();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = this.kept.get() as { readonly filter?: unknown; readonly top?: unknown } | undefined;
    if (typeof kept?.top === 'number') this.comeBackTo = kept.top;
    if (typeof kept?.filter === 'object' && kept.filter !== null) this.filter = keptFilter(kept.filter as Readonly<Record<string, unknown>>);
    if (!isEmpty(this.filter)) this.soon();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.searching?.abort();
    this.working?.abort();
  }

  protected override willUpdate(): void {
    const newest = this.slice?.newest ?? 0;
    if (newest === this.newest || (this.sight.top > 0 && this.newest > 0)) return;
    this.newest = newest;
    this.pages = new Map();
    this.asked.clear();
    if (!isEmpty(this.filter) && this.found !== undefined && !this.found.searching) this.soon();
  }

  protected override updated(): void {
    this.list()?.style.setProperty('--row', `${rowHeight}px`);
    this.fetchSeen();
  }

  protected drawn(slice: AuditSlice): TemplateResult {
    const rows = this.length();
    return html`
      ${this.tools()}
      ${this.filters()}
      <p role="status" class="found">${this.counted(rows)}${slice.newest > this.newest ? html` <vscode-button appearance="secondary" data-action="newer" @click=${() => this.toTop()}>${t('{0} newer', slice.newest - this.newest)}</vscode-button>` : nothing}</p>
      ${slice.newest === 0 ? html`<p class="empty">${t('Nothing is recorded yet. Every decision, answer and change will stand here.')}</p>` : this.rows(rows)}
      ${this.entry()}`;
  }

  private tools(): TemplateResult {
    const { work, verdict } = this;
    return html`<div class="row">
        <vscode-button appearance="secondary" data-action="verify" ?disabled=${work !== undefined} @click=${() => void this.verify()}>${t('Verify the Record')}</vscode-button>
        <vscode-button appearance="secondary" data-action="export-jsonl" ?disabled=${work !== undefined} @click=${() => void this.export('jsonl')}>${t('Export JSON Lines')}</vscode-button>
        <vscode-button appearance="secondary" data-action="export-csv" ?disabled=${work !== undefined} @click=${() => void this.export('csv')}>${t('Export CSV')}</vscode-button>
      </div>
      ${work === undefined ? nothing : html`<div class="row"><label class="choice grow">${work.text}<progress max="1" .value=${work.share ?? 0} aria-label=${work.text}></progress></label>
        <vscode-button appearance="secondary" data-action="stop" @click=${work.stop}>${t('Stop')}</vscode-button></div>`}
      <p role="status" id="verdict" class="notice ${verdict === undefined ? '' : verdict.holds ? 'pass' : 'bad'}">${verdict === undefined ? nothing : html`<span class="sign" aria-hidden="true">${verdict.holds ? '✓' : '✕'}</span>${verdict.text}`}</p>`;
  }

  private filters(): TemplateResult {
    const { filter } = this;
    const text = (name: 'text' | 'actor' | 'tool', label: string, size: number): TemplateResult => html`
      <vscode-text-field type="search" name=${name} size=${size} .value=${live(filter[name] ?? '')} @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}>${label}</vscode-text-field>`;
    const date = (name: 'from' | 'to', label: string): TemplateResult => html`
      <label class="choice">${label}<input type="date" name=${name} .value=${live(dateText(filter[name], name))} @change=${(event: Event) => this.set(name, dateOf((event.target as HTMLInputElement).value, name))}></label>`;
    return html`<search class="row filters">
      ${text('text', t('Search the record'), 24)}${text('actor', t('Who'), 12)}${text('tool', t('Tool'), 12)}
      ${choice('decision', t('Decision'), [['', t('All')], ['allow', effectWord('allow')], ['ask', t('Asked')], ['deny', effectWord('deny')]], filter.decision ?? '', (value) => this.set('decision', value))}
      ${choice('type', t('Entry'), [['', t('All')], ...auditTypes.map((type) => [type, typeName(type)] as const)], filter.type ?? '', (value) => this.set('type', value))}
      ${date('from', t('From'))}${date('to', t('To'))}
    </search>`;
  }

  private counted(rows: number): string {
    if (this.found === undefined) return t('{0} entries', rows);
    if (this.found.searching) return t('{0} found so far; searching further back…', rows);
    return this.found.next === undefined ? t('{0} found', rows) : t('{0} found so far; scroll down to search further back', rows);
  }

  /** The list: one element in the tab order, rows told to readers by number */
  private rows(rows: number): TemplateResult {
    const seen = rowWindow(rows, rowHeight, this.sight.top, this.sight.seen);
    const shown = Array.from({ length: seen.to - seen.from }, (_, index) => seen.from + index);
    return html`<div class="audit-list" role="listbox" tabindex="0" aria-label=${t('Entries, newest first')} aria-activedescendant="entry-${this.chosen}" @scroll=${this.scrolled} @scrollend=${this.keep} @keydown=${this.steer}>
      <div class="audit-space" role="presentation"></div>
      <div class="audit-rows" role="presentation">${shown.map((index) => this.row(index, rows))}</div>
    </div>${this.place(seen.height, seen.top)}`;
  }

  /** Sizes are set as properties: the page allows no style in its markup */
  private place(height: number, top: number): typeof nothing {
    void this.updateComplete.then(() => {
      this.querySelector<HTMLElement>('.audit-space')?.style.setProperty('height', `${height}px`);
      this.querySelector<HTMLElement>('.audit-rows')?.style.setProperty('transform', `translateY(${top}px)`);
      this.comeBack();
    });
    return nothing;
  }

  private row(index: number, rows: number): TemplateResult {
    const row = this.at(index);
    const chosen = index === this.chosen;
    return html`<div class="audit-row" role="option" id="entry-${index}" aria-selected=${String(chosen)} aria-setsize=${rows} aria-posinset=${index + 1} @click=${() => void this.choose(index)}>
      ${row === undefined ? html`<span class="detail">…</span>` : html`<span class="at">${shortTime(row.at)}</span><span class="what">${row.decision === undefined ? typeName(row.type) : effectMark(row.decision)}${row.asked === true ? html` <span class="detail">${t('asked')}</span>` : nothing}</span><span class="who">${row.actor}</span><span class="text">${row.tool === '' ? nothing : `${row.tool}: `}${row.text}</span>`}
    </div>`;
  }

  private entry(): TemplateResult | typeof nothing {
    const { detail } = this;
    if (detail === undefined) return nothing;
    return html`<section class="card" aria-labelledby="entry">
      <h2 id="entry" tabindex="-1">${t('Entry {0}', detail.sequence)}</h2>
      <dl class="facts small">${detail.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      ${detail.actions.length === 0 ? nothing : html`<h3>${t('What it does')}</h3><ul class="plain">${detail.actions.map(({ decision, what, why }) => html`<li>${effectMark(decision)} <code>${what}</code> <span class="detail">${why}</span></li>`)}</ul>`}
      <h3>${t('As it was recorded')}</h3>
      <pre tabindex="0" role="region" aria-label=${t('As it was recorded')}>${detail.json}</pre>
      <vscode-button appearance="secondary" data-action="close-entry" @click=${() => this.closeEntry()}>${t('Close')}</vscode-button>
    </section>`;
  }

  private length(): number {
    return this.found === undefined ? this.newest : this.found.rows.length;
  }

  private at(index: number): AuditRow | undefined {
    if (this.found !== undefined) return this.found.rows[index];
    return this.pages.get(Math.floor(index / pageSize))?.find(({ sequence }) => sequence === this.newest - index);
  }

  private list(): HTMLElement | null {
    return this.querySelector('.audit-list');
  }

  private readonly keep = (): void => this.kept.set({ filter: this.filter, top: this.sight.top });

  private comeBack(): void {
    const list = this.list();
    const space = this.querySelector<HTMLElement>('.audit-space');
    if (this.comeBackTo === undefined || list === null || space === null || space.offsetHeight < this.comeBackTo) return;
    list.scrollTop = this.comeBackTo;
    this.comeBackTo = undefined;
  }

  private readonly scrolled = (): void => {
    const list = this.list();
    this.comeBackTo = undefined;
    if (list !== null) this.sight = { top: list.scrollTop, seen: list.clientHeight };
  };

  private readonly steer = (event: KeyboardEvent): void => {
    const rows = this.length();
    const page = Math.max(1, Math.floor(this.sight.seen / rowHeight) - 1);
    const to = { ArrowDown: this.chosen + 1, ArrowUp: this.chosen - 1, PageDown: this.chosen + page, PageUp: this.chosen - page, Home: 0, End: rows - 1 }[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      void this.choose(this.chosen, true);
    }
    if (to === undefined || rows === 0) return;
    event.preventDefault();
    this.chosen = Math.min(rows - 1, Math.max(0, to));
    this.show(this.chosen);
  };

  /** Scrolls just as far as a row needs to be in sight */
  private show(index: number): void {
    const list = this.list();
    if (list === null) return;
    const rows = this.length();
    const seen = list.clientHeight;
    const top = scrollTo(index, rows, rowHeight, seen);
    const bottom = scrollTo(Math.max(0, index + 1 - Math.floor(seen / rowHeight)), rows, rowHeight, seen);
    if (list.scrollTop > top) list.scrollTop = top;
    else if (list.scrollTop < bottom) list.scrollTop = bottom;
  }

  private toTop(): void {
    const list = this.list();
    if (list !== null) list.scrollTop = 0;
    this.sight = { ...this.sight, top: 0 };
    this.chosen = 0;
    list?.focus();
  }

  /** Asks for the pages in sight that are not here yet, or for more of a search whose end is in sight */
  private fetchSeen(): void {
    const list = this.list();
    if (list === null) return;
    if (list.clientHeight !== this.sight.seen && list.clientHeight > 0) this.sight = { ...this.sight, seen: list.clientHeight };
    const rows = this.length();
    const { from, to } = rowWindow(rows, rowHeight, this.sight.top, this.sight.seen);
    const { found } = this;
    if (found !== undefined) {
      if (!found.searching && found.next !== undefined && to >= rows) void this.search(found.rows, found.next);
      return;
    }
    if (!isEmpty(this.filter)) return;
    for (let page = Math.floor(from / pageSize); page * pageSize < to; page++) void this.fetchPage(page);
  }

  private async fetchPage(page: number): Promise<void> {
    if (this.asked.has(page) || this.pages.has(page)) return;
    this.asked.add(page);
    const { newest } = this;
    try {
      const { rows } = await this.panel.request('auditPage', { before: newest - page * pageSize + 1, limit: pageSize });
      if (newest !== this.newest) return;
      const pages = [...this.pages, [page, rows] as const];
      this.pages = new Map(pages.slice(-mostPages));
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    } finally {
      this.asked.delete(page);
    }
  }

  private set(name: keyof AuditFilter, value: string | number | undefined): void {
    const { [name]: _, ...rest } = this.filter;
    this.filter = keptFilter({ ...rest, ...(value === '' || value === undefined ? {} : { [name]: value }) });
    this.keep();
    this.soon();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.searching?.abort();
      this.chosen = 0;
      if (isEmpty(this.filter)) this.found = undefined;
      else void this.search([], Number.MAX_SAFE_INTEGER);
    }, pause);
  }

  private async search(before: readonly AuditRow[], next: number): Promise<void> {
    this.searching?.abort();
    const searching = (this.searching = new AbortController());
    this.found = { rows: before, next: undefined, searching: true };
    try {
      const more = await this.panel.request('auditSearch', { filter: this.filter, before: next, limit: pageSize }, { signal: searching.signal });
      if (!searching.signal.aborted) this.found = { rows: [...before, ...more.rows], next: more.next, searching: false };
    } catch (error) {
      if (searching.signal.aborted) return;
      this.found = { rows: before, next: undefined, searching: false };
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    }
  }

  private async choose(index: number, focus = false): Promise<void> {
    this.chosen = index;
    const row = this.at(index);
    if (row === undefined) return;
    const count = ++this.details;
    try {
      const detail = await this.panel.request('auditDetail', { sequence: row.sequence });
      if (count !== this.details) return;
      this.detail = { ...detail, sequence: row.sequence };
      await this.updateComplete;
      if (focus) this.querySelector<HTMLElement>('#entry')?.focus();
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    }
  }

  private closeEntry(): void {
    this.detail = undefined;
    this.list()?.focus();
  }

  private async verify(): Promise<void> {
    this.verdict = undefined;
    await this.long('verify', t('Verifying the record…'), async (asking) => {
      const { holds, text } = await this.panel.request('verifyAudit', {}, asking);
      this.verdict = { holds, text };
    });
  }

  private async export(format: 'jsonl' | 'csv'): Promise<void> {
    await this.long(`export-${format}`, t('Writing the record…'), async (asking) => {
      const outcome = await this.panel.request('exportAudit', { format, filter: this.filter }, asking);
      if (outcome.ok) this.panel.say(t('The record was written to {0}.', outcome.file ?? ''));
      else if (outcome.reason !== '') this.panel.say(outcome.reason, { bad: true });
    });
  }

  /** Does something that takes its time, with progress and a way to stop it; `action` is the button that began it */
  private async long(action: string, text: string, run: (asking: { readonly signal: AbortSignal; readonly progress: (done: number, total: number | undefined) => void }) => Promise<void>): Promise<void> {
    const working = (this.working = new AbortController());
    const stop = (): void => working.abort();
    this.work = { text, share: undefined, stop };
    try {
      await run({ signal: working.signal, progress: (done, total) => (this.work = { text, share: total === undefined || total === 0 ? undefined : done / total, stop }) });
    } catch (error) {
      if (!working.signal.aborted) this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    } finally {
      this.work = undefined;
      await this.updateComplete;
      // The toolkit lets its button be focused again a frame later
      await new Promise((drawn) => requestAnimationFrame(drawn));
      // The button that stopped it is gone, and the one that began it could not be focused meanwhile
      if (document.activeElement === document.body || document.activeElement?.matches(`[data-action=${action}]`) === true) this.querySelector<HTMLElement>(`[data-action=${action}]`)?.focus();
    }
  }
}

function isEmpty(filter: AuditFilter): boolean {
  return Object.keys(filter).length === 0;
}

/** The filter as it was kept, as far as it still means something */
function keptFilter(kept: Readonly<Record<string, unknown>>): AuditFilter {
  const { actor, tool, text, from, to } = kept;
  const type = auditTypes.find((known) => known === kept['type']);
  const decision = (['allow', 'ask', 'deny'] as const).find((known) => known === kept['decision']);
  return {
    ...(type === undefined ? {} : { type }), ...(decision === undefined ? {} : { decision }),
    ...(typeof actor === 'string' && actor !== '' ? { actor } : {}), ...(typeof tool === 'string' && tool !== '' ? { tool } : {}), ...(typeof text === 'string' && text !== '' ? { text } : {}),
    ...(typeof from === 'number' ? { from } : {}), ...(typeof to === 'number' ? { to } : {}),
  };
}

/** Midnight of a day of the calendar here; the end of a span is the midnight after it */
function dateOf(text: string, end: 'from' | 'to'): number | undefined {
  const [year, month, day] = text.split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined || Number.isNaN(day)) return undefined;
  return new Date(year, month - 1, day + (end === 'to' ? 1 : 0)).getTime();
}

function dateText(time: number | undefined, end: 'from' | 'to'): string {
  if (time === undefined) return '';
  const date = new Date(time);
  if (end === 'to') date.setDate(date.getDate() - 1);
  return [String(date.getFullYear()).padStart(4, '0'), String(date.getMonth() + 1).padStart(2, '0'), String(date.getDate()).padStart(2, '0')].join('-');
}

function typeName(type: string): string {
  const names: Readonly<Record<(typeof auditTypes)[number], string>> = {
    decision: t('Decision'), approval_asked: t('Question'), approval_settled: t('Question settled'), late_answer: t('Late answer'), rule_added: t('Rule added'), rule_removed: t('Rule removed'),
    settings_changed: t('Settings changed'), approve_all: t('Approve all'), manifest_reviewed: t('Repository reviewed'), script_reviewed: t('Policy script'), result: t('Result'), budget_granted: t('Budget given'), task_stopped: t('Task stopped'), requests_refused: t('Requests refused'), state_doubted: t('History in doubt'), state_confirmed: t('History confirmed'), problem: t('Problem'),
    channel_message: t('Message'), channel_handled: t('Messages taken in'), channel_user: t('Person on a channel'), channel_code: t('Pairing code'), channel_cursor: t('Place in a channel'),
    channel_offer: t('Question on a channel'), channel_limited: t('Flood on a channel'), channel_removed: t('Channel removed'), channel_status: t('Channel connection'), channel_event: t('Channel'), file_noted: t('File from outside'),
  };
  const known = auditTypes.find((one) => one === type);
  return known === undefined ? type : names[known];
}
