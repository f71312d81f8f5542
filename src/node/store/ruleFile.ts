import { lstatSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import type { Rule, RuleSource } from '../../core/rules/rule.ts';
import { readManifest } from '../../core/schema/manifest.ts';
import { exact, ruleSchema } from '../../core/schema/ruleSchema.ts';
import type { Clock, Problem } from '../../gate/ports.ts';
import { makeFolder, replaceFile } from './durable.ts';
import { sameRule, usedOnce } from './facts.ts';
import { takeLock } from './lock.ts';
import { setAside } from './storeFolder.ts';

/** Rules of a file outside the workspace, with what is wrong in it */
export interface RuleFile {
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
}

/** The user's own rules file */
export function profileFile(userFolder: string): string {
  return path.join(userFolder, 'profile.json');
}

/** Reads the user's or the administrator's rules; no file means no rules */
export function readRuleFile(file: string, source: Extract<RuleSource, 'profile' | 'managed'>): RuleFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { rules: [], problems: [] };
    return { rules: [], problems: [{ code: `${source}_unreadable`, message: `${file} cannot be read (${(error as Error).message}); its rules do not count`, file }] };
  }
  const read = readWhole(text) ?? readManifest(text);
  const rules = read.rules.map((rule): Rule => ({ ...rule, source }));
  const problems = read.problems.map((problem) => ({ ...problem, file }));
  if (source === 'profile' || isAdministrators(file)) return { rules, problems };
  return {
    rules: rules.filter((rule) => rule.effect !== 'allow'),
    problems: [...problems, { code: 'managed_owner', message: `${file} can be written by others than the administrator, so its allow rules do not count; give it to root and take the rights of others away`, file }],
  };
}

const wholeFile = z.object({ version: z.literal(1), rules: z.array(ruleSchema) });

/** A file as we write it, with each rule's id; what people wrote by hand is read the forgiving way */
function readWhole(text: string): { rules: readonly Rule[]; problems: readonly Problem[] } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not plain JSON: comments, or broken
    return undefined;
  }
  const read = z.safeParse(wholeFile, value);
  return read.success ? { rules: exact(read.data.rules), problems: [] } : undefined;
}

/** Whether only the administrator may write a file; Windows keeps the folder to administrators by itself */
function isAdministrators(file: string): boolean {
  if (process.platform === 'win32') return true;
  return [file, path.dirname(file)].map((name) => statSync(name)).every(({ uid, mode }) => uid === 0 && (mode & 0o022) === 0);
}

const patience = 2000;
const pause = 20;

/**
 * Changes the user's rules under a lock of their own, since every window writes the same file. What cannot be read is set aside
 * first, so that nothing a person wrote is lost. Returns the rules as they are then.
 */
export async function changeProfile(userFolder: string, clock: Clock, change: (rules: readonly Rule[]) => readonly Rule[]): Promise<RuleFile> {
  const file = profileFile(userFolder);
  makeFolder(userFolder, 0o700);
  const lock = await waitForLock(`${file}.lock`, clock);
  try {
    const before = readRuleFile(file, 'profile');
    if (before.problems.length > 0 && lstatSync(file, { throwIfNoEntry: false }) !== undefined) setAside(file, 'broken', clock.now());
    const rules = change(before.rules);
    replaceFile(file, `${JSON.stringify({ version: 1, rules }, undefined, 2)}\n`);
    return { rules, problems: [] };
  } finally {
    lock.release();
  }
}

async function waitForLock(file: string, clock: Clock): Promise<{ release(): void }> {
  for (let waited = 0; ; waited += pause) {
    const taken = takeLock(file);
    if ('held' in taken) return taken.held;
    if (waited >= patience) throw new Error(`${file} is held by process ${taken.owner.pid}; remove it if that process is not an editor`);
    await new Promise<void>((resolve) => {
      clock.after(pause, resolve);
    });
  }
}

/** The user's rules after a rule came */
export function addRule(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  return [...removeRule(rules, rule), rule];
}

export function removeRule(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  return rules.filter((other) => !sameRule(other, rule));
}

/** The user's rules after a decision that these ids answered */
export function countUses(rules: readonly Rule[], used: readonly string[]): readonly Rule[] {
  return rules.flatMap((rule) => (used.includes(rule.id) ? usedOnce(rule) : [rule]));
}
