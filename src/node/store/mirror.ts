import type { Place } from '../../core/policy/place.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Manifest, Problem } from '../../gate/ports.ts';
import { replaceFile } from './durable.ts';
import type { Facts } from './facts.ts';
import { type ManifestText, manifestOf, mirrorable, mirroredText, placedFingerprint, readManifestText } from './manifest.ts';
import { problemOf } from './problemOf.ts';
import { type StoreFolder, folderExists } from './storeFolder.ts';
import { type ManifestRecord, readManifestRecord, readReviewedText, reviewedRules, writeManifestRecord, writeReviewedText } from './userRecord.ts';

/**
 * `permissions.json` beside our rules: what of it is the repository's, what is ours, and what somebody changed by hand.
 * Only the folder's writer may `write`, `catchUp` or settle what was `mirrored`.
 */
export class Mirror {
  readonly #place: StoreFolder;
  readonly #surroundings: Place;
  /** The user's folder for this workspace */
  readonly #userRecord: string;
  readonly #problems = new Map<string, readonly Problem[]>();
  #record: ManifestRecord;
  #text: ManifestText = { rules: [], fingerprints: [], whole: false, problems: [] };
  #manifest: Manifest = { hash: undefined, rules: [], reviewed: false };

  constructor(place: StoreFolder, surroundings: Place, userRecord: string) {
    this.#place = place;
    this.#surroundings = surroundings;
    this.#userRecord = userRecord;
    this.#record = readManifestRecord(userRecord);
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  get problems(): readonly Problem[] {
    return [...this.#problems.values()].flat();
  }

  /** Reads the file again; gives our allow rules that somebody took out of it. A `deny` or `ask` that was taken out stays and is told */
  read(facts: Facts): readonly Rule[] {
    this.#text = readManifestText(this.#place, this.#surroundings);
    const gone = this.#takenOut(facts);
    const stays = gone.filter((rule) => rule.effect !== 'allow').length;
    this.#problems.delete('takenOut');
    if (stays > 0) {
      this.#problems.set('takenOut', [{ code: 'manifest_lost_rules', message: `${stays} of your deny and ask rules ${stays === 1 ? 'was' : 'were'} taken out of permissions.json. They still hold; remove them in the policy to let them go`, file: this.#place.manifest }]);
    }
    return gone.filter((rule) => rule.effect === 'allow');
  }

  /** Works out which rules are the repository's. `isWriter` says whether what was found may be remembered */
  compare(facts: Facts, isWriter: boolean): void {
    // A store that cannot record the doubt still holds to it
    const reviewed = facts.doubt !== undefined && !isWriter ? [] : this.#record.reviewed;
    const ours = this.#ours(facts);
    const left = this.#leftBehind(facts);
    this.#manifest = manifestOf(this.#text, new Set([...ours, ...left]), reviewed);
    this.#problems.set('manifest', this.#text.problems);
    const there = new Set(this.#text.fingerprints);
    const takenOut = this.#fingerprints(this.#takenOut(facts));
    const unseen = this.#text.whole ? [] : this.#record.mirrored;
    const mirrored = [...new Set([...[...ours].filter((fingerprint) => there.has(fingerprint)), ...takenOut, ...left, ...unseen])].toSorted();
    if (isWriter && mirrored.join('\n') !== this.#record.mirrored.join('\n')) this.#remember({ ...this.#record, mirrored });
  }

  /** Brings our rules into the file and takes the removed ones out; `compare` afterwards */
  write(facts: Facts, removed: readonly Rule[]): void {
    this.#write(facts, this.#fingerprints(mirrorable(removed)), removed.some((rule) => rule.effect === 'allow'));
  }

  /** Makes up for a file that was not written, because of a crash or a failure */
  catchUp(facts: Facts): void {
    const known = new Set([...this.#text.fingerprints, ...this.#record.mirrored]);
    const isBehind = [...this.#ours(facts)].some((fingerprint) => !known.has(fingerprint));
    const left = this.#leftBehind(facts);
    if (isBehind || left.size > 0) this.#write(facts, left, left.size > 0);
  }

  /** A person reviewed these texts of the file */
  review(hashes: readonly string[]): void {
    this.#remember({ ...this.#record, reviewed: [...this.#record.reviewed, ...hashes] });
    if (this.#text.hash !== undefined && hashes.includes(this.#text.hash)) this.#keepReviewed();
  }

  /** The text that was reviewed last, as far as it was kept */
  reviewedText(): string | undefined {
    return readReviewedText(this.#userRecord, reviewedRules);
  }

  #keepReviewed(): void {
    try {
      writeReviewedText(this.#userRecord, reviewedRules, this.#text.text ?? '');
      this.#problems.delete('reviewedText');
    } catch (error) {
      this.#problems.set('reviewedText', [{ ...problemOf(error, this.#userRecord), code: 'review_not_kept' }]);
    }
  }

  /** Every text of the file is asked about again */
  forgetReviews(): void {
    this.#remember({ ...this.#record, reviewed: [] });
  }

  /**
   * Where the file was reviewed, or allowed nothing but what is ours, it stays so. With `forget`, older texts of it are asked
   * about again: they hold an allow rule that was taken back.
   */
  #write(facts: Facts, removed: ReadonlySet<string>, forget: boolean): void {
    try {
      folderExists(this.#place);
      const before = readManifestText(this.#place, this.#surroundings);
      const text = mirroredText(this.#place, this.#surroundings, before, ours(facts), removed);
      const old = manifestOf(before, new Set([...this.#ours(facts), ...removed]), this.#record.reviewed);
      const staysReviewed = old.reviewed || old.rules.every((rule) => rule.effect !== 'allow');
      if (text !== before.text) replaceFile(this.#place.manifest, text, { shared: true });
      this.#text = readManifestText(this.#place, this.#surroundings);
      const now = staysReviewed && this.#text.hash !== undefined && this.#text.text === text ? [this.#text.hash] : [];
      if (forget || now.length > 0) this.#remember({ ...this.#record, reviewed: [...(forget ? [] : this.#record.reviewed), ...now] });
      if (old.reviewed && now.length > 0) this.#keepReviewed();
      this.#problems.delete('mirror');
    } catch (error) {
      const { message } = problemOf(error, this.#place.manifest);
      this.#problems.set('mirror', [{ code: 'mirror_failed', message: `The change of rules holds, but permissions.json could not be brought up to date: ${message}`, file: this.#place.manifest }]);
    }
  }

  #ours(facts: Facts): ReadonlySet<string> {
    return this.#fingerprints(mirrorable(ours(facts)));
  }

  #fingerprints(rules: readonly Rule[]): ReadonlySet<string> {
    return new Set(rules.map((rule) => placedFingerprint(rule, this.#surroundings)));
  }

  /** What was ours in the file and was removed here, but not there: a crash or a failure came in between */
  #leftBehind(facts: Facts): ReadonlySet<string> {
    if (facts.doubt !== undefined) return new Set();
    const there = new Set(this.#text.fingerprints);
    const kept = this.#ours(facts);
    return new Set(this.#record.mirrored.filter((fingerprint) => there.has(fingerprint) && !kept.has(fingerprint)));
  }

  /** Our rules that were in the file and that somebody has taken out of it since; a file that is gone or broken says nothing */
  #takenOut(facts: Facts): readonly Rule[] {
    if (!this.#text.whole) return [];
    const there = new Set(this.#text.fingerprints);
    const were = new Set(this.#record.mirrored);
    return mirrorable(ours(facts)).filter((rule) => {
      const fingerprint = placedFingerprint(rule, this.#surroundings);
      return were.has(fingerprint) && !there.has(fingerprint);
    });
  }

  #remember(record: ManifestRecord): void {
    this.#record = record;
    try {
      writeManifestRecord(this.#userRecord, record);
      this.#problems.delete('record');
    } catch (error) {
      this.#problems.set('record', [{ ...problemOf(error, this.#userRecord), code: 'review_not_kept' }]);
    }
  }
}

/** All rules that are ours, also those that do not count for the time being */
function ours(facts: Facts): readonly Rule[] {
  return facts.doubt === undefined ? facts.rules : [...facts.doubt.rules, ...facts.rules];
}
