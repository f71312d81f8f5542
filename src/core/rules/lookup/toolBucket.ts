import type { CompiledRule } from '../compiledRule.ts';

/** Rules of one place or host, apart by the tool they are for, so that many rules for other tools cost nothing */
export class ToolBucket {
  readonly #any: CompiledRule[] = [];
  readonly #named = new Map<string, CompiledRule[]>();
  readonly #prefixed: CompiledRule[] = [];

  add(rule: CompiledRule): void {
    if (rule.toolPrefix !== undefined) {
      this.#prefixed.push(rule);
    } else if (rule.toolName === undefined) {
      this.#any.push(rule);
    } else {
      const known = this.#named.get(rule.toolName);
      if (known === undefined) this.#named.set(rule.toolName, [rule]);
      else known.push(rule);
    }
  }

  /** Appends the rules that hold for a tool */
  collect(tool: string, into: CompiledRule[]): void {
    for (const rule of this.#any) into.push(rule);
    if (this.#named.size > 0) {
      const named = this.#named.get(tool);
      if (named !== undefined) for (const rule of named) into.push(rule);
    }
    for (const rule of this.#prefixed) {
      if (holdsForTool(rule, tool)) into.push(rule);
    }
  }

  /** All rules, whatever their tool */
  *all(): Iterable<CompiledRule> {
    yield* this.#any;
    for (const rules of this.#named.values()) yield* rules;
    yield* this.#prefixed;
  }
}

/** Whether a rule that names a tool or a start of tool names means this one */
export function holdsForTool(rule: CompiledRule, tool: string): boolean {
  return (rule.toolName === undefined || rule.toolName === tool) && (rule.toolPrefix === undefined || tool.startsWith(rule.toolPrefix));
}

/** Adds to the bucket under a key, making it where there is none */
export function addToBucket(buckets: Map<string, ToolBucket>, key: string, rule: CompiledRule): void {
  let bucket = buckets.get(key);
  if (bucket === undefined) buckets.set(key, (bucket = new ToolBucket()));
  bucket.add(rule);
}
