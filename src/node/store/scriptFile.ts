import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { PolicyScript, Problem } from '../../gate/ports.ts';
import { problemOf } from './problemOf.ts';
import { FolderError, type StoreFolder, folderExists, readPlainFile } from './storeFolder.ts';
import { type ScriptRecord, readReviewedText, readScriptRecord, reviewedScript, writeReviewedText, writeScriptRecord } from './userRecord.ts';

/** Bytes; a longer script is not read, and no person would read it either */
const longestScript = 256 * 1024;

/** `policy.js` beside our state, and which texts of it a person has reviewed on this machine */
export class ScriptFile {
  readonly #place: StoreFolder;
  /** The user's folder for this workspace */
  readonly #userRecord: string;
  #record: ScriptRecord;
  #script: PolicyScript | undefined;
  #problem: Problem | undefined;

  constructor(place: StoreFolder, userRecord: string) {
    this.#place = place;
    this.#userRecord = userRecord;
    this.#record = readScriptRecord(userRecord);
    this.read();
  }

  /** The same object until something of it changes; nothing where there is no script and none was reviewed */
  get script(): PolicyScript | undefined {
    return this.#script;
  }

  get problems(): readonly Problem[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /** Reads the file again */
  read(): void {
    const found = this.#found();
    const { everReviewed, reviewed } = this.#record;
    const review = !everReviewed ? 'new' : found?.hash !== undefined && reviewed.includes(found.hash) ? 'reviewed' : 'changed';
    const now = found === undefined && review === 'new' ? undefined : { review, ...found } as const;
    if (JSON.stringify(now) !== JSON.stringify(this.#script)) this.#script = now && Object.freeze(now);
  }

  /** A person reviewed this text, or with `undefined` takes back that any was reviewed */
  review(hash: string | undefined): void {
    this.#record = hash === undefined ? { everReviewed: false, reviewed: [] } : { everReviewed: true, reviewed: [...this.#record.reviewed, hash] };
    this.#problem = undefined;
    try {
      writeScriptRecord(this.#userRecord, this.#record);
      if (hash !== undefined && this.#script?.hash === hash) writeReviewedText(this.#userRecord, reviewedScript, this.#script.text ?? '');
    } catch (error) {
      this.#problem = { ...problemOf(error, this.#userRecord), code: 'review_not_kept' };
    }
    this.read();
  }

  /** The text that was reviewed last, as far as it was kept */
  reviewedText(): string | undefined {
    return readReviewedText(this.#userRecord, reviewedScript);
  }

  #found(): Pick<PolicyScript, 'hash' | 'text' | 'unreadable'> | undefined {
    const { script } = this.#place;
    try {
      const bytes = folderExists(this.#place) ? readPlainFile(script, longestScript) : undefined;
      if (bytes === undefined) return undefined;
      if (!isUtf8(bytes)) return { unreadable: `${script} is not text in UTF-8` };
      return { hash: createHash('sha256').update(bytes).digest('hex'), text: bytes.toString('utf8') };
    } catch (error) {
      return { unreadable: error instanceof FolderError ? error.message : `${script} cannot be read: ${(error as Error).message}` };
    }
  }
}
