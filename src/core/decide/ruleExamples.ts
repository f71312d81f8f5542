import { evaluate } from '../evaluate.ts';
import { compilePolicy } from '../policy/compilePolicy.ts';
import { defaultSettings } from '../policy/policy.ts';
import type { Request } from '../request.ts';
import { readRequest } from '../schema/requestSchema.ts';
import type { Rule, RuleScope } from '../rules/rule.ts';
import type { Surroundings } from '../surroundings.ts';

/** One example of a rule, tried */
export interface TriedExample {
  readonly text: string;
  readonly expected: 'match' | 'no match';
  readonly got: 'match' | 'no match' | 'no request';
}

/**
 * Tries the examples that a rule carries (spec 2) against the rule alone, with every permission on, so that an example says
 * what the rule covers and not what else is in the policy. An `allow` matches what it makes an allow as a whole: `git status`
 * does not match `git status; rm x`. An `ask` or `deny` matches what it decides any part of. When the rule ends, and how
 * often it may still be used, does not count.
 */
export function tryExamples(rule: Rule, surroundings: Surroundings): readonly TriedExample[] {
  const { expiresAt: _expiry, usesLeft: _uses, ...lasting } = rule;
  const permissions = { read: true, write: true, delete: true, shell: true, network: true };
  // As a rule of the user's, since what counts here is what the scope covers
  const policy = compilePolicy({ ...defaultSettings, permissions, rules: [{ ...lasting, source: 'workspace_db' }] }, surroundings, { repositoryAllows: true });

  const tryOne = (text: string, expected: TriedExample['expected']): TriedExample => {
    const request = exampleRequest(text, rule.scope);
    if (request === undefined) return { text, expected, got: 'no request' };
    const { decision, actions } = evaluate(request, surroundings, policy, { now: rule.createdAt, holds: [] });
    const decides = actions.some((each) => each.rule?.id === rule.id) && (rule.effect !== 'allow' || decision === 'allow');
    return { text, expected, got: decides ? 'match' : 'no match' };
  };
  const { match = [], notMatch = [] } = rule.examples ?? {};
  return [...match.map((text) => tryOne(text, 'match')), ...notMatch.map((text) => tryOne(text, 'no match'))];
}

/** What an example of a scope asks for: a whole request as JSON, or the text that the scope is about */
function exampleRequest(text: string, scope: RuleScope): Request | undefined {
  if (text.startsWith('{')) return requestOf(text);
  switch (scope.kind) {
    case 'command_prefix':
      return { tool: 'run_command', input: { command: text } };
    case 'path':
      return { tool: scope.toolName ?? 'read_file', input: { path: text } };
    case 'domain':
      return { tool: scope.toolName ?? 'web_fetch', input: { url: text.includes('://') ? text : `https://${text}/` } };
    case 'tool':
      return { tool: text };
    case 'mcp_server': {
      const [server = '', tool = ''] = text.split('/');
      return tool === '' ? undefined : { tool, server };
    }
  }
}

function requestOf(json: string): Request | undefined {
  try {
    const read = readRequest(JSON.parse(json));
    return read.ok ? read.value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
