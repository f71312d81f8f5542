import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { root } from '../house/root.ts';

/** Packs what was built into one installable file in the folder, and hands back its path */
export async function packExtension(folder: string): Promise<string> {
  const vsix = path.join(folder, 'cowork-policy.vsix');
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, allowMissingRepository: true });
  return vsix;
}
