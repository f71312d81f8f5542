import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Verdict } from '../gate/ports.ts';
import { denyAll } from '../gate/settled.ts';
import { ImportError, importFile, importFolder } from '../node/importFile.ts';
import type { CoworkPolicyApi, DecisionEvent, ImportedFile, PolicyEvent, ToolOutcome } from './api.ts';
import type { ChannelListeners } from './channels/channelListeners.ts';
import { inHoldingWindow } from './folderDoor.ts';
import type { folderOf } from './folderOf.ts';
import { isHeldElsewhere, isOpen, type Folder, type Folders } from './folders.ts';
import { note } from './importing.ts';
import type { RegisteredTools } from './registeredTools.ts';
import type { CallOptions, WindowTools } from './tools/windowTools.ts';

/** Requests whose folder is remembered for `report`, newest last */
const mostAsked = 1_000;

/** What the door needs besides the folders */
export interface ApiParts {
  readonly tools: RegisteredTools;
  readonly listeners: ChannelListeners;
  readonly windowTools: WindowTools;
  readonly onDidDecide: vscode.Event<DecisionEvent>;
  readonly onDidChangePolicy: vscode.Event<PolicyEvent>;
}

/** The door that other extensions come through: finds the folder's gate, which reads and decides whatever comes in */
export function createApi(folders: Folders, parts: ApiParts): CoworkPolicyApi {
  const asked = new Map<string, Folder>();

  async function runTool<Value>(name: unknown, input: unknown, given: unknown): Promise<ToolOutcome<Value>> {
    const options = readOptions(given);
    const folder = await folders.answering(placeOf({ input, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) }));
    if (folder === undefined) return deniedOutcome(noFolder());
    if (!isOpen(folder)) return deniedOutcome(vscode.l10n.t('Denied: {0}', folder.problem.message));
    // The shape of the value is the tool's own (GatedTools)
    return (await parts.windowTools.run(folder, String(name), input, options)) as ToolOutcome<Value>;
  }

  /** Asks as for a copy into the folder for imports: what may not be read is not brought in */
  async function importGated(source: string, { actor, cwd, signal }: CallOptions): Promise<ToolOutcome<ImportedFile>> {
    const folder = await folders.answering(cwd === undefined ? {} : { cwd });
    if (folder === undefined) return deniedOutcome(noFolder());
    if (!isOpen(folder)) return deniedOutcome(vscode.l10n.t('Denied: {0}', folder.problem.message));
    const id = randomUUID();
    const from = path.resolve(cwd ?? folder.path, source);
    const destination = path.join(folder.path, importFolder, path.basename(from));
    const verdict = await folder.gate.check({ id, tool: 'copy_file', input: { source: from, destination }, cwd: folder.path, ...(actor === undefined ? {} : { actor }) }, signal === undefined ? {} : { signal });
    if (verdict.decision !== 'allow') return { ok: false, id, code: 'denied', message: verdict.message };
    if (verdict.edited !== undefined) return { ok: false, id, code: 'denied', message: vscode.l10n.t('It was allowed only with changes; import the changed file instead.') };
    try {
      // The file that was decided about: a link may lead elsewhere by now
      const read = verdict.evaluation.actions.find(({ action }) => action.kind === 'read')?.action;
      const real = realpathSync.native(from);
      if (read?.kind !== 'read' || real !== read.path) throw new ImportError(vscode.l10n.t('It changed while it was decided about; ask again.'));
      const file = importFile(real, folder.path, 'user_imported_external');
      await note(folder, file, actor?.name ?? 'extension');
      return { ok: true, id, value: { path: file.path, size: file.size }, text: file.path };
    } catch (error) {
      return { ok: false, id, code: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    version: 1,
    async check(request, options) {
      const given: unknown = request;
      const folder = await folders.answering(placeOf(given));
      if (folder === undefined) return deniedVerdict(given, noFolder());
      if (!isOpen(folder)) return deniedVerdict(given, vscode.l10n.t('Denied: {0}', folder.problem.message));
      const id = idOf(given);
      if (id !== undefined) {
        const [oldest] = asked.keys();
        if (asked.size >= mostAsked && oldest !== undefined) asked.delete(oldest);
        asked.set(String(id), folder);
      }
      const signal = options?.signal instanceof AbortSignal ? options.signal : undefined;
      const elsewhere = isHeldElsewhere(folder) ? await askElsewhere(folder.path, given, signal) : undefined;
      return elsewhere ?? folder.gate.check(given, signal === undefined ? {} : { signal });
    },
    async report(result) {
      const given: unknown = result;
      const id = isRecord(given) ? given['requestId'] : undefined;
      const folder = asked.get(String(id)) ?? folders.all[0];
      if (folder === undefined || !isOpen(folder)) throw new Error(vscode.l10n.t('There is no record to note this in: no folder is open.'));
      const elsewhere = isHeldElsewhere(folder) ? await inHoldingWindow(folder.path, (gate) => gate.report(given)) : undefined;
      const outcome = elsewhere ?? (await folder.gate.report(given));
      if (!outcome.ok) throw new Error(outcome.reason);
    },
    runTool: (name, input, options) => runTool(name, input, options),
    runCommand(command, options) {
      const timeoutSeconds = isRecord(options) ? options['timeoutSeconds'] : undefined;
      return runTool('run_command', { command, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) }, options);
    },
    importFile(source, options) {
      const given: unknown = source;
      return typeof given === 'string' ? importGated(given, readOptions(options)) : Promise.resolve(deniedOutcome(vscode.l10n.t('Denied: a file to import is named by its path.')));
    },
    registerTool: (description) => parts.tools.register(description),
    onChannelMessage: (listener) => parts.listeners.listen(listener),
    onDidDecide: parts.onDidDecide,
    onDidChangePolicy: parts.onDidChangePolicy,
  };
}

/** The API of an extension that could not start: everything is denied, with the reason */
export function denyingApi(reason: string): CoworkPolicyApi {
  const never: vscode.Event<never> = () => new vscode.Disposable(() => undefined);
  return {
    version: 1,
    check: (request) => Promise.resolve(deniedVerdict(request, vscode.l10n.t('Denied: CoWork Policy could not start. {0}', reason))),
    report: () => Promise.reject(new Error(reason)),
    runTool: () => Promise.resolve(deniedOutcome(vscode.l10n.t('Denied: CoWork Policy could not start. {0}', reason))),
    runCommand: () => Promise.resolve(deniedOutcome(vscode.l10n.t('Denied: CoWork Policy could not start. {0}', reason))),
    importFile: () => Promise.resolve(deniedOutcome(vscode.l10n.t('Denied: CoWork Policy could not start. {0}', reason))),
    registerTool: () => new vscode.Disposable(() => undefined),
    onChannelMessage: () => new vscode.Disposable(() => undefined),
    onDidDecide: never,
    onDidChangePolicy: never,
  };
}

/** A folder that another window records for is decided there; nothing where that window does not answer */
async function askElsewhere(path: string, request: unknown, signal: AbortSignal | undefined): Promise<Verdict | undefined> {
  try {
    return await inHoldingWindow(path, (gate) => gate.check(request, signal === undefined ? {} : { signal }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return deniedVerdict(request, vscode.l10n.t('Denied: the window that keeps the policy of this folder did not answer. {0}', why));
  }
}

function deniedVerdict(request: unknown, message: string): Verdict {
  return { id: idOf(request), decision: 'deny', message, evaluation: denyAll(message), settledBy: 'failure' };
}

function noFolder(): string {
  return vscode.l10n.t('Denied: no folder is open, so there is no policy to decide by. Open a folder, then ask again.');
}

function deniedOutcome(message: string): ToolOutcome<never> {
  return { ok: false, id: '', code: 'denied', message };
}

/** Only what has the right type; the gate reads the actor itself and denies one that is none */
function readOptions(given: unknown): CallOptions {
  if (!isRecord(given)) return {};
  const { actor, cwd, signal, onOutput } = given;
  return {
    ...(actor === undefined ? {} : { actor: actor as NonNullable<CallOptions['actor']> }),
    ...(typeof cwd === 'string' ? { cwd } : {}),
    ...(signal instanceof AbortSignal ? { signal } : {}),
    ...(typeof onOutput === 'function' ? { onOutput: onOutput as NonNullable<CallOptions['onOutput']> } : {}),
  };
}

function idOf(request: unknown): string | number | undefined {
  const id = isRecord(request) ? request['id'] : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

/** Only what tells the folder, and only where it has the right type */
function placeOf(request: unknown): Parameters<typeof folderOf>[0] {
  if (!isRecord(request)) return {};
  const { cwd, input } = request;
  return { ...(typeof cwd === 'string' ? { cwd } : {}), ...(isRecord(input) ? { input } : {}) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
