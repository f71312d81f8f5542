import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSandbox } from '../../src/node/sandbox/openSandbox.ts';
import { type OutputStream, outputCap, truncationMark } from '../../src/node/sandbox/sandbox.ts';
import type { ToolContext } from '../../src/node/tools/tool.ts';
import { type ToolLab, openLab } from './toolLab.ts';

describe('run_command', () => {
  let lab: ToolLab;
  beforeEach(() => {
    lab = openLab();
    mkdirSync(lab.at('.git/hooks'), { recursive: true });
  });
  afterEach(() => lab.end());

  function sandboxOf(kind: 'bubblewrap' | 'none'): Partial<ToolContext> {
    const { workspace, home, userFolder = '' } = lab.context.surroundings;
    return { sandbox: () => openSandbox(kind, { workspace, home, userFolder }) };
  }

  for (const kind of ['bubblewrap', 'none'] as const) {
    describe(`in the sandbox ${kind}`, () => {
      const run = (command: string, more: Record<string, unknown> = {}, context: Partial<ToolContext> = {}) => lab.done('run_command', { command, ...more }, { ...sandboxOf(kind), ...context });

      it('tells exit code, output and complaints', async () => {
        const { value, text } = await run('echo out; echo err >&2; exit 3');
        const { milliseconds, ...rest } = value;
        assert.equal(typeof milliseconds, 'number');
        assert.deepEqual(rest, { sandbox: kind, ended: 'exited', exitCode: 3, stdout: 'out\n', stderr: 'err\n', truncated: [] });
        assert.equal(text, 'exit code 3\nout\n\nstderr:\nerr\n');
      });

      it('tells the signal that ended it', async () => {
        const { value } = await run('kill -SEGV $$');
        assert.deepEqual([value['exitCode'], value['signal']], [139, 'SIGSEGV']);
      });

      it('is byte for byte what was allowed', async () => {
        const command = "printf '%s' \"ä\t\\\\'$((1+1))\"  # \u202e tail\n";
        assert.equal((await run(command)).value['stdout'], "ä\t\\'2");
        const asked = lab.test.store.recorded.map(({ entry }) => entry).find((entry) => entry.type === 'decision');
        assert.equal(asked?.type === 'decision' ? asked.request.input?.['command'] : undefined, command);
      });

      it('starts in the folder it was asked for, relative to the folder of the call', async () => {
        mkdirSync(lab.at('a/b'), { recursive: true });
        assert.equal((await run('pwd', { cwd: 'b' }, { cwd: lab.at('a') })).value['stdout'], `${lab.at('a/b')}\n`);
      });

      it('starts in the folder that was decided about, wherever links lead by then', async () => {
        for (const name of ['first', 'second', 'plain']) mkdirSync(lab.at(name));
        symlinkSync(lab.at('first'), lab.at('link'));
        const decidedThen = (change: () => void): Partial<ToolContext> => ({ sandbox: () => (change(), sandboxOf(kind).sandbox?.() ?? assert.fail()) });
        const relinked = await run('touch here', { cwd: 'link' }, decidedThen(() => {
          rmSync(lab.at('link'));
          symlinkSync(lab.at('second'), lab.at('link'));
        }));
        assert.deepEqual([relinked.value['exitCode'], readdirSync(lab.at('first')), readdirSync(lab.at('second'))], [0, ['here'], []]);
        const { code, message } = await lab.fails('run_command', { command: 'touch here', cwd: 'plain' }, { ...sandboxOf(kind), ...decidedThen(() => {
          rmdirSync(lab.at('plain'));
          symlinkSync(lab.at('second'), lab.at('plain'));
        }) });
        assert.deepEqual([code, readdirSync(lab.at('second'))], ['no_sandbox', []]);
        assert.match(message, /leads elsewhere than when this was decided; nothing was run/);
      });

      it('hands its output on while it runs, and takes out credentials before anybody sees them', async () => {
        const seen: string[] = [];
        const stop = new AbortController();
        const heard = (stream: OutputStream, text: string): void => {
          seen.push(`${stream} ${text}`);
          if (text.includes('second')) stop.abort();
        };
        for (const [name, text] of [['whole', 'sk-abcdefghijklmnopqrstuvwx\n'], ['head', 'sk-abcdefghij'], ['tail', 'klmnopqrstuvwx\n']] as const) writeFileSync(lab.at(name), text);
        const result = await lab.fails('run_command', { command: 'cat whole; cat head; sleep 0.2; cat tail; echo second; sleep 1000' }, { ...sandboxOf(kind), onOutput: heard, signal: stop.signal });
        assert.equal(result.code, 'cancelled');
        assert.match(seen.join(''), /second/);
        assert.ok(!seen.join('').includes('klmnop'), seen.join(''));
        assert.ok(!JSON.stringify(lab.test.store.recorded).includes('klmnop'), 'the record has none either');
      });

      it('may write bytes that are no text', async () => {
        const { value } = await run('head -c 3000 /dev/urandom; printf "\\0\\xff"');
        assert.equal(typeof value['stdout'], 'string');
        assert.ok((value['stdout'] as string).isWellFormed());
      });

      it('may write 10 GB, of which the beginning is kept', async function () {
        this.timeout(120_000);
        const { value } = await run('head -c 10G /dev/zero', { timeoutSeconds: 100 });
        assert.deepEqual([value['ended'], value['truncated'], value['stdout']], ['exited', ['stdout'], `${'\0'.repeat(outputCap)}${truncationMark}`]);
      });

      const stubborn: readonly (readonly [what: string, command: (mark: string) => string, ended: string])[] = [
        ['forks for ever', (mark) => `while :; do (exec -a ${mark} sleep 1000) & sleep 0.02; done`, 'timed_out'],
        ['ignores every signal it can', (mark) => `trap '' TERM INT HUP QUIT USR1; exec -a ${mark} bash -c "trap '' TERM INT HUP; while :; do sleep 0.05; done" ${mark}`, 'timed_out'],
        ['holds the pipe open after its end', (mark) => `(exec -a ${mark} sleep 1000) & echo done`, 'exited'],
        ['leaves its session', (mark) => `setsid bash -c 'exec -a ${mark} sleep 1000' & sleep 1000`, 'timed_out'],
      ];
      for (const [what, command, ended] of stubborn) {
        it(`nothing is left of one that ${what}`, async () => {
          const mark = `mark-${randomUUID()}`;
          const { value } = await run(command(mark), { timeoutSeconds: 1 });
          assert.equal(value['ended'], ended);
          assert.deepEqual(processesNamed(mark), []);
        });
      }
    });
  }

  it('a sandbox whose engine dies is a failure that says so, and nothing is left running', async () => {
    const mark = `mark-${randomUUID()}`;
    const result = await lab.run('run_command', { command: `echo started; exec -a ${mark} sleep 1000` }, { ...sandboxOf('bubblewrap'), onOutput: () => {
      for (const id of processesNamed('bwrap', process.pid)) process.kill(id, 'SIGKILL');
    } });
    assert.ok(!result.ok || result.value['exitCode'] !== 0, JSON.stringify(result));
    assert.deepEqual(processesNamed(mark), []);
  });

  it('is not run where no sandbox works, and says why', async () => {
    const { code, message } = await lab.fails('run_command', { command: `touch ${lab.at('x')}` }, { sandbox: () => Promise.resolve({ ok: false, passedOver: [{ kind: 'docker', reason: 'It is not installed.' }] }) });
    assert.deepEqual([code, message], ['no_sandbox', 'Nothing was run, since no sandbox works here. docker: It is not installed.']);
  });

  it('the line as a person edited it is the one that runs', async () => {
    lab.end();
    lab = openLab({ settings: { mode: 'default' } });
    const running = lab.run('run_command', { command: 'echo first' }, sandboxOf('none'));
    while (lab.test.prompter.asked.length === 0) await new Promise(setImmediate);
    const [approval] = lab.test.prompter.asked;
    assert.ok(approval !== undefined);
    await lab.test.gate.answer(approval.id, { answer: 'allow_once', by: 'editor', edited: { ...approval.request, input: { command: 'echo second' } } });
    const result = await running;
    assert.equal(result.ok ? result.value['stdout'] : result.message, 'second\n');
  });

  it('a guardrail holds before anything runs', async () => {
    writeFileSync(lab.at('a.txt'), 'a');
    assert.equal((await lab.fails('run_command', { command: 'sudo rm a.txt' }, sandboxOf('none'))).code, 'denied');
    assert.deepEqual(lab.everything(), ['.git', '.git/hooks', 'a.txt']);
  });
});

/** Running processes with this text in their arguments; `below`: only those that this process started */
function processesNamed(text: string, below?: number): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((id) => {
    try {
      const stat = readFileSync(path.join('/proc', String(id), 'stat'), 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || (below !== undefined && Number(parent) !== below)) return false;
      return readFileSync(path.join('/proc', String(id), 'cmdline'), 'utf8').includes(text);
    } catch {
      // It ended meanwhile
      return false;
    }
  });
}
