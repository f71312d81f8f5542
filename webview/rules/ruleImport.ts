import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { importKinds, type FoundFile, type ImportKind, type ImportPreview, type ImportRow, type ImportSource } from '../../src/shared/importing.ts';
import { effectMark } from '../effectMark.ts';
import type { Panel } from '../sectionView.ts';
import { choice, sourceName } from './ruleForm.ts';

const sources = ['workspace_db', 'profile'] as const satisfies readonly ImportSource[];
/** What a person chooses a file with by hand */
const byHand = '';

/**
 * Rules of a file: what kind, which file, what each entry becomes, which of them come. Fires `left` when a person is through or
 * goes back.
 */
export class RuleImport extends LitElement {
  static override properties = { kind: { state: true }, files: { state: true }, file: { state: true }, source: { state: true }, preview: { state: true }, chosen: { state: true }, problem: { state: true } };
  private declare kind: ImportKind;
  private declare files: readonly FoundFile[];
  private declare file: string;
  private declare source: ImportSource;
  private declare preview: ImportPreview | undefined;
  /** Numbers of the rows that come */
  private declare chosen: ReadonlySet<number>;
  private declare problem: string | undefined;
  panel!: Panel;
  /** Counts what was asked, so that a late answer never overwrites a newer one */
  private asked = 0;

  constructor() {
    super();
    this.kind = 'permissions';
    this.files = [];
    this.file = byHand;
    this.source = 'workspace_db';
    this.chosen = new Set();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('[name=import-kind]')?.focus();
  }

  protected override render(): TemplateResult {
    const { kind, files, file, preview, problem } = this;
    return html`<div class="card" role="group" aria-labelledby="rule-import" @keydown=${this.keys}>
      <h2 id="rule-import">${t('Import rules')}</h2>
      <p>${t('Nothing is added before you have seen what each entry becomes.')}</p>
      <div class="row">
        ${choice('import-kind', t('Rules of'), importKinds.map((one) => [one, kindTitle(one)]), kind, (value) => void this.find(value))}
        ${choice('import-file', t('File'), [...files.map(({ id, name }) => [id, name] as const), [byHand, t('Another file…')]], file, (value) => (this.file = value))}
        ${choice('import-source', t('Holds in'), sources.map((one) => [one, sourceName(one)]), this.source, (value) => void this.place(value))}
        <vscode-button data-action="import-read" appearance=${preview === undefined ? 'primary' : 'secondary'} @click=${() => void this.read()}>${file === byHand ? t('Choose a File…') : t('Show What It Brings')}</vscode-button>
      </div>
      ${problem === undefined ? nothing : html`<p class="wrong" role="alert">${problem}</p>`}
      ${preview === undefined ? nothing : this.shown(preview)}
      <div class="row">
        ${preview === undefined || this.open(preview).length === 0 ? nothing : html`<vscode-button data-action="import-add" ?disabled=${this.chosen.size === 0} @click=${() => void this.add(preview)}>${this.chosen.size === 1 ? t('Add 1 Entry') : t('Add {0} Entries', this.chosen.size)}</vscode-button>`}
        <vscode-button data-action="import-leave" appearance="secondary" @click=${this.leave}>${t('Cancel')}</vscode-button>
      </div>
    </div>`;
  }

  private shown(preview: ImportPreview): TemplateResult {
    const { rows, problems, file } = preview;
    const open = this.open(preview);
    const all = open.length > 0 && open.every((index) => this.chosen.has(index));
    return html`
      <h3 id="import-rows" tabindex="-1">${t('What {0} brings', file)}</h3>
      ${problems.map((problem) => html`<p class="notice warn"><span class="sign" aria-hidden="true">!</span><span>${problem}</span></p>`)}
      <p role="status">${rows.length === 0 ? t('There are no rules in it.') : t('Entries: {0}. Chosen: {1} of the {2} that can come.', rows.length, this.chosen.size, open.length)}</p>
      ${open.length > 1 ? html`<label class="check"><input type="checkbox" name="import-all" .checked=${all} @change=${() => (this.chosen = new Set(all ? [] : open))}> ${t('Choose all')}</label>` : nothing}
      ${rows.length === 0 ? nothing : html`<ul class="plain imports" aria-labelledby="import-rows">${rows.map((row, index) => this.row(row, index))}</ul>`}`;
  }

  private row({ at, text, becomes, state, why }: ImportRow, index: number): TemplateResult {
    const can = state !== 'there' && state !== 'left_out';
    const toggle = ({ target }: Event): void => {
      const next = new Set(this.chosen);
      if ((target as HTMLInputElement).checked) next.add(index);
      else next.delete(index);
      this.chosen = next;
    };
    const written = html`${text === '' ? nothing : html`<code>${text}</code> `}<span class="detail">${at}</span>`;
    return html`<li class="import ${state}" data-state=${state}>
      <label class="check">${can ? html`<input type="checkbox" .checked=${this.chosen.has(index)} @change=${toggle}>` : html`<span class="sign" aria-hidden="true">${state === 'there' ? '=' : '–'}</span>`}<span class="text">${written}</span></label>
      ${becomes.length === 0 ? nothing : html`<ul class="becomes">${becomes.map(({ effect, scope }) => html`<li>${effectMark(effect)} <code>${scope}</code></li>`)}</ul>`}
      ${why === undefined ? nothing : html`<p class="detail">${fitWord(state)}${why}</p>`}
    </li>`;
  }

  /** Numbers of the rows that may come */
  private open({ rows }: ImportPreview): readonly number[] {
    return rows.flatMap(({ state }, index) => (state === 'there' || state === 'left_out' ? [] : [index]));
  }

  private async find(kind: ImportKind): Promise<void> {
    this.kind = kind;
    this.preview = undefined;
    this.files = [];
    this.file = byHand;
    await this.ask(async () => {
      const { files } = await this.panel.request('findImports', { kind });
      return () => {
        this.files = files;
        this.file = files[0]?.id ?? byHand;
      };
    });
  }

  private async read(): Promise<void> {
    const { kind, source, file } = this;
    await this.ask(async () => {
      const { preview } = await this.panel.request('previewImport', { kind, source, ...(file === byHand ? {} : { file }) });
      return () => this.take(preview ?? this.preview);
    });
    await this.updateComplete;
    this.querySelector<HTMLElement>('#import-rows')?.focus();
  }

  private async place(source: ImportSource): Promise<void> {
    this.source = source;
    const { preview } = this;
    if (preview === undefined) return;
    await this.ask(async () => {
      const placed = await this.panel.request('placeImport', { id: preview.id, source });
      return () => this.take(placed);
    });
  }

  private take(preview: ImportPreview | undefined): void {
    this.preview = preview;
    this.chosen = new Set(preview === undefined ? [] : this.open(preview));
  }

  private async add({ id }: ImportPreview): Promise<void> {
    const { source, chosen } = this;
    await this.ask(async () => {
      const outcome = await this.panel.request('importRules', { id, source, rows: [...chosen] });
      if (!outcome.ok) throw new Error(outcome.reason);
      const ids = outcome.added ?? [];
      this.panel.say(ids.length === 1 ? t('1 rule was added.') : t('{0} rules were added.', ids.length), { undo: () => this.panel.change('removeRules', { ids }) });
      return () => this.leave();
    });
  }

  /** Asks the host; what it answers counts only if nothing was asked since */
  private async ask(run: () => Promise<() => void>): Promise<void> {
    const count = ++this.asked;
    this.problem = undefined;
    try {
      const take = await run();
      if (count === this.asked) take();
    } catch (error) {
      if (count === this.asked) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private readonly leave = (): void => {
    this.dispatchEvent(new CustomEvent('left'));
  };

  private readonly keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.leave();
  };
}

function kindTitle(kind: ImportKind): string {
  return { permissions: 'permissions.json', claude: 'Claude Code', codex: 'Codex', gemini: 'Gemini CLI', vscode: 'VS Code', opencode: 'opencode' }[kind];
}

function fitWord(state: ImportRow['state']): string {
  if (state === 'narrower') return `${t('Narrower:')} `;
  if (state === 'wider') return `${t('Wider:')} `;
  return state === 'left_out' ? `${t('Left out:')} ` : '';
}
