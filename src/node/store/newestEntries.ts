import type { RecordedEntry } from '../../gate/entry.ts';
import type { HistoryFilter } from '../../gate/ports.ts';
import type { SealKey } from './chain.ts';
import { auditRows } from './database.ts';
import type { Facts } from './facts.ts';
import { readHistory, recentHistory, usualLimit } from './history.ts';
import type { StoreFolder } from './storeFolder.ts';

/** Newest entries that stay in memory, so that what is shown again and again costs no file */
const remembered = 2 * auditRows;
/** Above this, all but the newest are let go */
const mostInMemory = 2 * remembered;

/** The newest entries of a record, in memory; reads older ones from its files where somebody wants them */
export class NewestEntries {
  readonly #place: StoreFolder;
  /** Oldest first */
  #entries: RecordedEntry[] = [];
  /** Whether as many are in memory as are to stay there, or all that there are */
  #filled = false;
  /** The newest messages of channels, oldest first; read when the first checkpoint needs them */
  #messages: RecordedEntry[] | undefined;

  constructor(place: StoreFolder) {
    this.#place = place;
  }

  /** Begins anew with what was read of the open file, oldest first */
  take(entries: readonly RecordedEntry[]): void {
    this.#entries = [...entries];
    this.#messages = undefined;
    this.#filled = false;
  }

  /** Takes up what was recorded since */
  push(recorded: readonly RecordedEntry[]): void {
    this.#entries.push(...recorded);
    if (this.#entries.length > mostInMemory) this.#entries = this.#entries.slice(-remembered);
    this.#messages?.push(...recorded.filter(({ entry }) => entry.type === 'channel_message'));
    if ((this.#messages?.length ?? 0) > mostInMemory) this.#messages = this.#messages?.slice(-auditRows);
  }

  /** Newest first */
  history(key: SealKey, filter: HistoryFilter): readonly RecordedEntry[] {
    const inMemory = recentHistory(this.#entries, filter);
    if (inMemory.length >= (filter.limit ?? usualLimit)) return inMemory;
    const missing = remembered - this.#entries.length;
    // The open file may be short; those in the files before it come on first need, and then stay
    if (!this.#filled && missing > 0) {
      const [oldest] = this.#entries;
      const older = readHistory(this.#place, key, this.#entries, { limit: missing, ...(oldest === undefined ? {} : { before: oldest.sequence }) });
      this.#entries.unshift(...older.toReversed());
      this.#filled = true;
    }
    return readHistory(this.#place, key, this.#entries, filter);
  }

  /** As many messages of channels as a checkpoint shows, oldest first. The count of all there ever were says when nothing is left to look for */
  messages(key: SealKey, { channels = {} }: Facts): readonly RecordedEntry[] {
    const ever = Object.values(channels).reduce((sum, { messages }) => sum + messages, 0);
    this.#messages ??= ever === 0 ? [] : [...this.history(key, { types: ['channel_message'], limit: Math.min(auditRows, ever) })].reverse();
    return this.#messages.slice(-auditRows);
  }
}
