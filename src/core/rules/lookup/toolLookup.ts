import type { CompiledRule } from '../compiledRule.ts';
import { isGlob, wildcardMatches } from '../globMatch.ts';
import { WildcardMap } from './wildcardMap.ts';

/** Tool rules by name; names with wildcards beside them. A `deny` or `ask` wildcard ignores case, an `allow` does not */
export class ToolLookup {
  readonly #exact = new Map<string, CompiledRule[]>();
  readonly #wild = new WildcardMap<CompiledRule>();
  #anyWild = false;

  add(rule: CompiledRule): void {
    const name = rule.toolName ?? '';
    if (isGlob(name)) {
      this.#wild.add(name.toLowerCase(), rule);
      this.#anyWild = true;
      return;
    }
    const known = this.#exact.get(name);
    if (known === undefined) this.#exact.set(name, [rule]);
    else known.push(rule);
  }

  collect(tool: string, into: CompiledRule[]): void {
    const exact = this.#exact.get(tool);
    if (exact !== undefined) for (const rule of exact) into.push(rule);
    if (!this.#anyWild) return;
    const folded = tool.toLowerCase();
    this.#wild.forEach(folded, (rule) => {
      if (toolWildcardMatches(rule, tool, folded)) into.push(rule);
    });
  }
}

function toolWildcardMatches(rule: CompiledRule, tool: string, folded: string): boolean {
  const name = rule.toolName ?? '';
  return rule.effect === 'allow' ? wildcardMatches(name, tool) : wildcardMatches(name.toLowerCase(), folded);
}
