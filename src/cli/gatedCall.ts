import { randomUUID } from 'node:crypto';
import type { PolicySettings } from '../core/policy/policy.ts';
import { findTool } from '../core/describe/tools/catalogue.ts';
import type { Actor } from '../core/request.ts';
import { openChosenSandbox } from '../node/sandbox/chosenSandbox.ts';
import { openStore } from '../node/store/openStore.ts';
import { fileSizeLimit } from '../core/policy/fileSizeLimit.ts';
import { gatedTools, inputSchemaOf } from '../node/tools/catalogue.ts';
import { runTool } from '../node/tools/runTool.ts';
import type { ToolResult } from '../node/tools/tool.ts';
import { visible } from '../core/visible.ts';
import { errorText } from '../gate/errorText.ts';
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

/** A gated tool as agents see it, with its input as JSON schema */
export interface ToolSheet {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly readOnly: boolean;
  /** It reaches beyond this machine */
  readonly isOnline: boolean;
}

/** All gated tools as agents see them */
export function toolSheets(): readonly ToolSheet[] {
  return gatedTools.map((tool) => ({
    name: tool.name, description: tool.description, readOnly: tool.readOnly, inputSchema: inputSchemaOf(tool), isOnline: findTool(tool.name)?.needsNetwork === true,
  }));
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
    // Standard output is the protocol's
    failed: (error) => void process.stderr.write(`What came of ${name} could not be noted: ${visible(errorText(error))}\n`),
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
