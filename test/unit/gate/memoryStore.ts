import { defaultSettings } from '../../../src/core/policy/policy.ts';
import type { Rule } from '../../../src/core/rules/rule.ts';
import { applyChannelEntry } from '../../../src/gate/channelState.ts';
import type { Entry, RecordedEntry } from '../../../src/gate/entry.ts';
import { StoreError } from '../../../src/gate/ports.ts';
import type { Disposable, HistoryFilter, Store, StoredState } from '../../../src/gate/ports.ts';
import { withNoted } from '../../../src/gate/provenance.ts';
import { applyTaskEntry } from '../../../src/gate/taskUse.ts';

/** A store that keeps everything in memory and can be told to fail, wait or be closed */
export class MemoryStore implements Store {
  state: StoredState;
  readonly recorded: RecordedEntry[] = [];
  /** Asked before each commit; throws to make it fail, returns a promise to make it wait */
  beforeCommit: (entries: readonly Entry[]) => Promise<void> | void = () => undefined;
  /** When what is recorded happens, for what depends on it */
  now: () => number = () => 0;
  historyFails: Error | undefined;
  readonly #listeners = new Set<(state: StoredState) => void>();

  constructor(state: Partial<StoredState> = {}) {
    this.state = {
      settings: defaultSettings,
      workspaceRules: [],
      profileRules: [],
      managedRules: [],
      manifest: { hash: undefined, rules: [], reviewed: false },
      pending: [],
      problems: [],
      ...state,
    };
  }

  onDidChange(listener: (state: StoredState) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  async commit(entries: readonly Entry[]): Promise<void> {
    await this.beforeCommit(entries);
    // What comes back from a disk is a copy
    for (const entry of JSON.parse(JSON.stringify(entries)) as Entry[]) {
      this.recorded.push({ sequence: this.recorded.length + 1, at: 0, entry });
      this.#apply(entry);
    }
    this.changed({});
  }

  async history(filter: HistoryFilter = {}): Promise<readonly RecordedEntry[]> {
    if (this.historyFails !== undefined) throw this.historyFails;
    const wanted = this.recorded.filter(({ entry }) => filter.types?.includes(entry.type) ?? true);
    return wanted.reverse().slice(0, filter.limit ?? 100);
  }

  async reloadManifest(): Promise<void> {}
  async close(): Promise<void> {}

  /** Changes the state from outside and tells everyone */
  changed(change: Partial<StoredState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.#listeners]) listener(this.state);
  }

  entries<Type extends Entry['type']>(type: Type): Extract<Entry, { type: Type }>[] {
    return this.recorded.flatMap(({ entry }) => (entry.type === type ? [entry as Extract<Entry, { type: Type }>] : []));
  }

  #apply(entry: Entry): void {
    this.state = { ...this.state, tasks: applyTaskEntry(this.state.tasks ?? [], entry, this.now()) };
    const { state } = this;
    switch (entry.type) {
      case 'file_noted':
        this.state = { ...state, noted: withNoted(state.noted ?? [], entry.file) };
        return;
      case 'decision': {
        const used = new Set(entry.actions.map((action) => action.rule));
        if (!state.workspaceRules.some((rule) => rule.usesLeft !== undefined && used.has(rule.id))) return;
        const workspaceRules = state.workspaceRules.flatMap((rule) => (rule.usesLeft === undefined || !used.has(rule.id) ? [rule] : rule.usesLeft > 1 ? [{ ...rule, usesLeft: rule.usesLeft - 1 }] : []));
        this.state = { ...state, workspaceRules };
        return;
      }
      case 'rule_added':
        this.state = entry.rule.source === 'profile' ? { ...state, profileRules: [...state.profileRules, entry.rule] } : { ...state, workspaceRules: [...state.workspaceRules, entry.rule] };
        return;
      case 'rule_removed': {
        const others = (rule: Rule): boolean => rule.id !== entry.rule.id;
        this.state = { ...state, workspaceRules: state.workspaceRules.filter(others), profileRules: state.profileRules.filter(others) };
        return;
      }
      case 'settings_changed':
        this.state = { ...state, settings: { ...state.settings, ...entry.change } };
        return;
      case 'approval_asked':
        this.state = { ...state, pending: [...state.pending, entry.approval] };
        return;
      case 'approval_settled':
        this.state = { ...state, pending: state.pending.filter((approval) => approval.id !== entry.approval) };
        return;
      case 'script_reviewed': {
        const { script } = state;
        if (script !== undefined) this.state = { ...state, script: { ...script, review: entry.hash === undefined ? 'new' : script.hash === entry.hash ? 'reviewed' : 'changed' } };
        return;
      }
      case 'manifest_reviewed':
        this.state = { ...state, manifest: { ...state.manifest, reviewed: state.manifest.hash === entry.hash } };
        return;
      default:
        if ('channel' in entry) this.state = { ...state, channels: applyChannelEntry(state.channels ?? {}, entry) };
    }
  }
}

/** The error of a store whose disk is full */
export function diskFull(): StoreError {
  return new StoreError({ code: 'disk_full', message: 'The disk is full. Make room and try again.' });
}
