import { defaultSettings } from '../../../src/core/policy/policy.ts';
import type { PolicySettings } from '../../../src/core/policy/policy.ts';
import type { Answer } from '../../../src/core/decide/evaluation.ts';
import type { Surroundings } from '../../../src/core/surroundings.ts';
import { createGate } from '../../../src/gate/gate.ts';
import type { AnswerOutcome, Gate, GateOptions } from '../../../src/gate/gate.ts';
import type { Approval, ApprovalAnswer, Clock, Disposable, Prompter, Verdict } from '../../../src/gate/ports.ts';
import { MemoryStore } from './memoryStore.ts';

/** A clock that stands still until a test moves it */
export class TestClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): Disposable {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }

  /** Time goes by and no timer fires, as while a machine sleeps */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  get timers(): number {
    return this.#timers.size;
  }
}

/** The machine's clock, whose timers keep no test run from ending */
export const machineClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return { dispose: () => clearTimeout(timer) };
  },
};

/** A prompter that notes what it was asked and what was taken back */
export class NotingPrompter implements Prompter {
  readonly asked: Approval[] = [];
  readonly gone: string[] = [];
  fails: Error | undefined;

  ask(approval: Approval, signal: AbortSignal): void {
    if (this.fails !== undefined) throw this.fails;
    this.asked.push(approval);
    signal.addEventListener('abort', () => void this.gone.push(approval.id));
  }
}

export const workspace = '/home/dev/project';

export const surroundings: Surroundings = {
  workspace,
  home: '/home/dev',
  temporary: '/tmp',
  platform: 'linux',
  shell: 'bash',
  files: { resolve: (path) => path, readText: () => undefined },
};

/** Settings with everything switched on, so that the mode decides */
export const allOn: PolicySettings = { ...defaultSettings, permissions: { read: true, write: true, delete: true, shell: true, network: true } };

export interface TestGate {
  readonly gate: Gate;
  readonly store: MemoryStore;
  readonly clock: TestClock;
  readonly prompter: NotingPrompter;
  readonly failures: unknown[];
  trusted: boolean;
}

let lastId = 0;

/** A gate on a memory store with a prompter attached */
export function testGate(options: Partial<GateOptions> & { readonly settings?: Partial<PolicySettings>; readonly store?: MemoryStore } = {}): TestGate {
  const store = options.store ?? new MemoryStore({ settings: { ...allOn, ...options.settings } });
  const clock = new TestClock();
  store.now = () => clock.now();
  const prompter = new NotingPrompter();
  const failures: unknown[] = [];
  const test = { store, clock, prompter, failures, trusted: true };
  const gate = createGate({
    clock,
    surroundings: () => surroundings,
    trusted: () => test.trusted,
    ids: () => `id-${(lastId += 1)}`,
    onFailure: (error) => void failures.push(error),
    ...options,
    store,
  });
  gate.attach(prompter);
  return Object.assign(test, { gate });
}

/** Lets everything that is under way come to rest */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

const actor = { kind: 'agent', name: 'Claude Code', session: 's1' } as const;

/** A request for a shell line */
export function shell(command: string, more: object = {}): object {
  return { tool: 'run_command', input: { command }, actor, ...more };
}

/** A request to write a file */
export function write(path: string, content = 'text', more: object = {}): object {
  return { tool: 'write_file', input: { path, content }, actor, ...more };
}

/** A request that sends data out */
export function send(url: string, more: object = {}): object {
  return { tool: 'http_request', input: { url, method: 'POST', body: 'data' }, actor, ...more };
}

/** Asks, waits for the one new question and answers it */
export async function askAndAnswer(test: TestGate, request: object, answer: Answer, more: Partial<ApprovalAnswer> = {}): Promise<{ verdict: Verdict; outcome: AnswerOutcome }> {
  const asked = test.prompter.asked.length;
  const verdict = test.gate.check(request);
  await settled();
  const approval = test.prompter.asked[asked];
  if (approval === undefined) throw new Error(`nothing was asked, but: ${(await verdict).message}`);
  const outcome = await test.gate.answer(approval.id, { answer, by: 'editor', ...more });
  return { verdict: await verdict, outcome };
}
