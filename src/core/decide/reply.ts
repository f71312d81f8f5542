import type { Decision, Reason } from '../decision.ts';
import type { Answer, Evaluation } from './evaluation.ts';
import type { Request } from '../request.ts';
import type { Rule, RuleScope, RuleSource } from '../rules/rule.ts';

/** A decision as it leaves on a line of the command line (design, command line contract); keys are only ever added */
export interface Reply {
  readonly id: string | number | null;
  readonly decision: Decision;
  readonly reason: Reason;
  readonly scope: RuleScope | null;
  readonly actions: readonly ReplyAction[];
  readonly losing: readonly ReplyRule[];
  readonly suggestions: readonly Answer[];
}

export interface ReplyAction {
  readonly kind: string;
  readonly target: string;
  readonly argv?: readonly (string | null)[];
  readonly decision: Decision;
  readonly reason: Reason;
}

export interface ReplyRule {
  readonly id: string;
  readonly source: RuleSource;
  readonly effect: Decision;
  readonly scope: RuleScope;
}

/** The decision on a request in the shape of the contract */
export function toReply(request: Request, evaluation: Evaluation): Reply {
  const losing = new Map<string, ReplyRule>();
  for (const { losing: rules } of evaluation.actions) for (const rule of rules) losing.set(`${rule.source} ${rule.id}`, replyRule(rule));
  return {
    id: request.id ?? null,
    decision: evaluation.decision,
    reason: evaluation.reason,
    scope: evaluation.scope ?? null,
    actions: evaluation.actions.map(({ action, decision, reason }) => ({
      kind: action.kind,
      target: action.target,
      ...(action.kind === 'exec' ? { argv: action.argv } : {}),
      decision,
      reason,
    })),
    losing: [...losing.values()],
    suggestions: evaluation.suggestions,
  };
}

function replyRule(rule: Rule): ReplyRule {
  return { id: rule.id, source: rule.source, effect: rule.effect, scope: rule.scope };
}
