import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readShellLine } from '../../src/core/describe/shell/readShellLine.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { loadPowerShell, parsePowerShell } from '../../src/node/powerShell.ts';
import { Random } from './random.ts';

const seed = Number(process.env['JUDGE_SEED'] ?? randomInt(2 ** 31));
const count = Number(process.env['JUDGE_POWERSHELL'] ?? 5_000);

const surroundings: Surroundings = {
  workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'pwsh', powerShell: parsePowerShell,
  files: { resolve: (path) => path, readText: () => undefined },
};

const harmless = ['ls', 'gci src', 'Get-Content a.txt', '$x = 1', 'Write-Output "n $x"', 'git status', '$x.Count', 'Test-Path b'] as const;
/** `§` is a statement */
const places = [
  '§', '§; ls', 'ls; §', 'if ($true) { § }', 'if ($x) { ls } else { § }', 'foreach ($i in 1..3) { § }', 'foreach ($i in (§)) { ls }', 'while ($x) { § }', 'do { § } while ($x)', 'try { § } catch { ls }', 'try { ls } finally { § }', '& { § }', 'gci | % { § }', 'gci | ? { § }', 'gci | ForEach-Object { ls; § }',
  'Write-Output $(§)', 'Write-Output (§)', 'Write-Output @(§)', '"a $(§) b"', 'Get-Content "a $(§)"', '$y = §', '$y = $(§)', '@{ a = $(§) }', 'ls\n§', 'switch ($x) { 1 { § } }', 'for ($i = 0; $i -lt 3; $i++) { § }', 'return §', '-not (§)', '(§).Count', 'ls -Path (§)', 'if (§) { ls }', '$f = { § }; & $f', 'function f { § }; f', '§ && ls', 'ls || §', 'filter g { § }', '[void](§)', 'Invoke-Command { § }', 'gci | Select-Object @{ n = "a"; e = { § } }', 'trap { § }; ls', 'begin { § }', '$y += §', '"$("$(§)")"',
] as const;

function program(random: Random, depth: number, inner: string): string {
  const text = random.pick(places).replace('§', () => (depth === 0 ? inner : program(random, depth - 1, inner)));
  return random.chance(0.3) ? `${random.pick(harmless)}; ${text}` : text;
}

const pieces = ['$(', ')', '(', '{', '}', '@(', '@{', '"', "'", '$x', '$x = ', ';', '|', '&', '. ', 'if (', 'else ', '% ', '? ', 'ls ', 'cat a ', '-Path ', ',', '[', ']', '::', '.Name', '\n', ' ', '1', '+', '-eq ', '> b', '2>&1 ', '$_', '$env:X', 'function f ', 'iex ', 'irm https://h ', '&& ', '!', '-', '#', '`', '$null', '@x', ':', '*'] as const;

describe(`PowerShell by its tree (seed ${seed})`, () => {
  before(async () => assert.equal(await loadPowerShell(), true));

  it(`a deletion is seen or the line is not certain, wherever it stands in ${count} programs`, function () {
    this.timeout(300_000);
    const random = new Random(seed);
    let seen = 0;
    for (let i = 0; i < count; i += 1) {
      const text = program(random, random.below(3), 'Remove-Item zz');
      const { actions } = readShellLine(text, '/ws', surroundings, 'pwsh');
      const found = actions.some((action) => action.kind === 'delete' && action.path === '/ws/zz');
      if (found) seen += 1;
      if (!found && !actions.some((action) => action.kind === 'exec' && action.class === 'unreadable')) assert.fail(`not seen: ${JSON.stringify(text)}`);
    }
    console.log(`      seed ${seed}: seen in ${seen} of ${count}`);
    assert.ok(seen > count / 2);
  });

  it(`${count} raw inputs: every one is answered, none fails inside`, function () {
    this.timeout(300_000);
    const random = new Random(seed);
    for (let i = 0; i < count; i += 1) {
      let text = '';
      for (let rest = 1 + random.below(14); rest > 0; rest -= 1) text += random.pick(pieces);
      const { actions } = readShellLine(text, '/ws', surroundings, 'pwsh');
      assert.ok(actions.length > 0);
      if (actions.some((action) => action.uncertain === 'It could not be read.')) assert.fail(`failed inside: ${JSON.stringify(text)}`);
    }
  });
});
