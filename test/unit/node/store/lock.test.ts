import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { takeLock } from '../../../../src/node/store/lock.ts';

describe('lock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cowork-lock-'));
    file = path.join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const dead = (id: string): string => JSON.stringify({ id: id.repeat(32), pid: 2 ** 22 + 1, host: hostname(), started: '1' });

  it('has one holder, also within one process, and is free after its release', () => {
    const first = takeLock(file);
    assert.ok('held' in first);
    const second = takeLock(file);
    assert.ok('owner' in second);
    assert.equal(second.owner.pid, process.pid);
    first.held.release();
    assert.equal(first.held.holds(), false);
    assert.ok('held' in takeLock(file));
    assert.deepEqual(readdirSync(folder), ['lock']);
  });

  it('does not release what another one took over', () => {
    const first = takeLock(file);
    assert.ok('held' in first);
    rmSync(file);
    assert.ok('held' in takeLock(file));
    assert.equal(first.held.beat(), false);
    first.held.release();
    assert.deepEqual(readdirSync(folder), ['lock']);
  });

  it('is inherited from a process that died, and from an heir that died before it took over', () => {
    writeFileSync(file, dead('a'));
    writeFileSync(`${file}.after-${'a'.repeat(32)}`, dead('b'));
    assert.ok('held' in takeLock(file));
    assert.deepEqual(readdirSync(folder), ['lock']);
  });

  it('takes away what others left behind that died while they tried, and nothing that is new', () => {
    const longAgo = Date.now() / 1000 - 120;
    for (const name of [`lock.${'a'.repeat(32)}`, `lock.after-${'b'.repeat(32)}`, `lock.${'c'.repeat(32)}.lock`]) {
      writeFileSync(path.join(folder, name), dead('a'));
      utimesSync(path.join(folder, name), longAgo, longAgo);
    }
    writeFileSync(path.join(folder, `lock.${'d'.repeat(32)}`), dead('d'));
    writeFileSync(path.join(folder, 'locksmith'), '');
    assert.ok('held' in takeLock(file));
    assert.deepEqual(readdirSync(folder).toSorted(), ['lock', `lock.${'d'.repeat(32)}`, 'locksmith']);
  });

  it('is left to a living heir', () => {
    const living = takeLock(file);
    assert.ok('held' in living);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, dead('a'));
    writeFileSync(`${file}.after-${'a'.repeat(32)}`, text);
    const taken = takeLock(file);
    assert.ok('owner' in taken);
    assert.equal(taken.owner.pid, process.pid);
  });

  it('is inherited from a process whose number another one has now', () => {
    writeFileSync(file, JSON.stringify({ id: 'a'.repeat(32), pid: process.pid, host: hostname(), started: '1' }));
    // Elsewhere the start cannot be told, and a number in use counts as a living owner
    assert.equal('held' in takeLock(file), process.platform === 'linux');
  });

  for (const [name, text] of [['nothing', ''], ['rubbish', 'x'], ['no process', '{"id":"a","pid":-1,"host":"h"}'], ['all processes', JSON.stringify({ id: 'a'.repeat(32), pid: 0, host: hostname() })]] as const) {
    it(`is taken from a file that names ${name}`, () => {
      writeFileSync(file, text);
      assert.ok('held' in takeLock(file));
    });
  }

  it('of another machine holds while it is touched, and no longer', () => {
    writeFileSync(file, JSON.stringify({ id: 'a'.repeat(32), pid: 1, host: 'elsewhere' }));
    assert.ok('owner' in takeLock(file));
    const longAgo = Date.now() / 1000 - 120;
    utimesSync(file, longAgo, longAgo);
    assert.ok('held' in takeLock(file));
  });

  it('goes through twenty processes that race for it and die holding it, one at a time', async () => {
    writeFileSync(file, dead('a'));
    const log = path.join(folder, 'log');
    const racers = Array.from({ length: 20 }, () => spawn(process.execPath, [path.join(import.meta.dirname, 'lockRacer.ts'), file, log], { stdio: 'ignore' }));
    const ended = Promise.all(racers.map((racer) => once(racer, 'exit')));
    writeFileSync(`${log}.start`, '');
    await ended;
    const held = readFileSync(log, 'utf8').trimEnd().split('\n');
    assert.deepEqual(held.filter((line) => !line.startsWith('held ')), []);
    assert.equal(new Set(held).size, 20);
    assert.ok('held' in takeLock(file));
  }).timeout(60_000);
});
