import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { spawn } from 'node:child_process';
import type { Approval } from '../../src/gate/ports.ts';
import { findClient } from '../../src/agents/clients.ts';
import { environmentOf } from './environment.ts';
import { hookProgram } from './hookProgram.ts';
import { Machine } from './machine.ts';
import { openGate, writePolicy, type OpenGate } from './policy.ts';

/** What each client sends its hook about a shell command */
const inputs: Readonly<Record<string, (command: string, session: string, cwd: string) => object>> = {
  claude: (command, session_id, cwd) => ({ session_id, cwd, hook_event_name: 'PreToolUse', permission_mode: 'default', tool_name: 'Bash', tool_input: { command }, tool_use_id: 'toolu_1' }),
  codex: (command, session_id, cwd) => ({ session_id, turn_id: '1', cwd, hook_event_name: 'PreToolUse', permission_mode: 'default', tool_name: 'Bash', tool_input: { command }, tool_use_id: 'call_1' }),
  copilot: (command, sessionId, cwd) => ({ sessionId, timestamp: 1, cwd, toolName: 'bash', toolArgs: { command } }),
  gemini: (command, session_id, cwd) => ({ session_id, cwd, hook_event_name: 'BeforeTool', tool_name: 'run_shell_command', tool_input: { command } }),
  qwen: (command, session_id, cwd) => ({ session_id, cwd, hook_event_name: 'PreToolUse', permission_mode: 'yolo', tool_name: 'run_shell_command', tool_input: { command } }),
};
const callsEach = 10;

interface Answered {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('Fifty hook calls at once', () => {
  let machine: Machine;
  let open: OpenGate;

  before(async () => {
    machine = new Machine();
    await writePolicy(machine, []);
  });
  after(async () => {
    await open?.close();
    machine?.close();
  });

  it('from five clients are all asked, and each gets the answer to its own question', async () => {
    const waiting: Approval[] = [];
    const everyone = new EventEmitter();
    const allAsked = once(everyone, 'asked');
    const calls = Object.entries(inputs).flatMap(([client, input]) => Array.from({ length: callsEach }, (_, index) => ({ client, index, name: `${client}-${index}`, input })));
    open = await openGate(machine, (approval) => {
      waiting.push(approval);
      if (waiting.length === calls.length) everyone.emit('asked');
      return undefined;
    });
    const answers = Promise.all(calls.map(({ client, name, input }) => callHook(machine, client, input(`touch ${name}.txt`, `session-${client}`, machine.workspace))));
    await Promise.race([allAsked, answers.then((early) => assert.fail(`not all were asked: ${JSON.stringify(early)}`))]);

    // The last one to ask is answered first; every second one is allowed, the others with words of their own
    for (const { id, request } of waiting.toReversed()) {
      const name = /touch (\S+)\.txt/.exec(JSON.stringify(request.input))?.[1] ?? '';
      const index = Number(name.split('-')[1]);
      assert.equal(request.actor?.name, findClient(name.split('-')[0])?.title);
      await open.gate.answer(id, { answer: index % 2 === 0 ? 'allow_once' : 'deny_once', by: 'test', comment: `about ${name}.` });
    }

    const got = await answers;
    calls.forEach(({ index, name }, place) => {
      const { code, stdout, stderr } = got[place] ?? assert.fail(name);
      if (index % 2 === 0) {
        assert.deepEqual([code, stderr], [0, ''], name);
        assert.doesNotMatch(stdout, /"(?:deny|ask|block)"/, name);
      } else {
        assert.equal(code, 2, name);
        assert.match(stdout, new RegExp(`about ${name}\\.`));
        assert.match(stderr, new RegExp(`about ${name}\\.`));
      }
    });
    assert.deepEqual(open.gate.pending, []);
  });
});

function callHook(machine: Machine, client: string, input: object): Promise<Answered> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [hookProgram, 'hook', client], { cwd: machine.workspace, env: environmentOf(machine) });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', fail);
    child.once('close', (code) => done({ code, stdout, stderr }));
    child.stdin.end(JSON.stringify(input));
  });
}
