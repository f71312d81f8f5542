import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../house/root.ts';
import { openDesktop } from '../../start/desktop.ts';
import { sampleAgent } from '../../start/sample.ts';

describe('npm start where there is a desktop editor', () => {
  let home: string;
  const seen = (): { readonly args: readonly string[]; readonly log: string } => JSON.parse(readFileSync(path.join(home, 'seen.json'), 'utf8')) as ReturnType<typeof seen>;

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'cowork-desktop-'));
    mkdirSync(path.join(home, 'a folder'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** A stand-in for `code`, since no desktop editor can be counted on: writes down how it was called and ends so */
  function open(status: number): Promise<number> {
    const code = path.join(home, 'code');
    writeFileSync(code, `#!${process.execPath}\nrequire('node:fs').writeFileSync(${JSON.stringify(path.join(home, 'seen.json'))}, JSON.stringify({ args: process.argv.slice(2), log: process.env.COWORK_SAMPLE_LOG }));\nprocess.exit(${status});\n`);
    chmodSync(code, 0o755);
    const sample = { home, folder: path.join(home, 'a folder'), log: path.join(home, 'log'), env: { COWORK_SAMPLE_LOG: 'log' }, remove: () => undefined };
    return openDesktop(code, sample, () => undefined);
  }

  it('opens the sample with our extension and the agent, apart from the person’s own profile, and waits for its window', async () => {
    assert.equal(await open(0), 0);
    const { args, log } = seen();
    assert.equal(log, 'log');
    assert.ok(args.includes('--wait'));
    assert.equal(args.at(-1), path.join(home, 'a folder'));
    assert.deepEqual(args.filter((arg) => arg.startsWith('--extensionDevelopmentPath=')), [`--extensionDevelopmentPath=${root}`, `--extensionDevelopmentPath=${sampleAgent}`]);
    for (const own of ['--user-data-dir', '--extensions-dir']) assert.ok(args[args.indexOf(own) + 1]?.startsWith(home), own);
  });

  it('ends as the editor ended', async () => {
    assert.equal(await open(3), 3);
  });

  it('says so when the editor cannot be started', async () => {
    const sample = { home, folder: home, log: '', env: {}, remove: () => undefined };
    await assert.rejects(openDesktop(path.join(home, 'none'), sample, () => undefined), { code: 'ENOENT' });
  });
});
