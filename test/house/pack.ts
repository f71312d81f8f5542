import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './root.ts';

/** Builds and packs as `npm run package` does, into the folder; hands back the path of the installable file */
export function packExtension(folder: string): string {
  const vsix = path.join(folder, 'cowork-policy.vsix');
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'package', '--', '--out', vsix], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`the extension could not be packed:\n${stderr}${stdout}`);
  return vsix;
}
