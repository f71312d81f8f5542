import { hash } from 'node:crypto';
import path from 'node:path';

// A file of its own, for whoever needs nothing else of the store

/** The user's folder for one workspace */
export function workspaceRecord(userFolder: string, workspace: string): string {
  return path.join(userFolder, 'workspaces', hash('sha256', workspace));
}
