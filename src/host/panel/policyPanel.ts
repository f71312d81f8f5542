import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { MessageEnd } from '../../shared/messageEnd.ts';
import type { HostMessage, PanelMessage, Snapshot } from '../../shared/messages.ts';
import { sections, type Section } from '../../shared/sections.ts';
import { commands, type CommandId } from '../contributions.ts';
import type { Faces } from '../faces.ts';
import { readAhead } from '../folderRecord.ts';
import { isOpen, type Folder } from '../folders.ts';
import { handle } from './handlers.ts';
import { pageFolder, panelHtml } from './panelHtml.ts';
import { readMessage } from './readMessage.ts';
import { slices } from './slices.ts';

/** Type of the panel for the editor, which keeps it over a reload of the window */
export const panelType = 'coworkPolicy.panel';

/** Changes that come together are shown together, milliseconds */
const settling = 50;

const sectionArgument = z.enum(sections);
/** What of the page's own memory is looked at here */
const keptSchema = z.object({ section: sectionArgument, folder: z.optional(z.string()) });

/** The command that opens each section */
const openers: Readonly<Record<Section, CommandId>> = {
  overview: commands.openOverview, pending: commands.openPending, rules: commands.openRules, tryIt: commands.openTryIt, guardrails: commands.openGuardrails,
  audit: commands.openAudit, agents: commands.openAgents, channels: commands.openChannels, limits: commands.openLimits,
};

/** The policy panel: at most one in the window */
export class PolicyPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly faces: Faces;
  private readonly extension: vscode.Uri;
  private readonly failed: (error: unknown) => void;
  private readonly registrations: vscode.Disposable;
  private open: OpenPanel | undefined;

  constructor(faces: Faces, extension: vscode.Uri, failed: (error: unknown) => void) {
    this.faces = faces;
    this.extension = extension;
    this.failed = failed;
    this.registrations = vscode.Disposable.from(
      readAhead(faces.folders, failed),
      vscode.window.registerWebviewPanelSerializer(panelType, this),
      // The palette and other extensions may hand in anything
      vscode.commands.registerCommand(commands.openPanel, (argument: unknown) => this.show(sectionArgument.safeParse(argument).data)),
      ...sections.map((section) => vscode.commands.registerCommand(openers[section], () => this.show(section))),
      // A link such as vscode://cowork.cowork-policy/rules; one to anything else opens the panel where it is
      vscode.window.registerUriHandler({ handleUri: ({ path }) => this.show(sectionArgument.safeParse(path.slice(1)).data) }),
    );
  }

  /** Opens the panel, or brings it to the front, at a section where one is given */
  show(section?: Section): void {
    if (this.open !== undefined) return this.open.reveal(section);
    const panel = vscode.window.createWebviewPanel(panelType, vscode.l10n.t('CoWork Policy'), vscode.ViewColumn.Active, { enableFindWidget: true });
    this.follow(panel, section);
  }

  /** The editor brings back the panel of the window before; the page itself knows where it was */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    if (this.open === undefined) this.follow(panel, undefined, keptSchema.safeParse(kept).data);
    else panel.dispose();
  }

  dispose(): void {
    this.registrations.dispose();
    this.open?.dispose();
  }

  private follow(panel: vscode.WebviewPanel, section: Section | undefined, kept?: z.infer<typeof keptSchema>): void {
    panel.iconPath = new vscode.ThemeIcon('shield');
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.extension, pageFolder)] };
    const opened = new OpenPanel(panel, this.faces, this.failed);
    panel.onDidDispose(() => {
      opened.dispose();
      if (this.open === opened) this.open = undefined;
    });
    panel.webview.html = panelHtml(panel.webview, this.extension, section);
    opened.show(section ?? kept?.section ?? sections[0], kept?.folder);
    this.open = opened;
  }
}

/** One panel on screen: sends a whole snapshot whenever something changed, answers what the page asks */
class OpenPanel implements vscode.Disposable {
  private readonly panel: vscode.WebviewPanel;
  private readonly faces: Faces;
  private readonly failed: (error: unknown) => void;
  private readonly end: MessageEnd;
  private readonly subscriptions: vscode.Disposable;
  private shown: { readonly section: Section; readonly folder?: string } | undefined;
  /** Where a command or link wants the page to be, until the page says that it is there */
  private goingTo: Section | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawing: Promise<void> = Promise.resolve();

  constructor(panel: vscode.WebviewPanel, faces: Faces, failed: (error: unknown) => void) {
    this.panel = panel;
    this.faces = faces;
    this.failed = failed;
    this.end = new MessageEnd((message) => this.post(message as HostMessage), async (method, params, asking) => {
      const folder = this.folder();
      if (folder === undefined || !isOpen(folder)) throw new Error(vscode.l10n.t('The policy of this folder is not open. Open the folder again.'));
      return handle(method, params, { folder, ...asking });
    });
    const soon = (): void => this.soon();
    this.subscriptions = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      panel.onDidChangeViewState(() => panel.visible && soon()),
      faces.folders.onDidChange(soon),
      vscode.workspace.onDidGrantWorkspaceTrust(soon),
    );
  }

  reveal(section: Section | undefined): void {
    this.panel.reveal();
    if (section === undefined) return;
    this.goingTo = section;
    this.post({ type: 'goTo', section });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.end.dispose();
    this.subscriptions.dispose();
    this.panel.dispose();
  }

  private receive(value: unknown): void {
    const read = readMessage(value);
    if ('refused' in read) {
      this.failed(new Error('The panel sent a message that is none of its messages.'));
      if (read.refused !== undefined) this.post({ type: 'failed', id: read.refused, reason: vscode.l10n.t('The panel sent something that cannot be read. Reload the window; nothing was changed.') });
      return;
    }
    const message: PanelMessage = read.message;
    if (message.type !== 'show') return this.end.receive(message);
    const { goingTo } = this;
    this.goingTo = undefined;
    // A page that was still hidden did not hear where to go, and comes up where it was
    if (goingTo !== undefined && goingTo !== message.section) this.post({ type: 'goTo', section: goingTo });
    else this.show(message.section, message.folder);
  }

  /** Sends what a section shows. Right after the page was made this spares it to ask: the editor keeps the message until it is up */
  show(section: Section, folder: string | undefined): void {
    this.shown = { section, ...(folder === undefined ? {} : { folder }) };
    this.draw();
  }

  private post(message: HostMessage): void {
    // A hidden page loses messages; it asks anew when it is back
    void this.panel.webview.postMessage(message);
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.draw();
    }, settling);
  }

  /** One drawing at a time, so that an older one never overwrites a newer one */
  private draw(): void {
    this.drawing = this.drawing.then(async () => {
      if (this.shown === undefined || !this.panel.visible) return;
      this.post({ type: 'snapshot', snapshot: await this.snapshot(this.shown.section) });
    }).catch(this.failed);
  }

  private folder(): Folder | undefined {
    const { all } = this.faces.folders;
    return all.find(({ path }) => path === this.shown?.folder) ?? all[0];
  }

  private async snapshot(section: Section): Promise<Snapshot> {
    const folder = this.folder();
    const slice = folder !== undefined && isOpen(folder) ? { slice: await slices[section](folder) } : {};
    // The table pairs each section with its own slice, which the compiler cannot follow through an index
    return { ...this.frame(folder), section, ...slice } as Snapshot;
  }

  private frame(folder: Folder | undefined): Omit<Snapshot, 'section' | 'slice'> {
    const pending = folder !== undefined && isOpen(folder) ? folder.gate.pending : [];
    const newest = pending.at(-1)?.id;
    return {
      folder: folder?.path ?? '',
      folders: this.faces.folders.all.map(({ path, name }) => ({ path, name })),
      trusted: vscode.workspace.isTrusted,
      pendingCount: pending.length,
      ...(newest === undefined ? {} : { newestQuestion: newest }),
      problems: folder === undefined ? [] : problemsOf(folder),
    };
  }
}

function problemsOf(folder: Folder): Snapshot['problems'] {
  if (!isOpen(folder)) return [{ text: folder.problem.message, closed: true }];
  const { closedBecause, problems } = folder.store.state;
  const open = problems.filter(({ code }) => code !== closedBecause?.code).map(({ message }) => ({ text: message, closed: false }));
  return closedBecause === undefined ? open : [{ text: closedBecause.message, closed: true }, ...open];
}

