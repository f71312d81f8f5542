import assert from 'node:assert/strict';
import type { Mode } from '../../src/core/decision.ts';
import type { Request, ShellKind } from '../../src/core/request.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { decideCase, readCases } from './cases.ts';

interface Case {
  readonly id: string;
  readonly command: string;
  readonly class: string;
  readonly must_not_auto_allow: boolean;
  readonly shell: ShellKind;
  readonly hides: string;
}

const cases = readCases('shell.jsonl') as readonly Case[];
const modes: readonly Mode[] = ['default', 'accept_edits', 'dangerous_only'];

function requestOf({ command, shell }: Case): Request {
  const platform = shell === 'pwsh' || shell === 'cmd' ? 'win32' : 'linux';
  return { tool: 'run_command', input: { command }, shell, platform };
}

/** An allow on the first command word a person would see in the line; variables set before it are no command */
function allowFirstWord({ command }: Case): readonly Rule[] {
  const word = /^[\s({!]*(?:[A-Za-z_]\w*=\S*\s+)*([^\s;|&<>(){}"']+)/.exec(command)?.[1];
  return word === undefined ? [] : [{ id: 'first-word', source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: word }, createdAt: 0 }];
}

describe('shell lines that must never run unasked', () => {
  for (const testCase of cases.filter((one) => one.must_not_auto_allow)) {
    it(`${testCase.id} (${testCase.hides}): ${JSON.stringify(testCase.command).slice(0, 100)}`, () => {
      for (const mode of modes) {
        const plain = decideCase(requestOf(testCase), { settings: { mode } });
        assert.notEqual(plain.decision, 'allow', `in ${mode}: ${plain.reason.summary}`);
        const granted = decideCase(requestOf(testCase), { settings: { mode }, rules: allowFirstWord(testCase) });
        assert.notEqual(granted.decision, 'allow', `in ${mode} with its first word allowed: ${granted.reason.summary}`);
      }
    });
  }
});

describe('shell lines of daily work', () => {
  const daily = cases.filter(({ class: kind, must_not_auto_allow: never }) => !never && (kind === 'safe_read' || kind === 'test'));
  const asked = daily.filter((one) => decideCase(requestOf(one), { settings: { mode: 'dangerous_only' } }).decision !== 'allow');

  it(`at least 98 of 100 run without a question in dangerous_only (${daily.length - asked.length} of ${daily.length})`, () => {
    assert.ok(asked.length <= daily.length * 0.02, asked.map(({ id, command }) => `${id} ${command}`).join('\n'));
  });

  it('none of them is denied where everything is switched on', () => {
    const denied = cases.filter((one) => !one.must_not_auto_allow && modes.some((mode) => decideCase(requestOf(one), { settings: { mode } }).decision === 'deny'));
    assert.deepEqual(denied.map(({ id, command }) => `${id} ${command}`), []);
  });
});
