import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { scriptStarter } from '../../node/script/scriptStarter.ts';
import { createFolder, storeFolder } from '../../node/store/storeFolder.ts';
import type { Faces } from '../faces.ts';
import type { TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder } from './choose.ts';

/** Opens the workspace's policy script; where there is none, makes one that a person can start from */
export async function newPolicyScript({ folders }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  const place = storeFolder(folder.path);
  createFolder(place);
  try {
    writeFileSync(place.script, scriptStarter, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await folder.store.reloadManifest();
  await vscode.window.showTextDocument(vscode.Uri.file(place.script));
}
