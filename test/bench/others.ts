import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { Rule } from '../../src/core/rules/rule.ts';

/** One question to another engine: what kind of thing, and which one */
export interface Question {
  readonly kind: 'path' | 'domain' | 'command';
  readonly target: string;
}

/** Another engine, loaded with the same rules as ours as nearly as it can hold them */
export interface Other {
  readonly name: string;
  answer(question: Question): boolean;
}

interface Line {
  readonly kind: string;
  readonly pattern: string;
  readonly effect: 'allow' | 'deny';
}

/** `ask` is a deny there, as neither knows a third answer; a glob becomes the nearest prefix or suffix pattern */
function linesOf(rules: readonly Rule[]): readonly Line[] {
  return rules.map(({ effect, scope }) => {
    const simple = effect === 'allow' ? 'allow' : 'deny';
    switch (scope.kind) {
      case 'path': return { kind: 'path', pattern: scope.path.includes('*') ? scope.path.replace('**/*', '*') : `${scope.path}*`, effect: simple };
      case 'domain': return { kind: 'domain', pattern: scope.domain, effect: simple };
      case 'command_prefix': return { kind: 'command', pattern: `${scope.prefix}*`, effect: simple };
      case 'mcp_server': return { kind: 'server', pattern: scope.serverName, effect: simple };
      case 'tool': return { kind: 'tool', pattern: scope.toolName, effect: simple };
    }
  });
}

/** Node-Casbin with a deny-override model, synchronous, without its cache, which would only remember the question */
export async function casbin(rules: readonly Rule[]): Promise<Other> {
  const model = newModelFromString(`
[request_definition]
r = kind, target
[policy_definition]
p = kind, pattern, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.kind == p.kind && globMatch(r.target, p.pattern)
`);
  const text = linesOf(rules).map(({ kind, pattern, effect }) => `p, ${kind}, ${pattern}, ${effect}`).join('\n');
  const enforcer = await newEnforcer(model, new StringAdapter(text));
  return { name: 'casbin', answer: ({ kind, target }) => enforcer.enforceSync(kind, target) };
}

/** Cedar in WebAssembly with its policies parsed ahead, which is its quickest way in */
export function cedarWasm(rules: readonly Rule[]): Other {
  const id = `bench-${rules.length}`;
  const text = linesOf(rules).map(({ kind, pattern, effect }) => `${effect === 'allow' ? 'permit' : 'forbid'}(principal, action == Action::"${kind}", resource) when { context.target like "${pattern}" };`).join('\n');
  const parsed = cedar.preparsePolicySet(id, { staticPolicies: text });
  if (parsed.type !== 'success') throw new Error(`Cedar does not take the rules: ${JSON.stringify(parsed).slice(0, 400)}`);
  return {
    name: 'cedar-wasm',
    answer: ({ kind, target }) => {
      const answer = cedar.statefulIsAuthorized({ principal: { type: 'Agent', id: 'a' }, action: { type: 'Action', id: kind }, resource: { type: 'Thing', id: 'x' }, context: { target }, preparsedPolicySetId: id, entities: [] });
      if (answer.type !== 'success') throw new Error(`Cedar does not answer: ${JSON.stringify(answer).slice(0, 400)}`);
      return answer.response.decision === 'allow';
    },
  };
}
