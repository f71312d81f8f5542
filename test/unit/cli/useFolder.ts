import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** For a `describe` whose tests each have a folder to work in, handed over before the test, and a user folder that does not exist yet */
export function useFolder(ready: (folder: string) => void): void {
  const home = process.env['COWORK_POLICY_HOME'];
  let base: string;
  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-cli-')));
    process.env['COWORK_POLICY_HOME'] = path.join(base, 'home');
    const folder = path.join(base, 'folder');
    mkdirSync(folder);
    ready(folder);
  });
  afterEach(() => {
    rmSync(base, { recursive: true });
    if (home === undefined) delete process.env['COWORK_POLICY_HOME'];
    else process.env['COWORK_POLICY_HOME'] = home;
  });
}
