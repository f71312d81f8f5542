import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import type { Evaluation } from '../../src/core/decide/evaluation.ts';
import { type PolicySettings, defaultSettings } from '../../src/core/policy/policy.ts';
import type { Request } from '../../src/core/request.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';

/** The lines of a case file beside this one */
export function readCases(file: string): readonly unknown[] {
  return readFileSync(path.join(import.meta.dirname, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);
}

/** All five switches on, so that rules and modes show */
export const allOn: PolicySettings['permissions'] = { read: true, write: true, delete: true, shell: true, network: true };

/** The machine of the cases: workspace `/ws`, and the links given (from → to) */
export function caseSurroundings(links: Readonly<Record<string, string>> = {}, home = '/root'): Surroundings {
  const resolve = (file: string): string => {
    for (const [from, to] of Object.entries(links)) if (file === from || file.startsWith(`${from}/`)) return to + file.slice(from.length);
    return file;
  };
  return { workspace: '/ws', home, temporary: '/tmp', platform: 'linux', shell: 'bash', files: { resolve, readText: (file) => (file.endsWith('/package.json') ? packageJson : undefined) } };
}

/** The scripts that cases of tests run */
const packageJson = JSON.stringify({ scripts: { test: 'mocha', lint: 'eslint .', 'test:unit': 'mocha', 'type-check': 'tsc --noEmit', typecheck: 'tsc --noEmit', build: 'tsc' } });

export interface Standing {
  readonly settings?: Partial<PolicySettings>;
  readonly rules?: readonly Rule[];
  readonly links?: Readonly<Record<string, string>>;
  readonly repositoryAllows?: boolean;
  readonly home?: string;
}

/** Decides a request as the gate would */
export function decideCase(request: Request, { settings = {}, rules = [], links = {}, repositoryAllows = true, home = '/root' }: Standing): Evaluation {
  const surroundings = caseSurroundings(links, home);
  const policy = compilePolicy({ ...defaultSettings, permissions: allOn, ...settings, rules }, surroundings, { repositoryAllows });
  return evaluate(request, surroundings, policy, { now: 0, holds: [] });
}
