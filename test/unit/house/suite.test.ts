import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mocha, needing, tool, type Suite } from '../../house/suite.ts';

describe('the runner of suites', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'suite-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(suite: Suite) {
    const shown: string[] = [];
    const counted: string[] = [];
    const tally = await suite({ log: { write: () => true }, show: (line) => shown.push(line), count: (done, planned) => counted.push(`${done} of ${planned}`) });
    return { tally, shown: shown.join('\n'), counted };
  }

  async function runFile(source: string) {
    writeFileSync(path.join(folder, 'some.test.ts'), source);
    return run(mocha(folder, 5));
  }

  const cases: readonly (readonly [what: string, source: string, passed: number, failed: number, says: RegExp])[] = [
    ['adds up what passed and failed', "it('a', () => {}); it('b', () => { throw new Error('because') }); it('c', () => {});", 2, 1, /because/],
    ['a suite without a test is a failure', 'export const nothing = 1;', 0, 1, /no test ran/],
    ['a file that cannot be loaded is a failure', "it('a', () => {}); throw new Error('broken file');", 0, 1, /before its tests did/],
    ['a process that leaves early, with exit 0, is a failure', "it('a', () => {}); it('b', () => process.exit(0));", 1, 1, /before its tests did/],
    ['a killed process is a failure', "it('a', () => process.kill(process.pid, 'SIGKILL'));", 0, 1, /SIGKILL/],
    ['a test left out is a failure', "it('a', () => {}); it.skip('b', () => {});", 1, 1, /[Pp]ending/],
    ['a test run alone is a failure', "it('a', () => {}); it.only('b', () => {});", 0, 1, /before its tests did/],
    ['a hook that fails is a failure', "before(() => { throw new Error('hook broke') }); it('a', () => {});", 0, 1, /hook broke/],
    ['a crash after the last test is a failure', "it('a', () => { setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300); });", 1, 1, /SIGKILL/],
  ];
  for (const [what, source, passed, failed, says] of cases) {
    it(what, async () => {
      const { tally, shown } = await runFile(source);
      assert.deepEqual(tally, { passed, failed }, shown);
      assert.match(shown, says);
    });
  }

  it('counts what is over while it runs', async () => {
    const { counted } = await runFile("it('a', () => {}); it('b', () => { throw new Error('because') });");
    assert.deepEqual([...new Set(counted)], ['0 of 2', '1 of 2', '2 of 2']);
  });

  it('gives each suite a user folder of its own, which goes with it', async () => {
    const noted = path.join(folder, 'noted');
    const note = `import { appendFileSync } from 'node:fs'; it('a', () => appendFileSync(${JSON.stringify(noted)}, process.env.COWORK_POLICY_HOME + '\\n'));`;
    await Promise.all([runFile(note), runFile(note)]);
    const folders = readFileSync(noted, 'utf8').trimEnd().split('\n');
    assert.equal(new Set([...folders, process.env['COWORK_POLICY_HOME']]).size, 3);
    assert.deepEqual(folders.map((each) => existsSync(each)), [false, false]);
  });

  it('a folder without tests is a failure', async () => {
    assert.deepEqual((await run(mocha(folder, 5))).tally, { passed: 0, failed: 1 });
  });

  it('a tool counts as one test and shows what it said when it fails', async () => {
    const script = path.relative(path.join(import.meta.dirname, '../../..'), path.join(folder, 'tool.mjs'));
    writeFileSync(path.join(folder, 'tool.mjs'), "console.log('the reason'); process.exitCode = Number(process.argv[2]);");
    assert.deepEqual((await run(tool(script, '0'))).tally, { passed: 1, failed: 0 });
    const { tally, shown } = await run(tool(script, '1'));
    assert.deepEqual(tally, { passed: 0, failed: 1 });
    assert.match(shown, /the reason/);
  });

  it('a program that is missing and cannot be installed fails its suite with a sentence that says what to do', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      const { tally, shown } = await run(needing({ names: ['no-such-program'], debian: 'no-such-package' }, async () => ({ passed: 1, failed: 0 })));
      assert.deepEqual(tally, { passed: 0, failed: 1 });
      assert.match(shown, /no-such-program is missing: install it \(Debian and Ubuntu: apt-get install no-such-package\)/);
    } finally {
      process.env['PATH'] = before;
    }
  });
});
