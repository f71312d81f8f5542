import type { Answer, EvaluatedAction, Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { Rule, RuleScope, RuleSource } from '../core/rules/rule.ts';
import { previewScope, ruleFingerprint } from '../core/rules/ruleScope.ts';
import { type ScriptTie, tieTo } from '../core/rules/scriptHash.ts';
import type { Approval, ApprovalAnswer } from './ports.ts';
import { holdsSecret } from './secretText.ts';

/** As much of an approval as answering it takes */
export type Question = Pick<Approval, 'id' | 'request' | 'evaluation' | 'session' | 'budget'>;

/** What a person's answer means, worked out before anything is recorded */
export interface Answered {
  readonly decision: 'allow' | 'deny';
  readonly answer: ApprovalAnswer;
  /** The reading of what runs */
  readonly evaluation: Evaluation;
  readonly edited?: Request;
}

export type Plan =
  | { readonly ok: true; readonly answered: Answered; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly reason: string };

/** What planning an answer needs of the gate */
export interface AnsweringContext {
  /** The evaluation of a request of this session, as if these rules were there too */
  tryOut(request: Request, session: string, extra: readonly Rule[]): Evaluation;
  /** Rules that are already stored */
  readonly known: readonly Rule[];
  readonly ids: () => string;
  readonly now: number;
}

type Reach = 'once' | 'session' | 'workspace' | 'profile';

const sources: Readonly<Record<Exclude<Reach, 'once'>, RuleSource>> = { session: 'session', workspace: 'workspace_db', profile: 'profile' };

/** How long an answer lasts, and which way it goes */
export function readAnswer(answer: Answer): { readonly effect: 'allow' | 'deny'; readonly reach: Reach } {
  const [effect, reach] = answer.split('_') as ['allow' | 'deny', Reach];
  return { effect, reach };
}

/**
 * What an answer would do, or the sentence that says why it cannot stand.
 *
 * INVARIANT: a lasting answer is accepted only if the same request, asked again, would then be answered that way by the
 * rules it writes; nobody is left with a rule that never matches, nor with one that does not hold.
 */
export function planAnswer(approval: Question, given: ApprovalAnswer, context: AnsweringContext): Plan {
  if (!approval.evaluation.suggestions.includes(given.answer)) {
    return no(`This answer is not offered for this request. Offered: ${approval.evaluation.suggestions.join(', ').replaceAll('_', ' ')}.`);
  }
  const { effect, reach } = readAnswer(given.answer);
  if (given.edited !== undefined && approval.budget !== undefined) return no('There is nothing to edit: the task gets more of its budget, or it ends.');
  if (given.edited !== undefined) return planEdited(approval, given, given.edited, context);
  if (reach === 'once') {
    if (given.scopes !== undefined) return no('An answer for once has no scope. Choose session, workspace or profile, or leave the scope out.');
    return { ok: true, answered: { decision: effect, answer: given, evaluation: approval.evaluation }, rules: [] };
  }
  const made = makeRules(approval, given.answer, given.scopes, context);
  if (!made.ok) return made;
  return { ok: true, answered: { decision: effect, answer: given, evaluation: approval.evaluation }, rules: made.rules };
}

/** The request with a person's edit in it; everything but the input stays the asker's */
export function withEdit(original: Request, edited: Request): Request {
  const { input: _, ...rest } = original;
  return edited.input === undefined ? rest : { ...rest, input: edited.input };
}

function planEdited(approval: Question, given: ApprovalAnswer, edited: Request, context: AnsweringContext): Plan {
  if (given.answer !== 'allow_once') return no('An edited request can only be allowed once.');
  if (edited.tool !== approval.request.tool || edited.server !== approval.request.server) return no('An edit may change the input of the request, not its tool.');
  const request = withEdit(approval.request, edited);
  const evaluation = context.tryOut(request, approval.session, []);
  if (evaluation.decision === 'deny') return no(`The edited request is denied: ${evaluation.reason.summary}`);
  return { ok: true, answered: { decision: 'allow', answer: given, evaluation, edited: request }, rules: [] };
}

type Made = { readonly ok: true; readonly rules: readonly Rule[] } | { readonly ok: false; readonly reason: string };

function makeRules(approval: Question, answer: Answer, scopes: readonly RuleScope[] | undefined, context: AnsweringContext): Made {
  const { effect, reach } = readAnswer(answer);
  if (reach === 'once') return no('An answer for once writes no rule.');
  const asking = approval.evaluation.actions.filter((evaluated) => evaluated.decision === 'ask');
  if (scopes !== undefined && scopes.length !== asking.length) {
    return no(`This request asks for ${asking.length} things, so it needs ${asking.length} scopes, one for each in order; ${scopes.length} given.`);
  }
  const candidates: Rule[] = [];
  for (const [index, evaluated] of asking.entries()) {
    const scope = scopes?.[index] ?? evaluated.remember;
    if (scope === undefined) return no(`This can only be answered once: ${evaluated.reason.summary}`);
    candidates.push(makeRule(approval, evaluated, sources[reach], effect, scope, context));
  }
  const evaluation = context.tryOut(approval.request, approval.session, candidates);
  // A command and what it sends or writes often share one scope; a deny of it matches the command alone and covers both
  const working = matched(candidates, evaluation);
  const idle = candidates.findIndex((rule) => !working.has(ruleFingerprint(rule)));
  const idleScope = candidates[idle]?.scope;
  if (idleScope !== undefined) return no(`The scope "${previewScope(idleScope)}" does not cover what it stands for: ${asking[idle]?.action.target ?? ''}`);
  if (evaluation.decision !== effect) {
    const still = evaluation.decision === 'ask' ? 'asked about' : evaluation.decision === 'deny' ? 'denied' : 'allowed';
    return no(`With this rule the same request would still be ${still}: ${evaluation.reason.summary} Choose another scope, or answer once.`);
  }
  return { ok: true, rules: withoutDoubles(candidates, context.known) };
}

/** Fingerprints of the candidates that spoke about some action when they were tried out */
function matched(candidates: readonly Rule[], tried: Evaluation): ReadonlySet<string> {
  const ids = new Set(candidates.map((rule) => rule.id));
  const speaking = tried.actions.flatMap(({ rule, losing }) => (rule === undefined ? losing : [rule, ...losing]));
  return new Set(speaking.filter((rule) => ids.has(rule.id)).map(ruleFingerprint));
}

function makeRule(approval: Question, evaluated: EvaluatedAction, source: RuleSource, effect: 'allow' | 'deny', scope: RuleScope, context: AnsweringContext): Rule {
  return {
    id: context.ids(),
    source,
    effect,
    scope,
    createdAt: context.now,
    metadata: {
      createdByApprovalId: approval.id,
      createdFromApprovalType: approvalType(approval),
      ...(source === 'session' ? { session: approval.session } : {}),
      ...(effect === 'allow' && scope.kind === 'command_prefix' ? scriptTie(approval.evaluation, evaluated) : {}),
    },
  };
}

/** An allow for `npm test` is for the script as it is now (spec 3) */
function scriptTie({ actions }: Evaluation, { action }: EvaluatedAction): Partial<ScriptTie> {
  const command = action.kind === 'exec' || action.owner === undefined ? action : actions[action.owner]?.action;
  return command?.kind !== 'exec' || command.script === undefined ? {} : tieTo(command.script, (text) => !holdsSecret(text));
}

/** Leaves out what is stored already and what stands twice among the new ones */
export function withoutDoubles(rules: readonly Rule[], known: readonly Rule[]): readonly Rule[] {
  const seen = new Set(known.map(ruleKey));
  return rules.filter((rule) => {
    const key = ruleKey(rule);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function ruleKey(rule: Rule): string {
  return JSON.stringify([rule.source, rule.metadata?.['session'], rule.metadata?.['scriptHash'], ruleFingerprint(rule), rule.expiresAt, rule.usesLeft]);
}

/** Every text of a scope that would stand in a file */
export function scopeTexts(scope: RuleScope): readonly string[] {
  return Object.values(scope);
}

/**
 * The answers that may be offered: those the evaluation suggests; only the two for once where lasting answers are off
 * (a workspace that is not trusted) or a rule would keep a credential.
 */
export function offeredAnswers({ suggestions, actions }: Evaluation, lasting: boolean): readonly Answer[] {
  const keepsSecret = actions.some(({ remember }) => remember !== undefined && scopeTexts(remember).some(holdsSecret));
  return lasting && !keepsSecret ? suggestions : suggestions.filter((answer) => readAnswer(answer).reach === 'once');
}

/** The approval type of the reference for what a request asks (cowork-facts 1.1), kept with the rules it leads to */
export function approvalType({ request, evaluation }: Question): string {
  if (request.approvalType !== undefined) return request.approvalType;
  const kinds = new Set(evaluation.actions.filter((evaluated) => evaluated.decision === 'ask').map((evaluated) => evaluated.action.kind));
  if (kinds.has('locate')) return 'location_access';
  if (kinds.has('export')) return 'data_export';
  if (kinds.has('exec')) return 'run_command';
  if (kinds.has('delete')) return 'delete_file';
  if (kinds.has('fetch')) return 'network_access';
  if (kinds.has('mcp') || kinds.has('external')) return 'external_service';
  if (kinds.has('interact')) return 'computer_use';
  return 'risk_gate';
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
