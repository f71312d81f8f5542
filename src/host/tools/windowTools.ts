import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { PolicySettings } from '../../core/policy/policy.ts';
import type { Actor } from '../../core/request.ts';
import type { Gate } from '../../gate/gate.ts';
import { openChosenSandbox } from '../../node/sandbox/chosenSandbox.ts';
import type { Opened } from '../../node/sandbox/openSandbox.ts';
import type { OutputStream } from '../../node/sandbox/sandbox.ts';
import { fileSizeLimit } from '../../core/policy/fileSizeLimit.ts';
import { runTool } from '../../node/tools/runTool.ts';
import type { ToolContext, ToolGate, ToolResult } from '../../node/tools/tool.ts';
import { inHoldingWindow } from '../folderDoor.ts';
import { type OpenFolder, isHeldElsewhere } from '../folders.ts';
import { CommandTerminal } from './commandTerminal.ts';
import { editorTrash } from './editorTrash.ts';
import { hostEditors } from './hostEditors.ts';
import { withNotice } from './runningNotice.ts';

/** How one call is made */
export interface CallOptions {
  readonly actor?: Actor;
  /** Folder that relative paths start from, absolute */
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stream: OutputStream, text: string) => void;
}

/** The gated tools as they act in this window: through its editors, with its trash, and with commands that can be watched */
export class WindowTools implements vscode.Disposable {
  private readonly failed: (error: unknown) => void;
  private readonly terminals = new Map<string, CommandTerminal>();
  private readonly sandboxes = new Map<string, { readonly settings: PolicySettings; readonly opened: Promise<Opened> }>();
  /** Folder whose commands ran last */
  private last: string | undefined;

  constructor(failed: (error: unknown) => void) {
    this.failed = failed;
  }

  /** Runs a tool in a folder: asks its gate, and acts only on an allow. Never rejects */
  run(folder: OpenFolder, name: string, input: unknown, options: CallOptions = {}): Promise<ToolResult> {
    return name === 'run_command' ? this.runCommand(folder, input, options) : runTool(name, input, this.contextOf(folder, options));
  }

  /** Brings the terminal to the front in which the last commands ran; false where none ran */
  watch(): boolean {
    const terminal = this.last === undefined ? undefined : this.terminals.get(this.last);
    terminal?.show();
    return terminal !== undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.terminals.values()).dispose();
  }

  private async runCommand(folder: OpenFolder, input: unknown, options: CallOptions): Promise<ToolResult> {
    const stop = new AbortController();
    const terminal = this.terminalOf(folder);
    let start: (command: string) => void = () => undefined;
    const started = new Promise<string>((resolve) => {
      start = resolve;
    });
    const running = runTool('run_command', input, {
      ...this.contextOf(folder, options),
      signal: options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]),
      onStart: ({ command }) => {
        this.last = folder.path;
        terminal.start(String(command));
        start(String(command));
      },
      onOutput: (stream, text) => {
        terminal.output(text);
        options.onOutput?.(stream, text);
      },
    });
    // A command that was not allowed never starts
    const command = await Promise.race([started, running.then(() => undefined)]);
    if (command === undefined) return running;
    const result = await withNotice(command, () => stop.abort(), running);
    // What worked once may have gone; the next command looks again
    if (!result.ok && result.code === 'no_sandbox') this.sandboxes.delete(folder.path);
    terminal.end(result.ok ? (result.text.split('\n')[0] ?? '') : result.message);
    return result;
  }

  private contextOf(folder: OpenFolder, { actor, cwd, signal, onOutput }: CallOptions): ToolContext {
    const { surroundings } = folder;
    const { platform } = surroundings;
    return {
      gate: gateOf(folder), surroundings, ids: randomUUID, failed: this.failed, editors: hostEditors(platform),
      ...(platform === 'linux' ? {} : { trash: editorTrash }),
      sandbox: () => this.sandboxOf(folder),
      largestFile: () => fileSizeLimit(countingSettings(folder).limits),
      ...(actor === undefined ? {} : { actor }), ...(cwd === undefined ? {} : { cwd }), ...(signal === undefined ? {} : { signal }), ...(onOutput === undefined ? {} : { onOutput }),
    };
  }

  /** The sandbox that the settings choose; looked for once, and again after a change or where none worked */
  private async sandboxOf(folder: OpenFolder): Promise<Opened> {
    const { path, surroundings } = folder;
    const settings = countingSettings(folder);
    const known = this.sandboxes.get(path);
    if (known?.settings === settings) return known.opened;
    const { home, userFolder = '' } = surroundings;
    const opened = openChosenSandbox(settings, { workspace: path, home, userFolder });
    this.sandboxes.set(path, { settings, opened });
    if (!(await opened).ok) this.sandboxes.delete(path);
    return opened;
  }

  private terminalOf({ path, name }: OpenFolder): CommandTerminal {
    const known = this.terminals.get(path);
    if (known !== undefined) return known;
    const terminal = new CommandTerminal(vscode.l10n.t('CoWork: {0}', name));
    this.terminals.set(path, terminal);
    return terminal;
  }
}

/** The settings that count: while the workspace is not trusted, those that only tighten, as the gate decides by them */
function countingSettings({ store, gate }: OpenFolder): PolicySettings {
  return vscode.workspace.isTrusted ? store.state.settings : gate.policy().settings;
}

/** The gate that decides for the folder: another window's, where that one records for it */
function gateOf(folder: OpenFolder): ToolGate {
  const { gate, path } = folder;
  const there = async <Value>(use: (remote: Pick<Gate, 'check' | 'report'> & ToolGate) => Promise<Value>, here: () => Value | Promise<Value>): Promise<Value> =>
    (isHeldElsewhere(folder) ? await inHoldingWindow(path, use) : undefined) ?? here();
  return {
    check: (request, options) => there((remote) => remote.check(request, options), () => gate.check(request, options)),
    evaluate: (request) => there(async (remote) => remote.evaluate(request), () => gate.evaluate(request)),
    report: (result) => there((remote) => remote.report(result), () => gate.report(result)),
    noteFile: (file, by) => there((remote) => remote.noteFile(file, by), () => gate.noteFile(file, by)),
  };
}
