import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { parse } from 'unbash';
import type { ShellKind } from '../../src/core/request.ts';
import { readShellLine } from '../../src/core/describe/shell/readShellLine.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { program } from './programs.ts';
import { Random } from './random.ts';

const seed = Number(process.env['JUDGE_SEED'] ?? randomInt(2 ** 31));
const count = Number(process.env['JUDGE_INPUTS'] ?? 1_000_000);

const surroundings: Surroundings = {
  workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash',
  files: { resolve: (path) => path, readText: () => undefined },
};

const pieces = ['$(', ')', '`', '"', "'", '\\', '${', '}', '{', ',', '..', '<<E\n', '\nE\n', '<(', '>(', ';', '&', '|', '\n', '((', '))', '[[', ']]', '$', '@', '*', '?', '[', ']', '~', '=', ':-', '#', '!', '>', '<', '>&', 'if ', 'then ', 'fi ', 'for x in ', 'do ', 'done ', 'case ', 'esac', 'f() ', 'ls ', 'rm ', 'eval ', 'bash -c ', '\0', '\r', '\u200b', '\ud800', '𝒳', '\x1b', 'é'] as const;

/** Pieces of syntax and of programs in any order, cut and repeated */
function input(random: Random): string {
  let text = random.chance(0.4) ? program(random, 2) : '';
  const edits = random.below(8);
  for (let i = 0; i < edits; i += 1) {
    const at = random.below(text.length + 1);
    if (random.chance(0.7)) text = text.slice(0, at) + random.pick(pieces) + text.slice(at);
    else if (random.chance(0.5)) text = text.slice(0, at) + text.slice(at + random.below(6));
    else text = text.slice(0, at) + String.fromCharCode(random.below(random.chance(0.9) ? 128 : 65_536)) + text.slice(at);
  }
  return random.chance(0.002) ? text.repeat(40) : text;
}

describe(`raw input (seed ${seed})`, () => {
  it(`${count} inputs: every one is answered, none fails inside, none that does not parse is readable`, function () {
    this.timeout(900_000);
    const random = new Random(seed);
    let unparsed = 0;
    for (let i = 0; i < count; i += 1) {
      const text = input(random);
      const shell: ShellKind = random.pick(['bash', 'bash', 'bash', 'zsh', 'pwsh', 'cmd']);
      const { actions } = readShellLine(text, '/ws', surroundings, shell);
      assert.ok(actions.length > 0);
      if (actions.some((action) => action.uncertain === 'It could not be read.')) assert.fail(`failed inside: ${shell} ${JSON.stringify(text)}`);
      for (const action of actions) {
        if (action.owner !== undefined && actions[action.owner]?.kind !== 'exec') assert.fail(`an effect without its command: ${JSON.stringify(text)}`);
      }
      if (shell !== 'bash' || (parse(text).errors?.length ?? 0) === 0) continue;
      unparsed += 1;
      if (!actions.some((action) => action.kind === 'exec' && action.class === 'unreadable' && action.uncertain !== undefined)) assert.fail(`readable though it does not parse: ${JSON.stringify(text)}`);
    }
    console.log(`      seed ${seed}: ${count} inputs, ${unparsed} that do not parse`);
    assert.ok(unparsed > count / 100);
  });
});
