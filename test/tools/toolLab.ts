import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Answer } from '../../src/core/decide/evaluation.ts';
import type { PolicySettings } from '../../src/core/policy/policy.ts';
import type { Rule, RuleScope } from '../../src/core/rules/rule.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { runTool } from '../../src/node/tools/runTool.ts';
import type { ToolContext, ToolDone, ToolFailed, ToolResult } from '../../src/node/tools/tool.ts';
import { MemoryStore } from '../unit/gate/memoryStore.ts';
import { type TestGate, allOn, testGate } from '../unit/gate/testGate.ts';

/** A workspace on the disk with a gate of its own, and what lies outside of it */
export interface ToolLab {
  readonly workspace: string;
  readonly outside: string;
  readonly test: TestGate;
  readonly context: ToolContext;
  run(name: string, input: unknown, context?: Partial<ToolContext>): Promise<ToolResult>;
  /** Runs a tool that has to succeed */
  done(name: string, input: unknown, context?: Partial<ToolContext>): Promise<ToolDone>;
  /** Runs a tool that has to fail */
  fails(name: string, input: unknown, context?: Partial<ToolContext>): Promise<ToolFailed>;
  /** From now on a person is there who answers every question so */
  answers(answer: Answer): void;
  /** From now on rules deny these */
  denies(...scopes: readonly RuleScope[]): void;
  /** A path in the workspace */
  at(...names: string[]): string;
  /** Everything in the workspace, sorted */
  everything(): readonly string[];
  end(): void;
}

export interface LabOptions {
  readonly settings?: Partial<PolicySettings>;
  readonly rules?: readonly Pick<Rule, 'effect' | 'scope'>[];
  readonly context?: Partial<ToolContext>;
}

/** A lab in a fresh folder; the mode allows everything, so that a test sees what the tools themselves hold */
export function openLab({ settings, rules = [], context }: LabOptions = {}): ToolLab {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-tools-')));
  const [workspace, outside, home, temporary, user] = ['workspace', 'outside', 'home', 'temporary', 'user'].map((name) => path.join(folder, name)) as [string, string, string, string, string];
  for (const each of [workspace, outside, home, temporary, user]) mkdirSync(each);
  const surroundings: Surroundings = { workspace, home, temporary, platform: 'linux', shell: 'bash', files: nodeFiles(), userFolder: user };
  const store = new MemoryStore({
    settings: { ...allOn, mode: 'dont_ask', limits: { iterationBudget: false }, ...settings },
    workspaceRules: rules.map((rule, index) => ({ id: `rule ${index}`, source: 'workspace_db', createdAt: 0, ...rule })),
  });
  const test = testGate({ store, surroundings: () => surroundings });
  const whole: ToolContext = {
    gate: test.gate, surroundings, ids: randomUUID, failed: (error) => assert.fail(String(error)), largestFile: () => 1024 * 1024, actor: { kind: 'agent', name: 'Lab', session: 'lab' },
    sandbox: () => Promise.resolve({ ok: false, passedOver: [] }), trash: { put: () => Promise.resolve(false) }, ...context,
  };
  const run: ToolLab['run'] = (name, input, more) => {
    // Each call in a minute of its own, since what is tried here is not how many there may be
    test.clock.sleep(60_000);
    return runTool(name, input, { ...whole, ...more });
  };
  return {
    workspace, outside, test, context: whole, run,
    async done(name, input, more) {
      const result = await run(name, input, more);
      assert.ok(result.ok, result.ok ? '' : `${result.code}: ${result.message}`);
      return result;
    },
    async fails(name, input, more) {
      const result = await run(name, input, more);
      assert.ok(!result.ok, `${name} was done: ${JSON.stringify(result)}`);
      return result;
    },
    answers: (answer) => void test.gate.attach({ ask: ({ id }) => void test.gate.answer(id, { answer, by: 'editor' }) }),
    denies(...scopes) {
      store.state = { ...store.state, workspaceRules: scopes.map((scope, index) => ({ id: `deny ${index}`, source: 'workspace_db', createdAt: 0, effect: 'deny', scope })) };
    },
    at: (...names) => path.join(workspace, ...names),
    everything: () => readdirSync(workspace, { recursive: true, encoding: 'utf8' }).toSorted(),
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
