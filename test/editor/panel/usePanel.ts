import type { Entry } from '../../../src/gate/entry.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { openStore } from '../../../src/node/store/openStore.ts';
import type { Section } from '../../../src/shared/sections.ts';
import { PolicyEditor, Workspace, type Start } from '../policyEditor.ts';
import { PanelPage } from './panelPage.ts';

/** Entries that share one write */
const together = 5_000;

/** What a test of the panel starts with */
export interface PanelStart extends Start {
  /** Recorded before the editor opens, oldest first; a function makes entry `n` of as many as `length` says */
  readonly entries?: readonly Entry[] | { readonly length: number; readonly entry: (n: number) => Entry };
  readonly editor?: Parameters<typeof PolicyEditor.open>[1];
  /** Another section than the one of the `describe` */
  readonly section?: Section;
}

export interface OpenedPanel {
  readonly workspace: Workspace;
  readonly editor: PolicyEditor;
  readonly panel: PanelPage;
  /** What the page of the panel did against its own content policy, and errors that it threw, so far */
  readonly violations: readonly string[];
}

/**
 * For a `describe` whose tests each have a workspace, an editor and the panel of their own, closed after the test; a failed one
 * leaves a picture. `ready` is handed what was opened; the function that opens it is returned.
 */
export function usePanel(section: Section, ready: (opened: OpenedPanel) => void): (start?: PanelStart) => Promise<void> {
  let workspace: Workspace | undefined;
  let editor: PolicyEditor | undefined;
  const close = async (): Promise<void> => {
    await editor?.close();
    workspace?.remove();
    editor = undefined;
    workspace = undefined;
  };
  afterEach(async function () {
    await editor?.pictureOf(this.currentTest);
    await close();
  });
  return async ({ entries = [], editor: options, section: other = section, ...start } = {}) => {
    await close();
    workspace = await Workspace.make(start);
    await record(workspace, entries);
    editor = await PolicyEditor.open(workspace, options);
    const violations = watch(editor);
    ready({ workspace, editor, violations, panel: await PanelPage.open(editor, other) });
  };
}

function watch({ page }: PolicyEditor): readonly string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text()) && message.location().url.includes('/dist/webview/')) violations.push(message.text());
  });
  // The workbench has errors of its own while it reloads
  page.on('pageerror', (error) => {
    if (error.stack?.includes('/dist/webview/') === true) violations.push(error.message);
  });
  return violations;
}

/** Waits until a setting has arrived in `policy.db` as it should */
export async function stored(editor: PolicyEditor, key: string, holds: (value: unknown) => boolean): Promise<void> {
  await editor.until(`policy.db has ${key}`, async () => {
    const [row] = await editor.workspace.query(`SELECT value_json FROM settings WHERE key = '${key}'`);
    return row !== undefined && holds(JSON.parse(String(row['value_json'])));
  });
}

/** Waits until the workspace’s rules in `policy.db` and in the mirror are these, in any order, each as effect, kind and texts of its scope */
export async function storedRules(editor: PolicyEditor, wanted: readonly string[]): Promise<void> {
  const { workspace } = editor;
  const sorted = (texts: readonly string[]): string => texts.toSorted((a, b) => a.localeCompare(b)).join();
  const rows = 'SELECT effect, scope_kind, scope_tool_name, scope_tool_prefix, scope_path, scope_prefix, scope_domain, scope_server_name FROM workspace_permission_rules';
  await editor.until(`the mirror has ${sorted(wanted)}`, () => sorted(workspace.mirror().map(({ effect, scope }) => [effect, ...Object.values(scope)].join(' '))) === sorted(wanted));
  await editor.until(`policy.db has ${sorted(wanted)}`, async () => sorted((await workspace.query(rows)).map((row) => Object.values(row).filter((value) => value !== null).map(String).join(' '))) === sorted(wanted));
}

/** Writes entries into a workspace’s record, as a window before would have */
export async function record(workspace: Pick<Workspace, 'folder' | 'userFolder'>, entries: NonNullable<PanelStart['entries']>): Promise<void> {
  if (entries.length === 0) return;
  const entry = 'entry' in entries ? entries.entry : (n: number): Entry | undefined => entries[n];
  const store = await openStore({ folder: workspace.folder, userFolder: workspace.userFolder, clock: systemClock() });
  for (let from = 0; from < entries.length; from += together) {
    await store.commit(Array.from({ length: Math.min(together, entries.length - from) }, (_, index) => entry(from + index)).filter((one) => one !== undefined));
  }
  await store.close();
}

/** A recorded read of `file-<number>.txt` that the mode allowed, with changes */
export function decision(number: number, change: Partial<Extract<Entry, { type: 'decision' }>> = {}): Entry {
  const reason = { type: 'mode', summary: 'reads are allowed' } as const;
  return {
    type: 'decision', request: { tool: 'read_file', input: { path: `file-${number}.txt` }, actor: { kind: 'agent', name: 'Gardener' } }, session: 's', decision: 'allow', evaluated: 'allow', reason,
    actions: [{ kind: 'read', target: `/file-${number}.txt`, decision: 'allow', reason }], settledBy: 'policy', fingerprint: 'f', ...change,
  };
}

/** Rule `number` of a person’s own, recorded as added, with changes */
export function ruleAdded(number: number, change: Partial<Extract<Entry, { type: 'rule_added' }>['rule']> = {}): Entry {
  return { type: 'rule_added', by: 'test', rule: { id: `rule-${number}`, source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: `make ${number}` }, createdAt: 1_700_000_000_000, ...change } };
}
