import assert from 'node:assert/strict';
import type { QuickJSWASMModule } from 'quickjs-emscripten-core';
import { loadEngine } from '../../../../src/node/script/engine.ts';
import { runInIsolate, type ScriptAnswer } from '../../../../src/node/script/isolate.ts';
import { scriptStarter } from '../../../../src/node/script/scriptStarter.ts';

const input = JSON.stringify({ tool: 'run_command', params: { command: 'git push', list: [1, { deep: 'x' }] }, workspace: { permissions: { shell: true } }, timestampMs: 5 });

describe('a policy script in its isolate', () => {
  let engine: QuickJSWASMModule;
  // A new engine for each: one test may leave it unfit
  beforeEach(async () => {
    engine = await loadEngine();
  });
  const run = (script: string, given: string | undefined = input): ScriptAnswer => runInIsolate(engine, script, given);

  const answers: [string, string, ScriptAnswer][] = [
    ['passes', 'function decide() { return { decision: "pass" } }', { decision: 'pass' }],
    ['denies, with a reason', 'const decide = ({ params }) => ({ decision: "deny", reason: `no ${params.command}` })', { decision: 'deny', reason: 'no git push' }],
    ['wants a person to decide', 'let decide = function () { return { decision: "require_approval" } }', { decision: 'require_approval' }],
    ['sees the tool, what it is given and the time', 'function decide({ tool, timestampMs, workspace }) { return { decision: "deny", reason: [tool, timestampMs, workspace.permissions.shell].join() } }', { decision: 'deny', reason: 'run_command,5,true' }],
    ['says more than it needs to', 'function decide() { return { decision: "deny", reason: "no", allow: true } }', { decision: 'deny', reason: 'no' }],
    ['gives a reason that is no text', 'function decide() { return { decision: "deny", reason: { toString() { throw 1 } } } }', { decision: 'deny' }],
    ['answers through a proxy', 'function decide() { return new Proxy({}, { get: (_, key) => key === "decision" ? "deny" : undefined }) }', { decision: 'deny' }],
  ];
  for (const [what, script, wanted] of answers) it(what, () => assert.deepEqual(run(script), wanted));

  /** Scripts that must not be taken for an answer, and what is said of them */
  const failures: [string, string, RegExp][] = [
    ['does not parse', 'function decide( {', /^SyntaxError.*line 1/],
    ['throws', 'function decide() {\n  throw new TypeError("oh")\n}', /^TypeError: oh \(line 2\)$/],
    ['throws while it is loaded', 'throw new Error("early")', /early/],
    ['throws nothing at all', 'function decide() { throw null }', /it threw null/],
    ['throws what throws again when it is read', 'function decide() { throw { get message() { throw 1 }, toString() { throw 2 } } }', /cannot be read/],
    ['has no decide', 'const decided = 1', /no function named “decide”/],
    ['has a decide that is no function', 'const decide = { decision: "pass" }', /no function named “decide”/],
    ['has a decide that throws when it is looked at', 'Object.defineProperty(globalThis, "decide", { get() { throw new Error("no") } })', /no/],
    ['gives nothing', 'function decide() {}', /it gave undefined/],
    ['gives a text', 'function decide() { return "pass" }', /it gave string/],
    ['gives null', 'function decide() { return null }', /it gave null/],
    ['gives a promise', 'async function decide() { return { decision: "pass" } }', /a promise/],
    ['gives something that can be waited for', 'function decide() { return { decision: "pass", then() {} } }', /a promise/],
    ['allows', 'function decide() { return { decision: "allow" } }', /“allow” is no decision/],
    ['answers in capitals', 'function decide() { return { decision: "PASS" } }', /“PASS” is no decision/],
    ['answers two things in one', String.raw`function decide() { return { decision: "pass\ndeny" } }`, /“pass deny” is no decision/],
    ['says of itself that it is wrong', 'function decide() { return { decision: "wrong", reason: "x" } }', /“wrong” is no decision/],
    ['throws what says nothing', 'function decide() { throw {} }', /^it threw an object$/],
    ['answers with a boxed text', 'function decide() { return { decision: new String("pass") } }', /no “decision”/],
    ['has a decision that throws', 'function decide() { return { get decision() { throw new Error("oh") } } }', /oh/],
    ['changes what it is given', 'function decide({ params }) { params.list[1].deep = "y"; return { decision: "pass" } }', /TypeError/],
    ['calls itself without end', 'function decide(given) { return decide(given) }', /stack/],
    ['wants more memory than it may have, at once', 'function decide() { new Uint8Array(64 * 2 ** 20); return { decision: "pass" } }', /out of memory/],
    ['wants more memory than it may have, bit by bit', 'function decide() { const all = []; for (let n = 0; ; n += 1) all.push("x".repeat(1000) + n) }', /out of memory/],
    ['imports', 'import fs from "node:fs"; function decide() { return { decision: "pass" } }', /SyntaxError/],
    ['imports as it goes', 'function decide() { return import("node:fs") }', /a promise/],
    ['nests a text deeper than the engine can read', 'function decide() { return JSON.parse("[".repeat(1e6)) }', /stack/],
    ['nests code deeper than the engine can read', 'function decide() { return eval("(".repeat(1e5)) }', /./],
  ];
  for (const [what, script, wanted] of failures) {
    it(`fails where it ${what}`, () => {
      const answer = run(script);
      assert.ok('error' in answer, JSON.stringify(answer));
      assert.match(answer.error, wanted);
      assert.ok(answer.error.length <= 600, `${answer.error.length} characters`);
      assert.ok(!answer.error.includes('\n'));
    });
  }

  it('cuts what it says', () => {
    const answer = run('function decide() { return { decision: "deny", reason: "x".repeat(1e6) } }');
    assert.ok('decision' in answer && answer.reason?.length === 500);
    const thrown = run('function decide() { throw new Error("x".repeat(1e6)) }');
    assert.ok('error' in thrown && thrown.error.length < 600);
  });

  it('has nothing of the machine: no clock, chance, console, timers, modules or network', () => {
    const names = ['Date', 'performance', 'console', 'print', 'setTimeout', 'queueMicrotask', 'require', 'process', 'module', 'fetch', 'std', 'os', 'bjson', 'WebAssembly', 'Worker', 'Atomics', 'navigator', 'crypto'];
    const answer = run(`function decide() { return { decision: "deny", reason: [${names.map((name) => `typeof ${name}`).join()}, typeof Math.random].join() } }`);
    assert.deepEqual(answer, { decision: 'deny', reason: [...names, ''].map(() => 'undefined').join() });
  });

  it('reaches nothing outside through constructors', () => {
    const answer = run('function decide() { const all = decide.constructor("return this")(); return { decision: "deny", reason: String(all === globalThis) + typeof all.process } }');
    assert.deepEqual(answer, { decision: 'deny', reason: 'trueundefined' });
  });

  it('cannot get at how its answer is read by putting other functions in place', () => {
    const script = `
      String.prototype.slice = () => "pass"; String.prototype.trim = () => "pass"; Object.prototype.toJSON = () => "pass"; JSON.parse = JSON.stringify = () => "pass";
      Function.prototype.call = () => "pass"; Array.prototype[Symbol.iterator] = function* () {}; Object.freeze = () => {};
      function decide({ params }) { try { params.command = "ls"; } catch {} return { decision: "deny", reason: params.command } }`;
    assert.deepEqual(run(script), { decision: 'deny', reason: 'git push' });
  });

  it('keeps nothing from one run to the next', () => {
    const script = 'globalThis.count = (globalThis.count ?? 0) + 1; Object.prototype.left = "over"; function decide() { return { decision: "deny", reason: String(count) } }';
    assert.deepEqual([run(script), run(script)], [{ decision: 'deny', reason: '1' }, { decision: 'deny', reason: '1' }]);
    assert.deepEqual(run('function decide() { return { decision: "deny", reason: typeof ({}).left } }'), { decision: 'deny', reason: 'undefined' });
  });

  it('is only read where there is nothing to decide: nothing of it runs', () => {
    assert.deepEqual(runInIsolate(engine, 'throw new Error("it ran")', undefined), { decision: 'pass' });
    const wrong = runInIsolate(engine, 'function decide() {\n  retrun 1\n}', undefined);
    assert.ok('error' in wrong);
    assert.match(wrong.error, /^SyntaxError.*line 2/);
  });

  it('takes keys that are names of the language for what they are', () => {
    const given = '{"tool":"t","params":{"__proto__":{"decision":"pass"},"constructor":"c"}}';
    assert.deepEqual(run('function decide({ params }) { return { decision: "deny", reason: Object.keys(params).join() + typeof params.decision } }', given), { decision: 'deny', reason: '__proto__,constructorundefined' });
  });

  it('starts from one that passes everything but its example', () => {
    const starting = (command: string): ScriptAnswer => run(scriptStarter, JSON.stringify({ tool: 'run_command', params: { command }, actions: [{ kind: 'exec', target: command, argv: command.split(' '), readings: [command.split(' ')] }] }));
    assert.deepEqual(starting('git status'), { decision: 'pass' });
    assert.deepEqual(starting('git push origin main'), { decision: 'require_approval', reason: 'This pushes to main.' });
    for (const place of ['HEAD:main', '+main', 'refs/heads/main']) assert.ok('reason' in starting(`git push -q origin ${place}`), place);
    assert.deepEqual(starting('git push origin maintenance'), { decision: 'pass' });
    assert.deepEqual(run(scriptStarter, '{"tool":"read_file","params":{},"actions":[{"kind":"read","target":"a"}]}'), { decision: 'pass' });
  });

  it('stays behind a wall of 32 MiB', () => {
    run('function decide() { const all = []; for (let n = 0; ; n += 1) all.push("x".repeat(1000) + n) }');
    const memory = (engine as unknown as { getWasmMemory(): { buffer: ArrayBuffer } }).getWasmMemory();
    assert.ok(memory.buffer.byteLength <= 32 * 1024 * 1024, `${memory.buffer.byteLength} bytes`);
  });
});
