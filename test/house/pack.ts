import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.ts';

/** Names the file that a test run packs into once, from what it has built: neither is done under the hands of another suite */
export const packedByRun = 'COWORK_TEST_VSIX';

/** Builds and packs as `npm run package` does, into the folder; hands back the path of the installable file */
export function packExtension(folder: string): string {
  const vsix = path.join(folder, 'cowork-policy.vsix');
  const shared = process.env[packedByRun];
  if (shared === undefined) pack('package', vsix);
  else {
    if (!existsSync(shared)) pack('pack', shared);
    copyFileSync(shared, vsix);
  }
  return vsix;
}

/** Calls a script of the manifest that writes the installable file */
function pack(script: 'package' | 'pack', vsix: string): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script, '--', '--out', vsix], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`the extension could not be packed:\n${stderr}${stdout}`);
}
