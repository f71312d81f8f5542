import type { PathAction } from '../action.ts';
import type { CompiledRule } from '../compiledRule.ts';
import { compareRules } from '../compiledRule.ts';
import { isGlob, matchSegments, wildcardMatches, wildcardsOverlap } from '../globMatch.ts';
import { holdsForTool, ToolBucket } from './toolBucket.ts';
import { WildcardMap } from './wildcardMap.ts';

interface PathNode {
  readonly children: Map<string, PathNode>;
  rules?: ToolBucket;
  globs?: GlobSet;
  /** Best denies and asks at or below this node per tool, effect and tier; filled on first use */
  below?: readonly CompiledRule[];
}

/** Path rules in a tree of segments; a glob stands at its literal parent, found there by its last segment */
export class PathLookup {
  readonly #root: PathNode = { children: new Map() };

  add(rule: CompiledRule): void {
    const segments = rule.segments ?? [];
    const literal = segments.findIndex(isGlob);
    let node = this.#root;
    for (const segment of literal < 0 ? segments : segments.slice(0, literal)) {
      let next = node.children.get(segment);
      if (next === undefined) node.children.set(segment, (next = { children: new Map() }));
      node = next;
    }
    if (literal < 0) (node.rules ??= new ToolBucket()).add(rule);
    else (node.globs ??= new GlobSet()).add(rule);
  }

  /** Rules for the path or a folder above it */
  collect(segments: readonly string[], tool: string, into: CompiledRule[]): void {
    let node: PathNode | undefined = this.#root;
    for (let depth = 0; ; depth++) {
      node.rules?.collect(tool, into);
      node.globs?.collect(segments, depth, tool, into);
      if (depth === segments.length) return;
      node = node.children.get(segments[depth] ?? '');
      if (node === undefined) return;
    }
  }

  /**
   * Denies and asks on places that lie below what the action names: below a folder it takes whole, or among what its glob may
   * name. Of literal rules only the best per tool, effect and tier, so that the cost does not grow with their number.
   */
  collectBelow(action: PathAction, segments: readonly string[], tool: string, into: CompiledRule[]): void {
    const found = new Set<CompiledRule>();
    const visit = (node: PathNode, depth: number): void => {
      node.globs?.addLeading(segments, action, found);
      if (depth === segments.length) {
        if (action.recursive === true) for (const rule of belowOf(node)) found.add(rule);
        else if (action.glob === true) for (const rule of node.rules?.all() ?? []) if (rule.effect !== 'allow') found.add(rule);
        return;
      }
      const segment = segments[depth] ?? '';
      if (action.glob === true && isGlob(segment)) {
        for (const [name, child] of node.children) if (wildcardMatches(segment, name)) visit(child, depth + 1);
      } else {
        const child = node.children.get(segment);
        if (child !== undefined) visit(child, depth + 1);
      }
    };
    visit(this.#root, 0);
    for (const rule of found) if (holdsForTool(rule, tool)) into.push(rule);
  }
}

/** Denies and asks below a node; expiring ones all, of the others the best of each kind */
function belowOf(node: PathNode): readonly CompiledRule[] {
  if (node.below !== undefined) return node.below;
  const best = new Map<string, CompiledRule>();
  const kept: CompiledRule[] = [];
  const consider = (rule: CompiledRule): void => {
    if (rule.effect === 'allow') return;
    if (rule.expiresAt !== Infinity) {
      kept.push(rule);
      return;
    }
    const key = `${rule.effect} ${rule.tier} ${rule.toolName ?? ''} ${rule.toolPrefix ?? ''}`;
    const known = best.get(key);
    if (known === undefined || compareRules(rule, known) < 0) best.set(key, rule);
  };
  for (const rule of node.rules?.all() ?? []) consider(rule);
  for (const rule of node.globs?.all ?? []) consider(rule);
  for (const child of node.children.values()) for (const rule of belowOf(child)) consider(rule);
  return (node.below = [...kept, ...best.values()]);
}

/** The globs that start at one folder */
class GlobSet {
  readonly all: CompiledRule[] = [];
  readonly #byName = new Map<string, CompiledRule[]>();
  readonly #byPart = new WildcardMap<CompiledRule>();
  /** Globs that end in `**`, by the part before it being of any kind: gone through */
  readonly #open: CompiledRule[] = [];
  #parts = false;

  add(rule: CompiledRule): void {
    this.all.push(rule);
    const last = rule.segments?.at(-1) ?? '';
    if (last === '**') {
      this.#open.push(rule);
    } else if (isGlob(last)) {
      this.#byPart.add(last, rule);
      this.#parts = true;
    } else {
      const known = this.#byName.get(last);
      if (known === undefined) this.#byName.set(last, [rule]);
      else known.push(rule);
    }
  }

  collect(segments: readonly string[], depth: number, tool: string, into: CompiledRule[]): void {
    const seen = new Set<CompiledRule>();
    const consider = (rule: CompiledRule): void => {
      if (!holdsForTool(rule, tool)) return;
      if (seen.has(rule)) return;
      seen.add(rule);
      if (matchSegments(rule.segments ?? [], segments).covers) into.push(rule);
    };
    for (const rule of this.#open) consider(rule);
    for (let at = depth; at < segments.length; at++) {
      const segment = segments[at] ?? '';
      for (const rule of this.#byName.get(segment) ?? []) consider(rule);
      if (this.#parts) this.#byPart.forEach(segment, consider);
    }
  }

  addLeading(segments: readonly string[], action: PathAction, found: Set<CompiledRule>): void {
    for (const rule of this.all) {
      if (rule.effect === 'allow') continue;
      if (action.glob === true ? mayMeet(rule.segments ?? [], segments, action.recursive === true) : matchSegments(rule.segments ?? [], segments).leads) found.add(rule);
    }
  }
}

/** Whether a rule's glob and an action's glob may name one place; in doubt yes */
function mayMeet(rule: readonly string[], action: readonly string[], recursive: boolean): boolean {
  for (let at = 0; at < rule.length && at < action.length; at++) {
    const left = rule[at] ?? '';
    const right = action[at] ?? '';
    if (left === '**' || right === '**') return true;
    if (isGlob(left) || isGlob(right)) {
      if (!wildcardsOverlap(left, right)) return false;
    } else if (left !== right) {
      return false;
    }
  }
  return rule.length <= action.length || recursive;
}
