import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { createFolder, storeFolder } from '../../node/store/storeFolder.ts';
import type { Faces } from '../faces.ts';
import type { TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder } from './choose.ts';

/** What a new policy script starts from: the shapes in comments that the editor understands, and an example that only passes */
const starter = `// @ts-check
// CoWork Policy asks this script about every request, once you have reviewed it: “CoWork: Review Policy Script”.
// It can make the policy stricter and never looser. It runs apart from everything: no files, network, clock or
// modules, at most 300 ms and 32 MB. When it fails, you are asked.

/**
 * @typedef {object} Input
 * @property {string} tool The tool, such as 'run_command' or 'write_file'
 * @property {string} [server] The MCP server of the tool
 * @property {Readonly<Record<string, unknown>>} params What the tool is given, such as {command} or {path, content}
 * @property {string} [cwd] The folder that relative paths start from
 * @property {'private' | 'group' | 'public' | null} gatewayContext Where a request from a channel was made
 * @property {{id: string, name: string, path: string, isTemp: boolean, permissions: Record<'read' | 'write' | 'delete' | 'shell' | 'network', boolean>}} workspace
 * @property {number} timestampMs Now, in milliseconds since 1970
 */

/**
 * @param {Input} input
 * @returns {{decision: 'pass' | 'require_approval' | 'deny', reason?: string}}
 */
function decide({ tool, params }) {
  // Example: nobody pushes to main without being asked
  if (tool === 'run_command' && /\\bgit\\s+push\\b.*\\bmain\\b/.test(String(params.command))) {
    return { decision: 'require_approval', reason: 'This pushes to main.' };
  }
  return { decision: 'pass' };
}
`;

/** Opens the workspace's policy script; where there is none, makes one that a person can start from */
export async function newPolicyScript({ folders }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  const place = storeFolder(folder.path);
  createFolder(place);
  try {
    writeFileSync(place.script, starter, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await folder.store.reloadManifest();
  await vscode.window.showTextDocument(vscode.Uri.file(place.script));
}
