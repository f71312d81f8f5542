import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomOf } from '../crash/random.ts';
import { type ToolLab, openLab } from './toolLab.ts';

/** What the issue asks for */
const operations = 10_000;
const marker = 'only outside';

describe('File tools, while a second process swaps links under them', () => {
  let lab: ToolLab;
  let swapper: ChildProcess;

  before(async () => {
    lab = openLab();
    // What is outside is denied by a rule, so that every reading of it that came through would be an escape
    lab.denies({ kind: 'path', path: lab.outside });
    // A link that comes or goes while a path is read makes it uncertain, which asks; nobody allows that here
    lab.answers('deny_once');
    for (const folder of [lab.outside, lab.workspace]) {
      const text = folder === lab.outside ? `${marker}\n` : 'inside\n';
      for (const name of ['d0', 'd1']) {
        mkdirSync(path.join(folder, name, 'd2'), { recursive: true });
        for (const file of ['f0', 'f1', 'd2/f0']) writeFileSync(path.join(folder, name, file), text);
      }
      for (const name of ['f0', 'f1']) writeFileSync(path.join(folder, name), text);
    }
    swapper = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', path.join(import.meta.dirname, 'swapper.ts'), lab.workspace, lab.outside], { stdio: ['ignore', 'pipe', 'inherit'] });
    assert.ok(swapper.stdout !== null);
    await once(swapper.stdout, 'data');
  });

  after(async () => {
    swapper.kill('SIGKILL');
    await once(swapper, 'exit');
    lab.end();
  });

  it(`${operations} random operations touch nothing outside, read nothing outside, and some of each kind succeed`, async function () {
    this.timeout(600_000);
    const before = snapshot(lab.outside);
    const pick = randomOf(7);
    const done = new Map<string, number>();
    const met = new Map<string, number>();
    for (let count = 0; count < operations; count += 1) {
      const [tool, input] = operation(pick);
      const result = await lab.run(tool, input);
      const text = JSON.stringify(result);
      assert.ok(!text.includes(marker), `${tool} ${JSON.stringify(input)} gave what lies outside: ${text}`);
      if (result.ok) done.set(tool, (done.get(tool) ?? 0) + 1);
      else met.set(result.code, (met.get(result.code) ?? 0) + 1);
      if (!result.ok) assert.notEqual(result.code, 'failed', text);
      if (count % 500 === 0) lab.test.store.recorded.length = 0;
    }
    assert.equal(swapper.exitCode, null, 'the second process was there to the end');
    assert.deepEqual(snapshot(lab.outside), before);
    for (const tool of tools) assert.ok((done.get(tool) ?? 0) > 10, `${tool} succeeded ${done.get(tool) ?? 0} times`);
    assert.ok((met.get('changed') ?? 0) > 10, `links were met between decision and deed: ${JSON.stringify([...met])}`);
  });
});

const tools = ['read_file', 'read_files', 'list_directory', 'search_files', 'write_file', 'edit_file', 'copy_file', 'move_file', 'rename_file', 'create_directory', 'delete_file', 'import_file'] as const;
const places = ['f0', 'f1', 'd0/f0', 'd0/f1', 'd1/f0', 'd1/f1', 'd0/d2/f0', 'd1/d2/f0'];
const folders = ['d0', 'd1', 'd0/d2', 'd1/d2', '.'];

function operation(pick: () => number): readonly [tool: string, input: Record<string, unknown>] {
  const of = <Value>(values: readonly Value[]): Value => {
    const value = values[Math.floor(pick() * values.length)];
    assert.ok(value !== undefined);
    return value;
  };
  const tool = of(tools);
  switch (tool) {
    case 'read_file': return [tool, { path: of(places) }];
    case 'read_files': return [tool, { paths: [of(places), of(places)] }];
    case 'list_directory': return [tool, { path: of(folders) }];
    case 'search_files': return [tool, { path: of(folders), query: 'n' }];
    case 'write_file': return [tool, { path: of([...places, `${of(folders)}/new${Math.floor(pick() * 5)}`]), content: 'inside again\n' }];
    case 'edit_file': return [tool, { path: of(places), edits: [{ oldText: 'n', newText: 'nn', replaceAll: true }] }];
    case 'copy_file': return [tool, { source: of([...places, 'd0/d2']), destination: `${of(folders)}/copy${Math.floor(pick() * 50)}`, overwrite: true }];
    case 'move_file': return [tool, { source: of(places), destination: of(places), overwrite: true }];
    case 'rename_file': {
      const folder = of(['', 'd0/', 'd1/']);
      const [oldPath, newPath] = of([['f0', 'f1'], ['f1', 'f0']]).map((name) => `${folder}${name}`);
      return [tool, { oldPath, newPath, overwrite: true }];
    }
    case 'create_directory': return [tool, { path: `${of(folders)}/made${Math.floor(pick() * 5)}` }];
    case 'import_file': return [tool, { source: of(places), destination: `${of(folders)}/imported${Math.floor(pick() * 5_000)}` }];
    case 'delete_file': return [tool, { path: of([...places, `${of(folders)}/made${Math.floor(pick() * 5)}`, `${of(folders)}/copy${Math.floor(pick() * 50)}`]) }];
  }
}

/** Names, kinds, contents and times of all that lies in a folder */
function snapshot(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted().map((name) => {
    const file = path.join(folder, name);
    const { mode, mtimeMs, ctimeMs, ino, nlink } = lstatSync(file);
    return `${name} ${mode} ${mtimeMs} ${ctimeMs} ${ino} ${nlink} ${lstatSync(file).isFile() ? readFileSync(file, 'utf8') : ''}`;
  });
}
