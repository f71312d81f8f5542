import type { EvaluatedAction, Evaluation } from '../core/decide/evaluation.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { visible } from '../core/visible.ts';
import { readAnswer } from './answering.ts';
import { withoutSecrets } from './secretText.ts';
import type { Settled } from './settled.ts';

/** The sentence for the agent: what happened to its request, why, and what would help. Holds no credentials */
export function messageFor(settled: Settled): string {
  return withoutSecrets(visible(plainMessage(settled)));
}

function plainMessage(settled: Settled): string {
  const { decision, settledBy, evaluation, why } = settled;
  if (decision === 'deny' && why !== undefined) return `Denied: ${why}${saidBy(settled)}`;
  switch (settledBy) {
    case 'person':
      return personMessage(settled);
    case 'timeout':
      return 'Denied: nobody answered in time. Tell the user what you need and ask again.';
    case 'withdrawn':
      return 'Denied: the request was withdrawn before anyone answered.';
    case 'failure':
      return `Denied: ${evaluation.reason.summary}`;
    case 'policy':
      if (decision === 'allow') return 'Allowed.';
      return policyDenial(evaluation);
  }
}

function saidBy({ comment }: Settled): string {
  return comment === undefined || comment.trim() === '' ? '' : ` The user says: ${comment.trim()}`;
}

function personMessage(settled: Settled): string {
  const { decision, answer, edited } = settled;
  const said = saidBy(settled);
  if (decision === 'allow') {
    return `${edited === undefined ? 'Allowed by the user.' : 'Allowed by the user with changes: run the changed request, not the first one.'}${said}`;
  }
  const lasts = answer !== undefined && readAnswer(answer).reach !== 'once';
  const next = said === '' ? ' Do not try it another way; ask what to do instead.' : '';
  return `Denied by the user${lasts ? ', also from now on' : ''}.${next}${said}`;
}

function policyDenial(evaluation: Evaluation): string {
  const { reason } = evaluation;
  const denied = evaluation.actions.find((evaluated) => evaluated.decision === 'deny');
  // One of several effects: the agent has to know which
  const where = denied !== undefined && evaluation.actions.length > 1 ? ` (${shortTarget(denied)})` : '';
  return `Denied${where}: ${sentence(reason.summary)} ${helpFor(evaluation, denied)}`;
}

function helpFor({ reason }: Evaluation, denied: EvaluatedAction | undefined): string {
  switch (reason.type) {
    case 'rule':
      return denied?.rule === undefined
        ? 'A rule says so; the user can change it.'
        : `The rule is "deny ${previewScope(denied.rule.scope)}"; the user can change it.`;
    case 'mode':
      return reason.mode === 'plan' ? 'Finish the plan with reading only; the user can switch the mode.' : 'The user can switch the mode.';
    case 'workspace_capability':
      return 'The user can change this in the workspace permissions.';
    case 'guardrail':
      return 'No rule or mode lifts this; find another way or ask the user to do it.';
    case 'task_restriction':
    case 'context_restriction':
      return 'This tool is not available here; go on without it.';
    case 'workspace_script':
      return "The workspace's own policy script decides this.";
    case 'denial_fallback':
      return 'Ask the user.';
    case 'limit':
      return 'Tell the user.';
  }
}

function shortTarget({ action }: EvaluatedAction): string {
  const target = action.target.length > 80 ? `${action.target.slice(0, 60)}…` : action.target;
  return `${action.kind} ${target}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
