import type { Action, Described } from '../../core/action.ts';
import type { CompiledRule } from '../../core/rules/compiledRule.ts';
import type { Place } from '../../core/policy/place.ts';
import type { Rule, RuleScope } from '../../core/rules/rule.ts';
import { compileRule, pathSegments, RuleIndex } from '../../core/rules/ruleIndex.ts';
import { normaliseScope } from '../../core/rules/ruleScope.ts';

/** Whether a rule with this scope would be looked at for a request; whether it answers is for the gate to say */
export function scopeFits(scope: RuleScope, described: Described, place: Place): boolean {
  const normal = normaliseScope(scope, place).scope;
  if (normal === undefined) return false;
  const rule: Rule = { id: 'preview', source: 'workspace_db', effect: 'allow', scope: normal, createdAt: 0 };
  const index = new RuleIndex([compileRule(rule, normal, place)]);
  const found: CompiledRule[] = [];
  index.forTool(described.tool, found);
  for (const action of described.actions) lookUp(action, described.tool, index, place, found);
  return found.length > 0;
}

function lookUp(action: Action, tool: string, index: RuleIndex, place: Place, found: CompiledRule[]): void {
  switch (action.kind) {
    case 'read': case 'write': case 'delete': return index.forPath(pathSegments(action.path, place), tool, found);
    case 'exec': return index.forCommand(action, found);
    case 'fetch': case 'export': return index.forHost(action, tool, found);
    case 'mcp': return index.forServer(action.server, tool, action.mcpTool, found);
    default: return;
  }
}
