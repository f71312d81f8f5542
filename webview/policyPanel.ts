import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { MessageEnd } from '../src/shared/messageEnd.ts';
import type { Done, HostMessage, Snapshot } from '../src/shared/messages.ts';
import { sections, type Section } from '../src/shared/sections.ts';
import { visible } from '../src/shared/visible.ts';
import { editorApi } from './editorApi.ts';
import type { Panel, SectionView } from './sectionView.ts';
import { registerViews, views } from './views.ts';

interface Said {
  readonly text: string;
  readonly bad: boolean;
  readonly undo: (() => Promise<unknown>) | undefined;
}

registerViews();

/** The frame of the panel: navigation, the section on screen, the bar that tells how a change ended */
export class PolicyPanel extends LitElement {
  static override properties = { snapshot: { state: true }, said: { state: true }, news: { state: true }, wanted: { state: true } };
  private declare snapshot: Snapshot | undefined;
  private declare said: Said | undefined;
  /** For screen readers: approvals that came */
  private declare news: string;
  private declare wanted: Section;
  private view: SectionView<Section> | undefined;
  private given: unknown;
  /** A section that a link led to takes the focus once it is there */
  private focusOnArrival = false;
  /** Where a section that comes on screen is scrolled to: its top, or where it was before the page was hidden */
  private arriveAt: number | undefined;
  private readonly end = new MessageEnd((message) => editorApi.postMessage(message as Parameters<typeof editorApi.postMessage>[0]));
  private readonly panel: Panel = {
    request: (method, params, asking) => this.end.request(method, params, asking),
    change: async (method, params, done) => {
      try {
        const outcome: Done = await this.end.request(method, params);
        if (outcome.ok && done !== undefined) this.say(done.said, { ...(done.undo === undefined ? {} : { undo: done.undo }) });
        if (!outcome.ok) {
          if (outcome.reason !== '') this.say(outcome.reason, { bad: true });
          // What a person set stays refused, so the control shows the old state again
          this.view?.requestUpdate();
        }
        return outcome.ok;
      } catch (error) {
        this.say(error instanceof Error ? error.message : String(error), { bad: true });
        this.view?.requestUpdate();
        return false;
      }
    },
    say: (text, options) => this.say(text, options),
    goTo: (section, given) => {
      this.given = given;
      this.focusOnArrival = true;
      this.go(section);
    },
  };

  constructor() {
    super();
    this.news = '';
    // Only a panel that was just opened remembers nothing; one that comes back goes on where it was
    this.wanted = sectionOf(editorApi.getState()?.section) ?? sectionOf(document.body.dataset['section']) ?? 'overview';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Only the host that holds this frame posts here; its messages are of our own types
    window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => this.receive(data));
    window.addEventListener('scrollend', () => editorApi.setState({ ...editorApi.getState(), scrolled: window.scrollY }));
    this.arriveAt = editorApi.getState()?.scrolled ?? 0;
    this.go(this.wanted, editorApi.getState()?.folder);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private receive(message: HostMessage): void {
    switch (message.type) {
      case 'snapshot': return this.take(message.snapshot);
      case 'goTo': return this.panel.goTo(message.section);
      default: return this.end.receive(message);
    }
  }

  private take(snapshot: Snapshot): void {
    // One that was on its way when the person went elsewhere
    if (snapshot.section !== this.wanted) return;
    const before = this.snapshot;
    if (before?.folder === snapshot.folder && snapshot.newestQuestion !== undefined && snapshot.newestQuestion !== before.newestQuestion && snapshot.pendingCount > 0) {
      const more = Math.max(1, snapshot.pendingCount - before.pendingCount);
      const news = more === 1 ? t('A new question waits for your answer.') : t('{0} new questions wait for your answer.', more);
      // The same words again are told again only where something changed
      this.news = this.news === news ? `${news}\u00a0` : news;
    }
    this.snapshot = snapshot;
    if (before?.section !== snapshot.section || this.view === undefined) {
      this.view = this.makeView(snapshot.section);
      this.arriveAt ??= 0;
    }
    this.view.slice = snapshot.slice;
    this.view.frame = snapshot;
  }

  private makeView(section: Section): SectionView<Section> {
    const view = document.createElement(views[section].tag) as SectionView<Section>;
    view.panel = this.panel;
    view.kept = {
      get: () => editorApi.getState()?.views?.[section],
      set: (value) => {
        const state = editorApi.getState() ?? {};
        editorApi.setState({ ...state, views: { ...state.views, [section]: value } });
      },
    };
    view.given = this.given;
    this.given = undefined;
    return view;
  }

  private go(section: Section, folder = this.snapshot?.folder): void {
    this.wanted = section;
    editorApi.setState({ ...editorApi.getState(), section, ...(folder === undefined ? {} : { folder }) });
    editorApi.postMessage({ type: 'show', section, ...(folder === undefined ? {} : { folder }) });
  }

  private say(text: string, { undo, bad = false }: { readonly undo?: () => Promise<unknown>; readonly bad?: boolean } = {}): void {
    this.said = { text: visible(text), bad, undo };
  }

  protected override render(): TemplateResult | typeof nothing {
    const { snapshot } = this;
    if (snapshot === undefined) return nothing;
    return html`
      <header>
        ${snapshot.folders.length > 1 ? this.folderChoice(snapshot) : nothing}
        <div role="tablist" aria-label=${t('Sections')} aria-orientation="vertical" @keydown=${(event: KeyboardEvent) => this.steer(event)}>
          ${sections.map((section) => this.tab(section, snapshot))}
        </div>
      </header>
      <main id="section" role="tabpanel" aria-labelledby="tab-${snapshot.section}">
        <h1 tabindex="-1">${views[snapshot.section].title()}</h1>
        <p class="purpose">${views[snapshot.section].purpose()}</p>
        ${snapshot.problems.map(({ text, closed }) => html`<p class="notice ${closed ? 'bad' : 'warn'}"><span class="sign" aria-hidden="true">${closed ? '✕' : '!'}</span>${text}</p>`)}
        ${snapshot.folder === '' ? html`<p class="empty">${t('Open a folder first; a policy belongs to a folder.')}</p>` : this.view}
      </main>
      <footer>${this.bar()}</footer>
      <div class="unseen" role="status" aria-live="polite">${this.news}</div>
    `;
  }

  protected override updated(): void {
    const { arriveAt, view } = this;
    if (arriveAt !== undefined && view !== undefined) {
      this.arriveAt = undefined;
      // Its height is known once all of it is drawn
      void view.arrived().then(() => window.scrollTo(0, arriveAt));
    }
    if (!this.focusOnArrival || this.snapshot?.section !== this.wanted) return;
    this.focusOnArrival = false;
    this.querySelector('h1')?.focus();
  }

  private tab(section: Section, { pendingCount }: Snapshot): TemplateResult {
    const chosen = section === this.wanted;
    const count = section === 'pending' && pendingCount > 0 ? html` <span class="badge"><span aria-hidden="true">${pendingCount}</span><span class="unseen">${t('{0} wait', pendingCount)}</span></span>` : nothing;
    return html`<button type="button" role="tab" id="tab-${section}" aria-selected=${String(chosen)} aria-controls="section" tabindex=${chosen ? 0 : -1}
      @click=${() => this.go(section)}>${views[section].title()}${count}</button>`;
  }

  /** Arrow keys, Home and End move through the navigation */
  private steer(event: KeyboardEvent): void {
    const at = sections.indexOf(this.wanted);
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: sections.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const section = sections[(next + sections.length) % sections.length];
    if (section === undefined) return;
    this.go(section);
    this.querySelector<HTMLElement>(`#tab-${section}`)?.focus();
  }

  private folderChoice({ folders, folder }: Snapshot): TemplateResult {
    return html`
      <label for="folder">${t('Folder')}</label>
      <vscode-dropdown id="folder" aria-label=${t('Folder')} .value=${folder} @change=${(event: Event) => this.go(this.wanted, (event.target as HTMLInputElement).value)}>
        ${folders.map(({ path, name }) => html`<vscode-option value=${path} ?selected=${path === folder}>${visible(name)}</vscode-option>`)}
      </vscode-dropdown>`;
  }

  private bar(): TemplateResult | typeof nothing {
    const { said } = this;
    if (said === undefined) return html`<div role="status"></div>`;
    const undo = async (): Promise<void> => {
      this.said = undefined;
      await said.undo?.();
      this.querySelector<HTMLElement>('h1')?.focus();
    };
    const close = (): void => {
      this.said = undefined;
      this.querySelector<HTMLElement>('h1')?.focus();
    };
    return html`<div class="bar ${said.bad ? 'bad' : ''}" role=${said.bad ? 'alert' : 'status'}>
      <span class="sign" aria-hidden="true">${said.bad ? '✕' : '✓'}</span><span class="text">${said.text}</span>
      ${said.undo === undefined ? nothing : html`<vscode-button appearance="secondary" @click=${undo}>${t('Undo')}</vscode-button>`}
      <vscode-button appearance="secondary" @click=${close}>${t('Close')}</vscode-button>
    </div>`;
  }
}

function sectionOf(text: string | undefined): Section | undefined {
  return sections.find((section) => section === text);
}
