import { randomUUID } from 'node:crypto';
import type { PolicySettings } from '../core/policy/policy.ts';
import type { Actor } from '../core/request.ts';
import { openChosenSandbox } from '../node/sandbox/chosenSandbox.ts';
import { openStore } from '../node/store/openStore.ts';
import { fileSizeLimit } from '../node/tools/fileSizeLimit.ts';
import { runTool } from '../node/tools/runTool.ts';
import type { ToolResult } from '../node/tools/tool.ts';
import { clock } from './clock.ts';
import { findWorkspace } from './hookWorkspace.ts';
import { surroundingsOf } from './place.ts';
import { placeGate } from './placeGate.ts';
import { noPolicy } from './ruling.ts';

/** Who calls a gated tool, and from where */
export interface GatedCall {
  readonly userFolder: string;
  /** Absolute; the workspace around it is the one whose policy answers */
  readonly folder: string;
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

/** Runs one gated tool outside of an editor: asks whoever holds the workspace, and acts here. Never rejects for what the tool does */
export async function runGated(name: string, input: unknown, { userFolder, folder, actor, signal }: GatedCall): Promise<ToolResult> {
  const found = await findWorkspace(userFolder, [folder]);
  found?.editor?.close();
  if (found === undefined) return { ok: false, id: randomUUID(), code: 'denied', message: `Denied: ${noPolicy}` };
  const surroundings = { ...surroundingsOf(found.folder), userFolder };
  const settings = await settingsOf(found.folder, userFolder);
  return runTool(name, input, {
    gate: placeGate(userFolder, found.folder), surroundings, ids: randomUUID, actor, signal, cwd: folder,
    sandbox: () => openChosenSandbox(settings, { workspace: found.folder, home: surroundings.home, userFolder }),
    largestFile: () => fileSizeLimit(settings.limits),
  });
}

/** The settings as they stand on disk, whoever holds them */
async function settingsOf(folder: string, userFolder: string): Promise<PolicySettings> {
  const store = await openStore({ folder, userFolder, clock, readOnly: true, watch: false });
  try {
    return store.state.settings;
  } finally {
    await store.close();
  }
}
