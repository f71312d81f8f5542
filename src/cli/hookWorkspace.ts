import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type EndpointClient, connectEndpoint } from '../node/endpoint/client.ts';
import { readDiscovery } from '../node/endpoint/discovery.ts';
import { workspaceRecord } from '../node/store/anchor.ts';

/** The workspace whose policy answers a call, and the way to the editor that holds it, where one does */
export interface FoundWorkspace {
  /** Canonical */
  readonly folder: string;
  readonly editor?: EndpointClient;
}

/**
 * Finds the workspace that a call belongs to: the nearest folder above one of `starts` (most trusted first) that an editor
 * holds open; else the nearest one that this user has a policy for, or that brings rules of its own. Links are resolved, so
 * another name of a workspace is that workspace. `undefined` where no policy speaks.
 *
 * A folder that an agent or a repository made up (`sub/.cowork/policy`) stands back behind those that this user has used.
 */
export async function findWorkspace(userFolder: string, starts: readonly string[]): Promise<FoundWorkspace | undefined> {
  const lines = starts.flatMap((start) => ancestors(start) ?? []);
  for (const line of lines) {
    let known: string | undefined;
    for (const folder of line) {
      if ((await readDiscovery(userFolder, folder)) !== undefined) {
        const editor = await connectEndpoint(userFolder, folder);
        if (editor !== undefined) return { folder, editor };
        known ??= folder;
      }
      if (known === undefined && existsSync(workspaceRecord(userFolder, folder))) known = folder;
    }
    if (known !== undefined) return { folder: known };
  }
  for (const line of lines) {
    const folder = line.find((each) => existsSync(path.join(each, '.cowork', 'policy')));
    if (folder !== undefined) return { folder };
  }
  return undefined;
}

/** The folder and all above it, nearest first; none where it is not there */
function ancestors(start: string): [readonly string[]] | undefined {
  let folder: string;
  try {
    folder = realpathSync.native(start);
  } catch {
    // Not there, or not to be entered: it can be no workspace
    return undefined;
  }
  const line = [folder];
  for (let above = path.dirname(folder); above !== line.at(-1); above = path.dirname(above)) line.push(above);
  return [line];
}
