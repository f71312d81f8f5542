import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type EndpointClient, connectTo } from '../node/endpoint/client.ts';
import { publishedEndpoints } from '../node/endpoint/published.ts';

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
  const published = publishedEndpoints(userFolder);
  const lines = starts.flatMap((start) => ancestors(start) ?? []);
  for (const line of lines) {
    const endpoints = line.flatMap((folder) => published.filter(({ workspace }) => workspace === folder));
    for (const endpoint of endpoints) {
      const editor = await connectTo(endpoint);
      if (editor !== undefined) return { folder: endpoint.workspace, editor };
    }
    // Loaded only where no editor is open: what follows takes longer anyway
    const { workspaceRecord } = await import('../node/store/workspaceRecord.ts');
    const known = line.find((folder) => existsSync(workspaceRecord(userFolder, folder)));
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
