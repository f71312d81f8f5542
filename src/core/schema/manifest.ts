import { createScanner, parseTree } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { Place } from '../policy/place.ts';
import type { Problem } from '../problem.ts';
import type { Rule, RuleScope } from '../rules/rule.ts';
import { normaliseScope, ruleFingerprint } from '../rules/ruleScope.ts';
import { exact, ruleSchema, scopeSchema } from './ruleSchema.ts';
import { stableId } from './policyFile.ts';

/** What a repository's rules file says (spec 11): the rules that count, and what is wrong with the rest */
export interface ManifestReading {
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
}

/** Larger files are not taken apart; they are reported (about 350,000 rules) */
const longestManifest = 64 * 1024 * 1024;
/** Problems beyond this are counted, not listed */
const mostProblems = 100;
/** Deeper nesting than any manifest has would exhaust the parser's stack */
const deepestNesting = 100;

/**
 * Reads the text of `permissions.json`. Comments, trailing commas and a byte order mark are fine. Never throws.
 *
 * - a bad rule is dropped if it allows, kept as far as it can be understood if it denies or asks
 * - a missing or unknown version, or a file that is broken somewhere: denies and asks count, allows do not
 * - the source is `workspace_manifest` whatever the file says; relative paths stay, and mean the workspace
 */
export function readManifest(text: string): ManifestReading {
  const reader = new ManifestReader(text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text);
  return reader.read();
}

class ManifestReader {
  readonly #text: string;
  readonly #rules = new Map<string, Rule>();
  readonly #problems: Problem[] = [];
  #more = 0;
  #allowsCount = true;
  #lines: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ManifestReading {
    if (this.#text.length > longestManifest) {
      this.#report('manifest_too_large', 'The rules file is larger than 64 MiB and is not read, so everything asks. Make it smaller.', 0);
      this.#askAboutEverything();
    } else if (this.#text.trim() === '') {
      this.#report('manifest_empty', 'The rules file is empty; write {"version":1,"rules":[]}.', 0);
    } else if (this.#isTooDeep()) {
      this.#report('manifest_too_deep', `The rules file nests deeper than ${deepestNesting} levels and is not read, so everything asks; flatten it.`, 0);
      this.#askAboutEverything();
    } else {
      this.#readTree();
    }
    if (this.#more > 0) this.#problems.push({ code: 'more_problems', message: `The rules file has ${this.#more} more problems; mend the first ones and look again.` });
    return { rules: [...this.#rules.values()], problems: this.#problems };
  }

  /** What stands in a file that is not read may be a deny, so nothing passes unasked by mode alone */
  #askAboutEverything(): void {
    const rule = { effect: 'ask', scope: { kind: 'tool', toolName: '*' } } as const;
    this.#add({ ...rule, source: 'workspace_manifest', createdAt: 0, reason: 'The rules file could not be read', id: stableId('workspace_manifest', rule) });
  }

  #isTooDeep(): boolean {
    const scanner = createScanner(this.#text, true);
    let depth = 0;
    for (let token: number = scanner.scan(); token !== 17 /* end of file */; token = scanner.scan()) {
      if (token === 1 /* { */ || token === 3 /* [ */) depth++;
      else if (token === 2 /* } */ || token === 4 /* ] */) depth--;
      if (depth > deepestNesting) return true;
    }
    return false;
  }

  #readTree(): void {
    const errors: ParseError[] = [];
    const root = parseTree(this.#text, errors, { allowTrailingComma: true, disallowComments: false });
    const [first] = errors;
    if (first !== undefined) {
      this.#allowsCount = false;
      this.#report('manifest_syntax', 'The rules file is not valid JSON here; its allow rules do not count until it is mended.', first.offset);
    }
    const lists = root?.type === 'object' ? this.#readRoot(root) : [];
    if (root?.type !== 'object') {
      this.#allowsCount = false;
      this.#report('manifest_shape', 'The rules file must be an object such as {"version":1,"rules":[]}; its allow rules do not count.', root?.offset ?? 0);
      if (root?.type === 'array') lists.push(root);
    }
    for (const list of lists) for (const rule of list.children ?? []) this.#readRule(rule);
  }

  /** Checks the version and gives every list of rules, also repeated ones */
  #readRoot(root: Node): Node[] {
    const versions: Node[] = [];
    const lists: Node[] = [];
    for (const [key, value] of members(root)) {
      if (key === 'version') versions.push(value);
      if (key !== 'rules') continue;
      if (value.type === 'array') lists.push(value);
      else this.#report('manifest_shape', '“rules” must be a list; write "rules": [].', value.offset);
    }
    if (versions.length !== 1 || versions[0]?.value !== 1) {
      this.#allowsCount = false;
      this.#report('manifest_version', versions.length === 0 ? 'The rules file has no version; add "version": 1. Until then its allow rules do not count.' : 'The version of the rules file is not known here; only 1 is. Its allow rules do not count.', versions[0]?.offset ?? root.offset);
    }
    if (lists.length > 1) {
      this.#allowsCount = false;
      this.#report('manifest_repeated', '“rules” stands in the file more than once; join the lists. Until then its allow rules do not count.', lists[1]?.offset ?? 0);
    }
    return lists;
  }

  #readRule(node: Node): void {
    if (node.type !== 'object') return this.#report('bad_rule', 'A rule must be an object with an effect and a scope; this one is left out.', node.offset);
    const fields = members(node);
    const effects = fields.filter(([key]) => key === 'effect').map(([, value]) => String(value.value).trim().toLowerCase());
    const scopes = fields.filter(([key]) => key === 'scope').map(([, value]) => value);
    const repeated = hasRepeatedKeys(node) || scopes.some(hasRepeatedKeys);
    // Of repeated effects the strictest counts
    const effect = effects.includes('deny') ? 'deny' : effects.includes('ask') ? 'ask' : effects.includes('allow') ? 'allow' : undefined;
    if (effect === undefined) return this.#report('bad_rule', 'The rule’s effect must be “allow”, “ask” or “deny”; the rule is left out.', node.offset);
    if (effect === 'allow') {
      if (!this.#allowsCount) return;
      if (repeated) return this.#report('bad_rule', 'The rule has a key more than once; it allows nothing until one is removed.', node.offset);
      const parsed = ruleSchema.safeParse({ id: '-', createdAt: 0, ...plainFields(fields), source: 'workspace_manifest' });
      if (!parsed.success) return this.#report('bad_rule', 'The rule cannot be read, so it allows nothing; write an effect and a scope as in the documentation.', node.offset);
      const rule: Rule = exact(parsed.data);
      const { problem } = normaliseScope(rule.scope, nowhere);
      if (problem !== undefined) return this.#report(problem.code, `The rule allows nothing. ${problem.message}`, node.offset);
      return this.#add({ ...rule, source: 'workspace_manifest', id: stableId('workspace_manifest', rule) });
    }
    for (const scope of scopes) this.#readBlock(effect, scope, fields, repeated);
    if (scopes.length === 0) this.#report('bad_rule', 'The rule has no scope, so it cannot be kept; write what it is for.', node.offset);
  }

  /** Keeps a deny or ask as far as it can be understood */
  #readBlock(effect: 'deny' | 'ask', node: Node, fields: readonly (readonly [string, Node])[], repeated: boolean): void {
    if (repeated) this.#report('bad_rule', 'The rule has a key more than once; it holds for each value. Remove one.', node.offset);
    const optional = ruleSchema.safeParse({ id: '-', createdAt: 0, ...plainFields(fields), effect, scope: { kind: 'tool', toolName: 'x' }, source: 'workspace_manifest' });
    const rest = optional.success ? exact(optional.data) : undefined;
    let kept = 0;
    for (const given of variants(node)) {
      const scope = readBlockScope(given);
      if (scope === undefined) continue;
      const { problem } = normaliseScope(scope, nowhere);
      const widened = problem !== undefined && problem.code !== 'partly_read_scope' ? toolOf(scope) : scope;
      if (problem !== undefined) this.#report(problem.code, `${problem.message} ${widened === undefined ? 'The rule cannot be kept.' : widened === scope ? 'It holds for the words that could be read.' : 'It now holds for its whole tool.'}`, node.offset);
      if (widened === undefined) {
        kept++;
        continue;
      }
      const bare = { effect, scope: widened, source: 'workspace_manifest' as const };
      this.#add({ ...(rest ?? { createdAt: 0 }), ...bare, id: stableId('workspace_manifest', bare) });
      kept++;
    }
    if (kept === 0) this.#report('bad_rule', 'The rule’s scope has no known kind or lacks its text, so it cannot be kept; write it as in the documentation.', node.offset);
    else if (rest === undefined) this.#report('bad_rule', 'Parts of the rule cannot be read and are left out; the rule holds without them.', node.offset);
  }

  #add(rule: Rule): void {
    const key = `${ruleFingerprint(rule)} ${rule.expiresAt ?? ''}`;
    if (!this.#rules.has(key)) this.#rules.set(key, rule);
  }

  #report(code: string, message: string, offset: number): void {
    if (this.#problems.length >= mostProblems) {
      this.#more++;
      return;
    }
    const { line, column } = this.#place(offset);
    this.#problems.push({ code, message: `Line ${line}, column ${column}: ${message}`, line, column });
  }

  #place(offset: number): { line: number; column: number } {
    if (this.#lines === undefined) {
      const starts = [0];
      for (let at = this.#text.indexOf('\n'); at >= 0; at = this.#text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#lines = starts;
    }
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lines[low] ?? 0) + 1 };
  }
}

/** Whether a scope's text is empty can be told without knowing the machine */
const nowhere: Place = { workspace: '/', home: '/', temporary: '/', platform: 'linux' };

function members(node: Node): (readonly [string, Node])[] {
  const found: (readonly [string, Node])[] = [];
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined && typeof key.value === 'string') found.push([key.value, value]);
  }
  return found;
}

function hasRepeatedKeys(node: Node): boolean {
  const keys = members(node).map(([key]) => key);
  return new Set(keys).size < keys.length;
}

/** The plain value of a node; keys such as `__proto__` are own keys like any other */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type === 'object') return plainFields(members(node));
  return node.value as unknown;
}

function plainFields(fields: readonly (readonly [string, Node])[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of fields) Object.defineProperty(result, key, { value: plain(value), enumerable: true, configurable: true, writable: true });
  return result;
}

/** A scope with a repeated key is read with each of its values */
function variants(node: Node): readonly Record<string, unknown>[] {
  const fields = node.type === 'object' ? members(node) : [];
  const first = new Map<string, Node>();
  const readings: Record<string, unknown>[] = [];
  for (const [key, value] of fields) if (!first.has(key)) first.set(key, value);
  readings.push(plainFields([...first]));
  for (const [key, value] of fields) if (first.get(key) !== value) readings.push(plainFields([...first].map(([name, known]) => [name, name === key ? value : known] as const)));
  return readings.slice(0, 20);
}

/** A deny's or ask's scope; an unreadable condition on the tool is left out, which widens it */
function readBlockScope(given: Record<string, unknown>): RuleScope | undefined {
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (key === 'kind' && typeof value === 'string') known['kind'] = value.trim().toLowerCase();
    else if (typeof value === 'string') known[key] = value;
  }
  const parsed = scopeSchema.safeParse(known);
  return parsed.success ? exact(parsed.data) : undefined;
}

function toolOf(scope: RuleScope): RuleScope | undefined {
  if (scope.kind === 'command_prefix') return { kind: 'tool', toolName: 'run_command' };
  if (scope.kind === 'tool' || scope.toolName === undefined || scope.toolName.trim() === '') return undefined;
  return { kind: 'tool', toolName: scope.toolName };
}

/**
 * The text of `permissions.json` for these rules: two-space JSON, oldest first, paths inside the workspace relative to it, so
 * that the file means the same on every machine (spec 11).
 */
export function writeManifest(rules: readonly Rule[], workspace?: string): string {
  const sorted = [...rules].sort((a, b) => a.createdAt - b.createdAt || compareText(ruleFingerprint(a), ruleFingerprint(b)));
  const written = sorted.map((rule) => ({
    source: 'workspace_manifest',
    effect: rule.effect,
    scope: relativeScope(rule.scope, workspace),
    createdAt: rule.createdAt,
    ...(rule.reason === undefined ? {} : { reason: rule.reason }),
    ...(rule.expiresAt === undefined ? {} : { expiresAt: rule.expiresAt }),
    ...(rule.usesLeft === undefined ? {} : { usesLeft: rule.usesLeft }),
    ...(rule.examples === undefined ? {} : { examples: rule.examples }),
    ...(rule.metadata === undefined ? {} : { metadata: rule.metadata }),
  }));
  return `${JSON.stringify({ version: 1, rules: written }, undefined, 2)}\n`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function relativeScope(scope: RuleScope, workspace: string | undefined): RuleScope {
  if (scope.kind !== 'path' || workspace === undefined) return scope;
  if (scope.path === workspace) return { ...scope, path: '.' };
  return scope.path.startsWith(`${workspace}/`) ? { ...scope, path: scope.path.slice(workspace.length + 1) } : scope;
}
