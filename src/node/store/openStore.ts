import { randomBytes } from 'node:crypto';
import { type FSWatcher, accessSync, constants, realpathSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import type { Place } from '../../core/policy/place.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { Emitter } from '../../gate/emitter.ts';
import type { Entry, RecordedEntry } from '../../gate/entry.ts';
import { type Clock, type Disposable, type HistoryFilter, type Problem, type Store, StoreError, type StoredState } from '../../gate/ports.ts';
import { nodeSurroundings } from '../surroundings.ts';
import { managedFile } from '../userFolder.ts';
import { Anchor } from './anchor.ts';
import { type Head, type SealKey, firstHead } from './chain.ts';
import { inspectDatabase, writeCheckpoint } from './checkpoint.ts';
import { auditRows } from './database.ts';
import { type Facts, applyEntry, noFacts } from './facts.ts';
import { Journal } from './journal.ts';
import { journalKey } from './key.ts';
import { type HeldLock, takeLock } from './lock.ts';
import { mirrorable } from './manifest.ts';
import { Mirror } from './mirror.ts';
import { NewestEntries } from './newestEntries.ts';
import { problemOf } from './problemOf.ts';
import { Profile } from './profile.ts';
import { type Loaded, load } from './recover.ts';
import { type RuleFile, profileFile, readRuleFile } from './ruleFile.ts';
import { ScriptFile } from './scriptFile.ts';
import { type Sealed, sealEntries } from './sealEntries.ts';
import { type StoreFolder, createFolder, folderExists, storeFolder } from './storeFolder.ts';
import { workspaceRecord } from './workspaceRecord.ts';

export interface StoreOptions {
  /** The workspace folder, absolute */
  readonly folder: string;
  /** The user's own state folder (`userFolder()`) */
  readonly userFolder: string;
  readonly clock: Clock;
  /** Only look: takes no lock and changes nothing */
  readonly readOnly?: boolean;
  /** The administrator's rules, where they do not lie in their usual place (tests) */
  readonly managedFile?: string;
  /** Whether changes on disk are noticed by themselves; else `reloadManifest` is the only way */
  readonly watch?: boolean;
  /** A listener of the state threw */
  readonly onError?: (error: unknown) => void;
}

/** The store of one workspace folder on this machine */
export interface FolderStore extends Store {
  /** A person says that what a broken history put aside may count again (`state_doubted`) */
  confirmState(by: string): Promise<void>;
  /** Writes `policy.db` now, if anything changed since */
  checkpoint(): Promise<void>;
  /** The text of `permissions.json` that a person reviewed last, to show what changed since; nothing where none was kept */
  reviewedText(): string | undefined;
  /** The same of the policy script */
  reviewedScript(): string | undefined;
}

/** After this long without a commit the checkpoint is written, in milliseconds */
const idle = 2000;
/** How often a lock is shown to be alive, and a closed store tries again, in milliseconds */
const beat = 5000;
/** Editors save in several steps; the manifest is read when they are through, in milliseconds */
const settleTime = 100;
/** A journal file is closed when its entries reach this many bytes and outweigh its opening */
const segmentBytes = 1024 * 1024;

/**
 * Opens the durable state of a workspace folder. It opens whatever it finds; what stops it from recording is in
 * `state.closedBecause`, and it tries again by itself. Rejects with a `StoreError` only where there is no such folder.
 *
 * `.cowork/policy` is made with the first commit, so that merely opening a folder leaves no trace in it.
 */
export async function openStore(options: StoreOptions): Promise<FolderStore> {
  let workspace: string;
  try {
    workspace = realpathSync.native(options.folder);
    if (!statSync(workspace).isDirectory()) throw new Error('it is not a folder');
  } catch (error) {
    throw new StoreError({ code: 'no_folder', message: `${options.folder} cannot be opened as a workspace folder: ${(error as Error).message}`, file: options.folder }, { cause: error });
  }
  const surroundings = nodeSurroundings(workspace);
  if (surroundings === undefined) throw new StoreError({ code: 'no_folder', message: `${workspace} cannot be resolved`, file: workspace });
  const store = new DiskStore(options, workspace, { ...surroundings, userFolder: options.userFolder });
  await store.open();
  return store;
}

interface Waiting {
  readonly entries: readonly Entry[];
  readonly resolve: () => void;
  readonly reject: (error: StoreError) => void;
}

/** What only the one writer of a folder has */
interface Writer {
  readonly lock: HeldLock;
  readonly anchor: Anchor;
  readonly journal: Journal;
}

class DiskStore implements FolderStore {
  readonly #options: StoreOptions;
  readonly #clock: Clock;
  readonly #place: StoreFolder;
  /** The user's folder for this workspace */
  readonly #record: string;
  readonly #mirror: Mirror;
  readonly #script: ScriptFile;
  readonly #profile: Profile;
  readonly #newest: NewestEntries;
  readonly #changed: Emitter<StoredState>;
  readonly #problems = new Map<string, readonly Problem[]>();
  readonly #timers = new Map<string, Disposable>();
  readonly #watchers = new Map<string, FSWatcher>();

  #key: SealKey | undefined;
  #facts: Facts = noFacts;
  #managed: RuleFile = { rules: [], problems: [] };
  #closedBecause: Problem | undefined;
  #writer: Writer | undefined;
  #state!: StoredState;

  readonly #queue: Waiting[] = [];
  #draining = false;
  /** Work on the files goes one after the other along this */
  #turn: Promise<unknown> = Promise.resolve();
  /** Entries that `policy.db` does not show yet */
  #unsaved = false;
  #closed = false;
  #seenJournal = '';

  constructor(options: StoreOptions, workspace: string, surroundings: Place) {
    this.#options = options;
    this.#clock = options.clock;
    this.#place = storeFolder(workspace);
    this.#record = workspaceRecord(options.userFolder, workspace);
    this.#mirror = new Mirror(this.#place, surroundings, this.#record);
    this.#script = new ScriptFile(this.#place, this.#record);
    this.#profile = new Profile(options.userFolder, options.clock);
    this.#newest = new NewestEntries(this.#place);
    this.#changed = new Emitter(options.onError ?? reportLoudly);
    this.#publish();
  }

  get state(): StoredState {
    return this.#state;
  }

  onDidChange(listener: (state: StoredState) => void): Disposable {
    return this.#changed.event(listener);
  }

  async open(): Promise<void> {
    await this.#exclusive(async () => {
      this.#profile.read();
      this.#readManaged();
      try {
        this.#key = journalKey(this.#options.userFolder, this.#place.workspace);
      } catch (error) {
        this.#close({ code: 'user_folder', message: `${this.#options.userFolder} cannot be used: ${(error as Error).message}`, file: this.#options.userFolder });
      }
      if (this.#key !== undefined) await this.#start(this.#key);
      this.#watch('user', this.#options.userFolder, [path.basename(profileFile(this.#options.userFolder))], () => this.#profile.read());
      await this.#readManifest();
      this.#publish();
    });
  }

  async #start(key: SealKey): Promise<void> {
    let exists = false;
    try {
      exists = folderExists(this.#place);
      if (!exists && this.#options.readOnly !== true) accessSync(this.#place.workspace, constants.W_OK);
    } catch (error) {
      this.#close(problemOf(error, this.#place.folder));
      return;
    }
    if (this.#options.readOnly !== true && exists) return this.#becomeWriter(key);
    this.#look(key);
    if (this.#options.readOnly === true) this.#closedBecause = { code: 'read_only', message: 'This store was opened for reading only' };
  }

  commit(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#queue.push({ entries, resolve, reject });
      if (this.#draining) return;
      this.#draining = true;
      void this.#exclusive(() => this.#drain());
    });
  }

  history(filter: HistoryFilter = {}): Promise<readonly RecordedEntry[]> {
    return this.#exclusive(async () => this.#history(filter));
  }

  reloadManifest(): Promise<void> {
    return this.#exclusive(async () => {
      await this.#readManifest();
      this.#publish();
    });
  }

  reviewedText(): string | undefined {
    return this.#mirror.reviewedText();
  }

  reviewedScript(): string | undefined {
    return this.#script.reviewedText();
  }

  confirmState(by: string): Promise<void> {
    return this.commit([{ type: 'state_confirmed', by }]);
  }

  checkpoint(): Promise<void> {
    return this.#exclusive(() => this.#checkpoint());
  }

  close(): Promise<void> {
    return this.#exclusive(async () => {
      if (this.#closed) return;
      await this.#checkpoint();
      this.#closed = true;
      for (const timer of this.#timers.values()) timer.dispose();
      for (const watcher of this.#watchers.values()) watcher.close();
      this.#dropWriter();
      this.#closedBecause = { code: 'closed', message: 'The store is closed' };
      this.#publish();
    });
  }

  // ── one thing at a time ──

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Writes everything that waits; what comes in during an fsync goes together with the next */
  async #drain(): Promise<void> {
    try {
      for (let batch = this.#queue.splice(0); batch.length > 0; batch = this.#queue.splice(0)) await this.#writeBatch(batch);
    } finally {
      this.#draining = false;
    }
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    if (this.#writer === undefined && this.#closedBecause === undefined && this.#key !== undefined) {
      await this.#becomeWriter(this.#key);
      this.#publish();
    }
    const writer = this.#writer;
    if (writer === undefined) {
      const problem = this.#closedBecause ?? { code: 'closed', message: 'The store is closed' };
      for (const waiting of batch) waiting.reject(new StoreError(problem));
      return;
    }
    const accepted: Waiting[] = [];
    const recorded: RecordedEntry[] = [];
    let text = '';
    let { head } = writer.journal;
    for (const waiting of batch) {
      const sealed = this.#seal(head, waiting.entries);
      if ('problem' in sealed) {
        waiting.reject(new StoreError(sealed.problem));
        continue;
      }
      accepted.push(waiting);
      recorded.push(...sealed.recorded);
      text += sealed.text;
      head = sealed.head;
    }
    if (accepted.length === 0) return;
    try {
      await writer.journal.append(text, head, () => writer.lock.holds());
    } catch (error) {
      const problem = problemOf(error, this.#place.journal);
      this.#close(problem);
      this.#publish();
      for (const waiting of accepted) waiting.reject(new StoreError(problem, { cause: error }));
      return;
    }
    try {
      await this.#apply(recorded);
    } catch (error) {
      // It is recorded, but this window does not show it: read everything again before going on
      const problem = problemOf(error, this.#place.folder);
      this.#seenJournal = '';
      this.#close(problem);
      this.#publish();
      for (const waiting of accepted) waiting.reject(new StoreError(problem, { cause: error }));
      return;
    }
    for (const waiting of accepted) waiting.resolve();
    this.#afterWrite(writer);
  }

  #seal(start: Head, entries: readonly Entry[]): Sealed | { readonly problem: Problem } {
    if (this.#key === undefined) return { problem: { code: 'user_folder', message: 'There is no key to seal entries with' } };
    return sealEntries(this.#key, start, entries, this.#clock.now());
  }

  /** Takes up entries that are safe on disk: state first, then the files that follow it */
  async #apply(recorded: readonly RecordedEntry[]): Promise<void> {
    const before = this.#facts;
    for (const { entry, at } of recorded) this.#facts = applyEntry(this.#facts, entry, at);
    this.#newest.push(recorded);
    const entries = recorded.map(({ entry }) => entry);
    const profileChanged = await this.#profile.apply(entries);
    const manifestChanged = [this.#applyToMirror(entries), this.#applyToScript(entries)].includes(true);
    // Each decision counts for its task: a record, and no change that anybody waits for
    const { tasks: _, ...was } = before;
    const { tasks: __, ...is } = this.#facts;
    const isChange = Object.keys({ ...was, ...is }).some((key) => was[key as keyof typeof was] !== is[key as keyof typeof is]) || entries.some((entry) => entry.type === 'budget_granted' || entry.type === 'task_stopped' || (entry.type === 'result' && entry.use !== undefined));
    if (isChange || profileChanged || manifestChanged) this.#publish();
    else this.#renew();
  }

  #applyToMirror(entries: readonly Entry[]): boolean {
    const removed = entries.flatMap((entry) => (entry.type === 'rule_removed' ? mirrorable([entry.rule]) : []));
    const reviewed = entries.flatMap((entry) => (entry.type === 'manifest_reviewed' ? [entry.hash] : []));
    const isDoubted = entries.some((entry) => entry.type === 'state_doubted');
    const isTouched = removed.length > 0 || entries.some((entry) => (entry.type === 'rule_added' && mirrorable([entry.rule]).length > 0) || entry.type === 'state_confirmed');
    if (isTouched) this.#mirror.write(this.#facts, removed);
    // Allow rules that history has lost may stand in the mirror still: what was reviewed before the doubt counts no longer
    if (isDoubted) this.#mirror.forgetReviews();
    if (reviewed.length > 0) this.#mirror.review(reviewed);
    if (!isTouched && !isDoubted && reviewed.length === 0) return false;
    this.#mirror.compare(this.#facts, this.#writer !== undefined);
    return true;
  }

  #applyToScript(entries: readonly Entry[]): boolean {
    const reviews = entries.filter((entry) => entry.type === 'script_reviewed');
    for (const { hash } of reviews) this.#script.review(hash);
    return reviews.length > 0;
  }

  #afterWrite(writer: Writer): void {
    this.#unsaved = true;
    if (writer.journal.length > Math.max(segmentBytes, writer.journal.openingSize)) {
      try {
        writer.journal.rotate(this.#facts, this.#clock.now());
      } catch (error) {
        this.#close(problemOf(error, this.#place.journal));
        this.#publish();
        return;
      }
    }
    this.#after('idle', idle, () => this.#checkpoint());
  }

  // ── becoming and staying the writer ──

  async #becomeWriter(key: SealKey): Promise<void> {
    const wasClosed = this.#closedBecause;
    let lock: HeldLock | undefined;
    let anchor: Anchor | undefined;
    let journal: Journal | undefined;
    try {
      createFolder(this.#place);
      const taken = takeLock(this.#place.lock);
      if ('owner' in taken) {
        const { pid, host } = taken.owner;
        this.#lookAgain(key);
        this.#close({ code: 'busy', message: `Another window or program (process ${pid} on ${host}) keeps the policy of this folder; decide there, or close it`, file: this.#place.lock });
        return;
      }
      lock = taken.held;
      const now = this.#clock.now();
      const remembered = Anchor.read(this.#record);
      const loaded = load(this.#place, key, remembered, { repair: true, now });
      const database = inspectDatabase(this.#place, remembered, now);
      // Whoever anchored a beginning and died before the journal was there left it to be taken up
      const begun = remembered?.head.sequence === 0 ? remembered.head : undefined;
      const head = loaded.head ?? begun ?? firstHead(randomBytes(32).toString('hex'));
      // An anchor that is made while the history is in doubt points past its end until the doubt itself is recorded: a crash
      // in between finds the doubt again
      const doubted = loaded.toRecord.some((entry) => entry.type === 'state_doubted');
      anchor = Anchor.open(this.#record, { head: doubted ? { ...head, sequence: head.sequence + 1 } : head, databases: [], saved: 0 });
      journal = loaded.usable === undefined || loaded.head === undefined
        ? Journal.begin(this.#place, key, anchor, { segment: loaded.segment, after: head, facts: loaded.facts, now })
        : Journal.resume(this.#place, key, anchor, { usable: loaded.usable, segment: loaded.segment, head: loaded.head });
      this.#take(loaded, database.problem);
      this.#writer = { lock, anchor, journal };
      this.#unsaved = !database.ours || remembered?.saved !== head.sequence;
      await this.#recordFindings(this.#writer, [
        ...loaded.toRecord,
        ...problemEntries(database.problem),
        ...(wasClosed === undefined || wasClosed.code === 'busy' ? [] : problemEntries({ ...wasClosed, message: `For a time nothing could be recorded and everything was denied: ${wasClosed.message}` })),
      ]);
      this.#closedBecause = undefined;
      this.#watch('workspace', this.#place.folder, [path.basename(this.#place.manifest), path.basename(this.#place.script)], () => this.#readManifest());
      this.#after('beat', beat, () => this.#beat());
      this.#after('idle', idle, () => this.#checkpoint());
    } catch (error) {
      if (this.#writer === undefined) {
        journal?.close();
        anchor?.close();
        lock?.release();
      }
      this.#close(problemOf(error, this.#place.folder));
      this.#lookAgain(key);
    }
  }

  /** What opening found stands in the record before anything else does */
  async #recordFindings(writer: Writer, findings: readonly Entry[]): Promise<void> {
    if (findings.length === 0) return;
    const sealed = this.#seal(writer.journal.head, findings);
    if ('problem' in sealed) throw new StoreError(sealed.problem);
    await writer.journal.append(sealed.text, sealed.head, () => writer.lock.holds());
    await this.#apply(sealed.recorded);
  }

  #take(loaded: Loaded, ...problems: readonly (Problem | undefined)[]): void {
    this.#facts = loaded.facts;
    this.#newest.take(loaded.recent);
    this.#problems.set('state', [...loaded.problems, ...problems.filter((problem) => problem !== undefined)]);
  }

  /** Reads the state without touching anything */
  #look(key: SealKey): void {
    const options = { repair: false, now: this.#clock.now() };
    // The anchor first: a writer that is at work meanwhile only makes the journal longer
    const anchor = Anchor.read(this.#record);
    this.#take(load(this.#place, key, anchor, options));
  }

  /** The same for a store that is closed already: whatever goes wrong, it stays closed and with what it has */
  #lookAgain(key: SealKey): void {
    try {
      const journal = statSync(this.#place.journal, { throwIfNoEntry: false });
      const seen = `${journal?.ino}:${journal?.size}`;
      if (seen !== this.#seenJournal) this.#look(key);
      this.#seenJournal = seen;
    } catch (error) {
      this.#problems.set('state', [problemOf(error, this.#place.folder)]);
    }
  }

  async #beat(): Promise<void> {
    if (this.#writer?.lock.beat() === false) {
      this.#close({ code: 'lock_lost', message: `${this.#place.lock} was removed or taken over`, file: this.#place.lock });
      this.#publish();
      return;
    }
    if (this.#readManaged()) this.#publish();
    this.#after('beat', beat, () => this.#beat());
  }

  /** The administrator's rules hold from the next beat on, without a restart; whether they changed */
  #readManaged(): boolean {
    const before = JSON.stringify(this.#managed);
    this.#managed = readRuleFile(this.#options.managedFile ?? managedFile(), 'managed');
    return JSON.stringify(this.#managed) !== before;
  }

  /** Nothing can be recorded from here on; tries again after a while */
  #close(problem: Problem): void {
    this.#dropWriter();
    this.#closedBecause = problem;
    if (this.#closed || this.#options.readOnly === true) return;
    this.#after('beat', beat, async () => {
      if (this.#key === undefined) this.#key = journalKey(this.#options.userFolder, this.#place.workspace);
      await this.#becomeWriter(this.#key);
      await this.#readManifest();
      this.#readManaged();
      this.#publish();
    });
  }

  #dropWriter(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer === undefined) return;
    writer.journal.close();
    writer.anchor.close();
    writer.lock.release();
  }

  /** Runs once later, in turn with all other work; a new call under the same name replaces the old */
  #after(name: string, milliseconds: number, work: () => Promise<void>): void {
    this.#timers.get(name)?.dispose();
    this.#timers.set(name, this.#clock.after(milliseconds, () => {
      if (this.#closed) return;
      this.#exclusive(work).catch((error: unknown) => {
        this.#close(problemOf(error, this.#place.folder));
        this.#publish();
      });
    }));
  }

  // ── checkpoint and history ──

  async #checkpoint(): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined || !this.#unsaved) return;
    try {
      folderExists(this.#place);
      await writeCheckpoint(this.#place, writer.anchor, { workspace: this.#place.workspace, facts: this.#facts, head: writer.journal.head, recent: this.#history({ limit: auditRows }), messages: this.#key === undefined ? [] : this.#newest.messages(this.#key, this.#facts) });
      this.#unsaved = false;
      if (this.#problems.delete('checkpoint')) this.#publish();
    } catch (error) {
      // The journal has everything; only the database is behind
      this.#problems.set('checkpoint', [{ ...problemOf(error, this.#place.database), code: 'checkpoint_failed' }]);
      this.#publish();
    }
  }

  #history(filter: HistoryFilter): readonly RecordedEntry[] {
    return this.#key === undefined ? [] : this.#newest.history(this.#key, filter);
  }

  // ── manifest and profile ──

  async #readManifest(): Promise<void> {
    this.#script.read();
    try {
      if (!folderExists(this.#place)) return;
    } catch {
      // The folder's own problem is reported where the store was closed because of it
      return;
    }
    const takenOut = this.#mirror.read(this.#facts);
    if (takenOut.length > 0) await this.#followRemoval(takenOut);
    if (this.#writer !== undefined) this.#mirror.catchUp(this.#facts);
    this.#mirror.compare(this.#facts, this.#writer !== undefined);
  }

  /** Whoever takes an allow out of the shared file means it; taking it out tightens, so it is done */
  async #followRemoval(allows: readonly Rule[]): Promise<void> {
    const entries: Entry[] = [
      { type: 'problem', code: 'manifest_lost_rules', message: `${allows.length} allow ${allows.length === 1 ? 'rule was' : 'rules were'} taken out of permissions.json and no longer hold` },
      ...allows.map((rule): Entry => ({ type: 'rule_removed', rule, by: 'permissions.json' })),
    ];
    if (this.#writer === undefined) for (const entry of entries) this.#facts = applyEntry(this.#facts, entry, this.#clock.now());
    else await this.#writeBatch([{ entries, resolve: () => undefined, reject: () => undefined }]);
  }

  #watch(name: string, folder: string, files: readonly string[], changed: () => Promise<void> | void): void {
    if (this.#options.watch === false || this.#options.readOnly === true || this.#watchers.has(name)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_, seen) => {
        if (seen !== null && !files.includes(seen)) return;
        this.#after(name, settleTime, async () => {
          await changed();
          this.#publish();
        });
      });
      watcher.on('error', () => {
        this.#watchers.delete(name);
        watcher.close();
      });
      this.#watchers.set(name, watcher);
    } catch (error) {
      // Not there yet, or no watches left; the file is still read at each start and on demand
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      this.#problems.set('watch', [{ ...problemOf(error, folder), code: 'watch_failed' }]);
    }
  }

  // ── what readers see ──

  #publish(): void {
    this.#renew();
    this.#changed.fire(this.#state);
  }

  #renew(): void {
    const { doubt } = this.#facts;
    this.#state = Object.freeze({
      settings: this.#facts.settings,
      workspaceRules: this.#facts.rules,
      profileRules: this.#profile.rules,
      managedRules: this.#managed.rules,
      manifest: this.#mirror.manifest,
      ...(this.#script.script && { script: this.#script.script }),
      pending: this.#facts.pending,
      ...(this.#facts.channels && { channels: this.#facts.channels }),
      ...(this.#facts.noted && { noted: this.#facts.noted }),
      ...(this.#facts.tasks && { tasks: this.#facts.tasks }),
      problems: [
        ...(doubt === undefined ? [] : [{ code: doubt.code, message: doubt.message, file: this.#place.journal }]),
        ...this.#managed.problems,
        ...this.#profile.problems,
        ...this.#mirror.problems,
        ...this.#script.problems,
        ...[...this.#problems.values()].flat(),
      ],
      ...(this.#closedBecause && { closedBecause: this.#closedBecause }),
    });
  }
}

function problemEntries(problem: Problem | undefined): Entry[] {
  return problem === undefined ? [] : [{ type: 'problem', code: problem.code, message: problem.message }];
}

/** A listener that throws is a defect of ours: it ends up where the host logs what nobody caught */
function reportLoudly(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
