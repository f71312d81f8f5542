import { statSync } from 'node:fs';
import { isAbsolute, normalize, parse } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { capabilities, modes } from '../../../core/decision.ts';
import { modeTable, type ModeRow } from '../../../core/policy/modeTable.ts';
import { tightenedSettings } from '../../../core/policy/tightenedSettings.ts';
import type { Done } from '../../../shared/messages.ts';
import { fixCommands, type FixCommand, type OverviewRequests, type OverviewSlice } from '../../../shared/overview.ts';
import { capabilityEffect, capabilityName } from '../../commands/changePermissions.ts';
import { confirmMode } from '../../commands/switchMode.ts';
import { commands, itemKinds } from '../../contributions.ts';
import type { OpenFolder } from '../../folders.ts';
import { fromFolder } from '../../fromFolder.ts';
import { modeEffect, modeName } from '../../tree/treeNodes.ts';
import { checkList } from '../checkList.ts';
import { today } from '../today.ts';
import type { HandlersOf } from '../handler.ts';

/** Who changed it, in the record */
const by = 'editor';
const longestPath = 4_096;

/** The mode with its table, the coarse switches, and whether all is well */
export async function overviewSlice(folder: OpenFolder): Promise<OverviewSlice> {
  const { settings } = folder.store.state;
  const counting = vscode.workspace.isTrusted ? settings : tightenedSettings(settings);
  return {
    mode: settings.mode,
    counts: counting.mode === settings.mode,
    modes: modes.map((mode) => ({ mode, name: modeName(mode, vscode.l10n), effect: modeEffect(mode, vscode.l10n) })),
    table: (Object.keys(modeTable) as ModeRow[]).map((row) => ({ action: rowNames()[row], decisions: modes.map((mode) => modeTable[row][mode]) })),
    capabilities: capabilities.map((capability) => ({ capability, name: capabilityName(capability), effect: capabilityEffect(capability), on: settings.permissions[capability] })),
    allowedPaths: settings.allowedPaths,
    unrestricted: settings.unrestrictedFileAccess,
    checks: checkList(folder),
    today: await today(folder),
  };
}

export const overviewHandlers: HandlersOf<OverviewRequests> = {
  setMode: {
    params: z.strictObject({ mode: z.enum(modes) }),
    async run({ mode }, { folder }) {
      // Asked by the editor itself, so that no message of the page alone can loosen that far
      if (!(await confirmMode(mode))) return unchanged();
      return folder.gate.changeSettings({ mode }, by);
    },
  },
  setCapability: {
    params: z.strictObject({ capability: z.enum(capabilities), on: z.boolean() }),
    run: ({ capability, on }, { folder }) => folder.gate.changeSettings({ permissions: { ...folder.store.state.settings.permissions, [capability]: on } }, by),
  },
  pickAllowedPath: {
    params: z.strictObject({}),
    async run(_, { folder }) {
      const [chosen] = (await vscode.window.showOpenDialog({
        canSelectFiles: false, canSelectFolders: true, canSelectMany: false,
        title: vscode.l10n.t('Folder that tools may touch'), openLabel: vscode.l10n.t('Allow This Folder'),
      })) ?? [];
      if (chosen === undefined) return unchanged();
      const outcome = await addPath(folder, chosen.fsPath);
      return outcome.ok ? { ...outcome, added: chosen.fsPath } : outcome;
    },
  },
  addAllowedPath: {
    params: z.strictObject({ path: z.string().check(z.maxLength(longestPath)) }),
    run: ({ path }, { folder }) => addPath(folder, path),
  },
  removeAllowedPath: {
    params: z.strictObject({ path: z.string().check(z.maxLength(longestPath)) }),
    run({ path }, { folder }) {
      const { allowedPaths } = folder.store.state.settings;
      return folder.gate.changeSettings({ allowedPaths: allowedPaths.filter((other) => other !== path) }, by);
    },
  },
  setUnrestricted: {
    params: z.strictObject({ on: z.boolean() }),
    async run({ on }, { folder }) {
      if (on && !(await confirmUnrestricted(folder.name))) return unchanged();
      return folder.gate.changeSettings({ unrestrictedFileAccess: on }, by);
    },
  },
  runFix: {
    params: z.strictObject({ command: z.enum(fixCommands) }),
    async run({ command }, { folder }) {
      await vscode.commands.executeCommand(editorCommand(command), { id: '', label: '', kind: itemKinds.group, folder: folder.path });
      return { ok: true };
    },
  },
};

function editorCommand(command: FixCommand): string {
  return command === 'manageTrust' ? 'workbench.trust.manage' : commands[command];
}

/** A person went back; nothing changed and there is nothing to tell */
function unchanged(): Done {
  return { ok: false, reason: '' };
}

async function addPath(folder: OpenFolder, given: string): Promise<Done> {
  const path = normalize(given.trim());
  const { allowedPaths } = folder.store.state.settings;
  if (!isAbsolute(path)) return { ok: false, reason: vscode.l10n.t('Write the whole path of the folder, from the root on.') };
  if (parse(path).root === path) return { ok: false, reason: vscode.l10n.t('That is the whole disk. Turn on unrestricted file access if you mean that.') };
  if (fromFolder(path, folder.path) !== path) return { ok: false, reason: vscode.l10n.t('This folder is in the workspace already.') };
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return { ok: false, reason: vscode.l10n.t('There is no such folder.') };
  if (allowedPaths.includes(path)) return { ok: false, reason: vscode.l10n.t('This folder is in the list already.') };
  return folder.gate.changeSettings({ allowedPaths: [...allowedPaths, path] }, by);
}

async function confirmUnrestricted(name: string): Promise<boolean> {
  const yes = vscode.l10n.t('Turn On');
  const detail = vscode.l10n.t('Tools may then read, change and delete files anywhere you may, as far as mode and rules let them. Protected places stay protected.');
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Turn on unrestricted file access for {0}?', name), { modal: true, detail }, yes)) === yes;
}

function rowNames(): Readonly<Record<ModeRow, string>> {
  return {
    read: vscode.l10n.t('Read in the workspace, or from the network'),
    write: vscode.l10n.t('Write in the workspace'),
    delete: vscode.l10n.t('Delete'),
    known_shell: vscode.l10n.t('Command that only reads or tests'),
    other_shell: vscode.l10n.t('Any other command'),
    unreadable_shell: vscode.l10n.t('Command whose effect cannot be told'),
    export: vscode.l10n.t('Send data out'),
    external: vscode.l10n.t('Outside service or MCP tool'),
    interact: vscode.l10n.t('Browser, clipboard, screen, unknown tool'),
    locate: vscode.l10n.t('Your location'),
  };
}
