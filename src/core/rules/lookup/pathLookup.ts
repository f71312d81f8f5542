import type { PathAction } from '../../action.ts';
import type { CompiledRule } from '../compiledRule.ts';
import { compareRules } from '../compiledRule.ts';
import { isGlob, wildcardMatches, wildcardsOverlap } from '../globMatch.ts';
import { holdsForTool, ToolBucket } from './toolBucket.ts';
import { WildcardMap } from './wildcardMap.ts';

interface PathNode {
  /** By name */
  readonly children: Map<string, PathNode>;
  /** By a segment with `*` or `?` */
  wild?: WildcardMap<WildEdge>;
  /** What follows `**` */
  deep?: PathNode;
  /** The node stands for `**`, which any further segment leaves standing */
  readonly loops: boolean;
  rules?: ToolBucket;
  /** Best denies and asks at or below this node per tool, effect and tier; filled on first use */
  below?: readonly CompiledRule[];
  /** The same of the nodes one segment further, not of those below them; filled on first use */
  next?: readonly CompiledRule[];
}

interface WildEdge {
  readonly pattern: string;
  readonly node: PathNode;
}

/**
 * Path rules in a tree of segments, wildcards as edges of their own. A path goes down all edges that fit at once, so the cost
 * follows the depth of the path and what fits it, not the number of rules.
 */
export class PathLookup {
  readonly #root: PathNode = newNode(false);

  add(rule: CompiledRule): void {
    let node = this.#root;
    for (const segment of rule.segments ?? []) node = childFor(node, segment);
    (node.rules ??= new ToolBucket()).add(rule);
  }

  /** Appends the rules for the path or a folder above it */
  collect(segments: readonly string[], tool: string, into: CompiledRule[]): void {
    let states = withDeep(this.#root, []);
    let before: readonly PathNode[] = [];
    for (let depth = 0; ; depth++) {
      for (const node of states) if (node.rules !== undefined && !(node.loops && before.includes(node))) node.rules.collect(tool, into);
      if (depth === segments.length) return;
      // A state that stands for `**` stays, and its rules are taken once
      before = states;
      states = step(states, segments[depth] ?? '');
      if (states.length === 0) return;
    }
  }

  /**
   * Appends denies and asks on places that lie below what the action names: below a folder it takes whole, or among what its
   * glob may name. Below a folder only the best per tool, effect and tier, so that the cost does not grow with their number.
   */
  collectBelow(action: PathAction, segments: readonly string[], tool: string, into: CompiledRule[]): void {
    const found = new Set<CompiledRule>();
    let states = withDeep(this.#root, []);
    for (const [depth, segment] of segments.entries()) {
      if (action.glob === true && segment === '**') {
        for (const node of states) for (const rule of belowOf(node)) found.add(rule);
        break;
      }
      if (action.glob === true && segment === '*' && depth === segments.length - 1) {
        for (const node of states) for (const rule of action.recursive === true ? belowOf(node) : nextOf(node)) found.add(rule);
        states = [];
        break;
      }
      states = action.glob === true && isGlob(segment) ? stepGlob(states, segment) : step(states, segment);
      if (action.glob === true) for (const node of states) for (const rule of node.rules?.all() ?? []) if (rule.effect !== 'allow') found.add(rule);
    }
    if (action.recursive === true) for (const node of states) for (const rule of belowOf(node)) found.add(rule);
    for (const rule of found) if (holdsForTool(rule, tool)) into.push(rule);
  }
}

function newNode(loops: boolean): PathNode {
  return { children: new Map(), loops };
}

function childFor(node: PathNode, segment: string): PathNode {
  if (segment === '**') return (node.deep ??= newNode(true));
  if (!isGlob(segment)) {
    const known = node.children.get(segment);
    if (known !== undefined) return known;
    const made = newNode(false);
    node.children.set(segment, made);
    return made;
  }
  const wild = (node.wild ??= new WildcardMap());
  for (const edge of wild.under(segment)) if (edge.pattern === segment) return edge.node;
  const made = newNode(false);
  wild.add(segment, { pattern: segment, node: made });
  return made;
}

/** Adds a node and what its `**` stands for when that is no segment at all */
function withDeep(node: PathNode, states: PathNode[]): PathNode[] {
  for (let next: PathNode | undefined = node; next !== undefined && !states.includes(next); next = next.deep) states.push(next);
  return states;
}

function step(states: readonly PathNode[], segment: string): PathNode[] {
  const next: PathNode[] = [];
  for (const node of states) {
    if (node.loops) withDeep(node, next);
    const child = node.children.get(segment);
    if (child !== undefined) withDeep(child, next);
    node.wild?.forEach(segment, (edge) => {
      if (wildcardMatches(edge.pattern, segment)) withDeep(edge.node, next);
    });
  }
  return next;
}

/** The same for a segment that itself holds wildcards: everything it may name */
function stepGlob(states: readonly PathNode[], segment: string): PathNode[] {
  const next: PathNode[] = [];
  for (const node of states) {
    if (node.loops) withDeep(node, next);
    for (const [name, child] of node.children) if (wildcardMatches(segment, name)) withDeep(child, next);
    for (const edge of node.wild?.all() ?? []) if (wildcardsOverlap(segment, edge.pattern)) withDeep(edge.node, next);
  }
  return next;
}

/** Denies and asks at or below a node, the best of each kind */
function belowOf(node: PathNode): readonly CompiledRule[] {
  if (node.below !== undefined) return node.below;
  const best = new BestBlocks();
  best.add(node.rules?.all() ?? []);
  for (const child of node.children.values()) best.add(belowOf(child));
  for (const edge of node.wild?.all() ?? []) best.add(belowOf(edge.node));
  if (node.deep !== undefined) best.add(belowOf(node.deep));
  return (node.below = best.all());
}

/** Denies and asks on whatever one more segment may name, the best of each kind */
function nextOf(node: PathNode): readonly CompiledRule[] {
  if (node.next !== undefined) return node.next;
  const best = new BestBlocks();
  const further = [...node.children.values(), ...(node.wild?.all() ?? []).map((edge) => edge.node), ...(node.loops ? [node] : [])];
  for (const first of further) for (const next of withDeep(first, [])) best.add(next.rules?.all() ?? []);
  return (node.next = best.all());
}

/** Keeps, of the denies and asks it is given, all that expire and the best of each effect, tier and tool */
class BestBlocks {
  readonly #best = new Map<string, CompiledRule>();
  readonly #expiring: CompiledRule[] = [];

  add(rules: Iterable<CompiledRule>): void {
    for (const rule of rules) {
      if (rule.effect === 'allow') continue;
      if (rule.expiresAt !== Infinity) {
        this.#expiring.push(rule);
        continue;
      }
      const key = `${rule.effect} ${rule.tier} ${rule.toolName ?? ''} ${rule.toolPrefix ?? ''}`;
      const known = this.#best.get(key);
      if (known === undefined || compareRules(rule, known) < 0) this.#best.set(key, rule);
    }
  }

  all(): readonly CompiledRule[] {
    return [...this.#expiring, ...this.#best.values()];
  }
}
