import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './root.ts';

/** Packs what was built into one installable file in the folder, and hands back its path */
export function packExtension(folder: string): string {
  const vsix = path.join(folder, 'cowork-policy.vsix');
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--out', vsix];
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'node_modules/@vscode/vsce/vsce'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the extension could not be packed:\n${stderr}${stdout}`);
  return vsix;
}
