import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Rule } from '../../../../src/core/rules/rule.ts';
import type { Approval, Clock, Disposable } from '../../../../src/gate/ports.ts';
import type { Entry } from '../../../../src/gate/entry.ts';
import { type FolderStore, type StoreOptions, openStore } from '../../../../src/node/store/openStore.ts';

/** A clock that stands until it is moved; what falls due runs then */
export class TestClock implements Clock {
  time = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): Disposable {
    const timer = { at: this.time + milliseconds, run };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.time)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

/** A workspace folder and a user's folder of their own, put away after the test */
export class TestFolders {
  readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-store-')));
  readonly workspace = path.join(this.root, 'workspace');
  readonly user = path.join(this.root, 'user');
  readonly clock = new TestClock();
  readonly #stores: FolderStore[] = [];

  constructor() {
    mkdirSync(this.workspace);
  }

  async open(options: Partial<StoreOptions> = {}): Promise<FolderStore> {
    const store = await openStore({
      folder: this.workspace, userFolder: this.user, clock: this.clock, watch: false, managedFile: path.join(this.root, 'managed.json'), ...options,
    });
    this.#stores.push(store);
    return store;
  }

  /** A path in `.cowork/policy` */
  policy(...names: string[]): string {
    return path.join(this.workspace, '.cowork', 'policy', ...names);
  }

  names(): string[] {
    return readdirSync(this.policy()).toSorted();
  }

  async remove(): Promise<void> {
    for (const store of this.#stores) await store.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

let made = 0;

export function rule(change: Partial<Rule> = {}): Rule {
  made += 1;
  return { id: `rule-${made}`, source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: `make target-${made}` }, createdAt: Date.UTC(2026, 0, 1), ...change };
}

export function added(change: Partial<Rule> = {}): Entry & { type: 'rule_added' } {
  return { type: 'rule_added', rule: rule(change), by: 'editor' };
}

export function note(text: string): Entry {
  return { type: 'problem', code: 'test', message: text };
}

export function decision(change: Partial<Entry & { type: 'decision' }> = {}): Entry & { type: 'decision' } {
  return {
    type: 'decision', request: { tool: 'read_file', input: { path: 'a' } }, session: 's', decision: 'allow', evaluated: 'allow',
    reason: { type: 'mode', summary: 'reads are allowed' }, actions: [], settledBy: 'policy', fingerprint: 'f', ...change,
  };
}

export function approval(id: string): Approval {
  const action = { kind: 'exec', target: 'npm test', argv: ['npm', 'test'], class: 'test', readings: [['npm', 'test']], namedAt: Number.POSITIVE_INFINITY } as const;
  const reason = { type: 'mode', summary: 'asks' } as const;
  return {
    id, request: { tool: 'run_command', input: { command: 'npm test' } }, session: 's', askedAt: 1, expiresAt: 2, recentReads: [],
    evaluation: { decision: 'ask', reason, actions: [{ action, decision: 'ask', reason, losing: [] }], suggestions: ['deny_once', 'allow_once'], fingerprint: 'f' },
  };
}
