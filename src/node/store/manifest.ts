import { createHash } from 'node:crypto';
import { type ParseError, applyEdits, modify, parse } from 'jsonc-parser';
import type { Place } from '../../core/policy/place.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { normaliseScope, ruleFingerprint } from '../../core/rules/ruleScope.ts';
import { readManifest, writeManifest } from '../../core/schema/manifest.ts';
import type { Manifest, Problem } from '../../gate/ports.ts';
import { FolderError, type StoreFolder, readPlainFile } from './storeFolder.ts';

/** Larger files are not read; their rules do not count and a problem says so */
const largestManifest = 64 * 1024 * 1024;

/** `permissions.json` as it lies on disk, before it is compared with our rules */
export interface ManifestText {
  readonly text?: string;
  readonly hash?: string;
  readonly rules: readonly Rule[];
  /** Fingerprint of each rule, with paths made absolute */
  readonly fingerprints: readonly string[];
  /** The items of its list, where the text is JSON that can be edited */
  readonly items?: readonly unknown[];
  /** Whether all of it could be read, so that what is missing from it was taken out on purpose */
  readonly whole: boolean;
  readonly problems: readonly Problem[];
}

const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };

/** Reads `permissions.json`; a link, a pipe or a file that cannot be read gives no rules and a problem */
export function readManifestText(place: StoreFolder, surroundings: Place): ManifestText {
  let bytes: Buffer | undefined;
  try {
    bytes = readPlainFile(place.manifest, largestManifest);
  } catch (error) {
    const message = error instanceof FolderError ? error.message : `${place.manifest} cannot be read: ${(error as Error).message}`;
    return { rules: [], fingerprints: [], whole: false, problems: [{ code: 'manifest_unreadable', message: `${message}. Its rules do not count`, file: place.manifest }] };
  }
  if (bytes === undefined) return { rules: [], fingerprints: [], whole: false, problems: [] };
  const text = bytes.toString('utf8');
  const { rules, problems } = readManifest(text);
  // The core refuses what would exhaust a parser; nothing here may try it again
  const items = problems.some(({ code }) => code === 'manifest_too_deep' || code === 'manifest_too_large') ? undefined : rulesOf(text);
  return {
    text,
    ...(items && { items }),
    hash: createHash('sha256').update(bytes).digest('hex'),
    rules,
    fingerprints: rules.map((rule) => placedFingerprint(rule, surroundings)),
    whole: items !== undefined && problems.length === 0,
    problems: problems.map((problem) => ({ ...problem, file: place.manifest })),
  };
}

/** The repository's rules without those in `known`: the ones that are ours as well, and ours that were removed */
export function manifestOf(read: ManifestText, known: ReadonlySet<string>, reviewed: readonly string[]): Manifest {
  return {
    hash: read.hash,
    rules: read.rules.filter((_, index) => !known.has(read.fingerprints[index] ?? '')),
    reviewed: read.hash !== undefined && reviewed.includes(read.hash),
  };
}

/** The rules that `permissions.json` mirrors; one with a number of uses is not for others, and would count there without end */
export function mirrorable(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => rule.source === 'workspace_db' && (rule.usesLeft === undefined || rule.effect !== 'allow'));
}

/**
 * The text of `permissions.json` with our rules in it and without the fingerprints in `removed`. Everything else stays as it is,
 * with its comments. Throws a `FolderError` where the file is not one that can be edited safely.
 */
export function mirroredText(place: StoreFolder, surroundings: Place, read: ManifestText, ours: readonly Rule[], removed: ReadonlySet<string>): string {
  const broken = read.text === undefined ? read.problems[0] : undefined;
  if (broken !== undefined) throw new FolderError(broken.message, place.manifest);
  if (read.text === undefined || read.text.trim() === '') return freshText(mirrorable(ours), surroundings);
  if (read.items === undefined) throw new FolderError(`${place.manifest} is not JSON with a list of rules, so it is left as it is; mend it, then change a rule again`, place.manifest);
  return edit(read.text, read.items, read, surroundings, mirrorable(ours), removed);
}

function freshText(ours: readonly Rule[], surroundings: Place): string {
  const text = writeManifest(ours, surroundings.workspace);
  return readManifest(text).rules.length === ours.length ? text : writeManifest(ours.filter((rule) => isReadBack(rule, surroundings)), surroundings.workspace);
}

/** Whether a rule is the same once it was written and read: another would never be found in the file, and written anew each time */
function isReadBack(rule: Rule, surroundings: Place): boolean {
  const [item] = rulesOf(writeManifest([rule], surroundings.workspace)) ?? [];
  return fingerprintOfItem(item, surroundings) === placedFingerprint(rule, surroundings);
}

function edit(before: string, items: readonly unknown[], read: ManifestText, surroundings: Place, ours: readonly Rule[], removed: ReadonlySet<string>): string {
  // Each item may stand for no rule, for one, or for several; where every one stands for one the reading has them already
  const there = read.whole && read.fingerprints.length === items.length ? read.fingerprints : items.map((item) => fingerprintOfItem(item, surroundings));
  const kept = new Set(ours.map((rule) => placedFingerprint(rule, surroundings)));
  let text = before;
  for (let index = there.length - 1; index >= 0; index -= 1) {
    const fingerprint = there[index];
    if (fingerprint !== undefined && removed.has(fingerprint) && !kept.has(fingerprint)) {
      text = applyEdits(text, modify(text, ['rules', index], undefined, { formattingOptions }));
    }
  }
  const found = new Set(there);
  const missing = ours.filter((rule) => !found.has(placedFingerprint(rule, surroundings)) && isReadBack(rule, surroundings));
  const written = rulesOf(writeManifest(missing, surroundings.workspace)) ?? [];
  for (const item of written) text = applyEdits(text, modify(text, ['rules', -1], item, { formattingOptions, isArrayInsertion: true }));
  return text;
}

/** The items of `rules` in a text that is whole JSON (comments allowed), or `undefined` */
function rulesOf(text: string): readonly unknown[] | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || typeof value !== 'object' || value === null || !('rules' in value) || !Array.isArray(value.rules)) return undefined;
  return value.rules as unknown[];
}

function fingerprintOfItem(item: unknown, surroundings: Place): string | undefined {
  const [rule] = readManifest(JSON.stringify({ version: 1, rules: [item] })).rules;
  return rule && placedFingerprint(rule, surroundings);
}

/** A rule's fingerprint with relative paths counted from the workspace, so that file and database can be compared */
export function placedFingerprint(rule: Rule, surroundings: Place): string {
  const known = placed.get(rule);
  if (known !== undefined) return known;
  const { scope } = normaliseScope(rule.scope, surroundings);
  const made = ruleFingerprint(scope === undefined ? rule : { effect: rule.effect, scope });
  placed.set(rule, made);
  return made;
}

const placed = new WeakMap<Rule, string>();
