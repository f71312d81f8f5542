import type { NetworkAction } from '../../action.ts';
import type { CompiledRule } from '../compiledRule.ts';
import { portOfScheme } from '../domainText.ts';
import { wildcardMatches } from '../globMatch.ts';
import { addToBucket, holdsForTool, ToolBucket } from './toolBucket.ts';
import { WildcardMap } from './wildcardMap.ts';

/** Domain rules by host and by parent domain */
export class DomainLookup {
  readonly #exact = new Map<string, ToolBucket>();
  readonly #below = new Map<string, ToolBucket>();
  readonly #patterns = new WildcardMap<CompiledRule>();
  readonly #any = new ToolBucket();
  readonly #loopback = new ToolBucket();

  add(rule: CompiledRule): void {
    const domain = rule.domain;
    if (domain === undefined) return;
    if (domain.kind === 'any') this.#any.add(rule);
    else if (domain.kind === 'pattern') this.#patterns.add(domain.host, rule);
    else if (domain.hostClass === 'loopback' && rule.effect !== 'allow') this.#loopback.add(rule);
    else {
      if (domain.kind !== 'below') addToBucket(this.#exact, domain.host, rule);
      if (domain.kind !== 'host') addToBucket(this.#below, domain.host, rule);
    }
  }

  collect(action: NetworkAction, tool: string, into: CompiledRule[]): void {
    const found: CompiledRule[] = [];
    this.#any.collect(tool, found);
    const host = action.host;
    if (host !== undefined) {
      this.#exact.get(host)?.collect(tool, found);
      if (this.#below.size > 0) {
        for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
          this.#below.get(host.slice(dot + 1))?.collect(tool, found);
        }
      }
      if (action.hostClass === 'loopback') this.#loopback.collect(tool, found);
      this.#patterns.forEach(host, (rule) => {
        if (wildcardMatches(rule.domain?.host ?? '', host) && holdsForTool(rule, tool)) found.push(rule);
      });
    }
    for (const rule of found) if (portMatches(rule, action)) into.push(rule);
  }
}

/** A port in the rule must be the request's; a `deny` or `ask` also holds where the request's port is unknown */
function portMatches(rule: CompiledRule, action: NetworkAction): boolean {
  const wanted = rule.domain?.port;
  if (wanted === undefined) return true;
  const port = action.port ?? portOfScheme(action.scheme);
  if (rule.effect === 'allow') return port === wanted;
  return rule.domain?.portSpelled !== true || port === undefined || port === wanted;
}
