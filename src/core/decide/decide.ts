import type { Action, Described } from '../action.ts';
import { findBlockedPattern } from '../policy/blockedPatterns.ts';
import type { Policy } from '../policy/compilePolicy.ts';
import { compareRules } from '../rules/compiledRule.ts';
import type { Capability, Decision, Mode, Reason } from '../decision.ts';
import { isStricter, stricter } from '../decision.ts';
import type { DecisionContext, Subject } from './decisionContext.ts';
import { destinationOf, subjectOf } from './decisionContext.ts';
import type { EvaluatedAction, Evaluation } from './evaluation.ts';
import type { Matches, RuleAnswer } from '../rules/matchRules.ts';
import { chooseRule, matchRules, scriptOf } from '../rules/matchRules.ts';
import { modeRowOf, modeSentence, modeTable } from '../policy/modeTable.ts';
import { inferScope, rememberFor, suggest } from './remember.ts';
import type { Remembered } from './remember.ts';
import type { Request } from '../request.ts';
import { restrictionOf, sharedApproval } from '../policy/restrictions.ts';
import { pathSegments } from '../rules/ruleIndex.ts';
import { previewScope } from '../rules/ruleScope.ts';
import { isTiedToOther, tiedScript } from '../rules/scriptHash.ts';
import type { SessionFacts } from './session.ts';
import { visible } from '../visible.ts';

/** What a stage says of an action; nothing where it has nothing to say */
interface StageAnswer {
  readonly decision: 'ask' | 'deny';
  readonly reason: Reason;
}

/** What the stages say that speak about a request as a whole */
interface WholeAnswers {
  readonly patterns: StageAnswer | undefined;
  readonly script: StageAnswer | undefined;
}

/** Denials of one fingerprint by mode alone that turn the next one into a question (spec 1, stage 7) */
const mostInARow = 3;
const mostInAll = 20;

/** Parts of one request that a lasting answer may be about: with more it would write as many rules, and is not offered */
const mostKept = 100;

/**
 * Decides a request: every action by itself through the stages of spec 1, then the strictest answer for the whole. A pure
 * function of its arguments. A failure inside is a denial, never a loosening.
 */
export function decide(request: Request, described: Described, policy: Policy, session: SessionFacts): Evaluation {
  try {
    return decideActions(request, described, policy, session);
  } catch (error) {
    return failed(described, error);
  }
}

function decideActions(request: Request, given: Described, policy: Policy, session: SessionFacts): Evaluation {
  const described = withExports(given, policy, session);
  const context: DecisionContext = {
    request,
    described,
    policy,
    session,
    mode: policy.settings.mode,
    indexes: session.rules === undefined || session.rules.size === 0 ? [policy.rules] : [policy.rules, session.rules],
    destination: destinationOf(described),
  };
  const restriction = restrictionOf(request, described, policy.settings.channels);
  const whole = { patterns: patternStage(context), script: scriptStage(session) };
  const actions: EvaluatedAction[] = [];
  const remembered: (Remembered | undefined)[] = [];
  let kept = 0;
  for (let index = 0; index < described.actions.length; index++) {
    const action = described.actions[index];
    if (action === undefined) continue;
    if (restriction !== undefined) {
      actions.push(blockedBy(context, subjectOf(context, action, index), restriction));
    } else {
      const memory = decideAction(context, action, index, whole, actions, kept < mostKept);
      if (memory === undefined) continue;
      remembered[index] = memory;
      kept += 1;
    }
  }
  const fingerprint = fingerprintOf(described);
  return conclude(context, fallBack(context, actions, fingerprint, remembered), remembered, fingerprint);
}

/** Takes one action through the stages, appends the answer, and gives what a lasting answer could be */
function decideAction(context: DecisionContext, action: Action, index: number, whole: WholeAnswers, into: EvaluatedAction[], mayLast: boolean): Remembered | undefined {
  const subject = subjectOf(context, action, index);
  const guardrail = guardrailStage(context, subject);
  const capability = isDenied(guardrail) ? undefined : capabilityStage(context, subject);
  // The first that denies gives the reason; what only asks stays a floor under rules and mode
  const blocked = [guardrail, whole.patterns, capability, whole.script].find(isDenied);
  if (blocked !== undefined) {
    into.push(blockedBy(context, subject, blocked.reason));
    return undefined;
  }
  const floor = guardrail ?? whole.patterns ?? whole.script ?? sharedStage(context, action);
  const matches = matchRules(context, subject, context.indexes);
  const chosen = chooseRule(matches.answering);
  const planned = heldByPlan(context, action);
  // What is said of a part alone leaves the whole to the mode, where that is stricter
  const left = chosen?.partOnly === true && isStricter(modeStage(context, subject).decision, chosen.decision);
  const answer = left || (planned && chosen?.decision === 'allow') ? undefined : chosen;
  const open = answer === undefined ? modeStage(context, subject) : ruleStage(answer);
  const decision = floor === undefined ? open.decision : stricter(floor.decision, open.decision);
  const held = floor !== undefined && !isStricter(open.decision, floor.decision);
  const answering = held ? undefined : answer;
  const changed = decision === 'ask' && answering === undefined ? changedScript(context, action, matches) : undefined;
  const reason = held ? floor.reason : changed === undefined ? open.reason : { ...open.reason, summary: 'The script it runs changed since you allowed it.' };
  const memory = mayLast && decision === 'ask' && floor === undefined && !planned ? rememberFor(context, subject, matches) : undefined;
  into.push({
    action,
    decision,
    reason,
    ...(answering === undefined ? {} : { rule: answering.rule.rule }),
    losing: losingRules(matches, answering),
    ...(matches.expired.length === 0 ? {} : { expired: matches.expired.map((rule) => rule.rule) }),
    ...(changed === undefined ? {} : { changedScript: changed }),
    ...(memory === undefined ? {} : { remember: memory.scope }),
  });
  return memory;
}

/** The script of a rule that would have allowed an action, had the text stayed what it was */
function changedScript(context: DecisionContext, action: Action, matches: Matches): EvaluatedAction['changedScript'] {
  const now = scriptOf(context, action);
  const old = matches.silent.find((rule) => isTiedToOther(rule.rule, now));
  if (old === undefined) return undefined;
  const before = tiedScript(old.rule);
  return { ...(before === undefined ? {} : { before }), ...(now === undefined ? {} : { now }) };
}

/** Whether no rule can allow an action: `plan` allows only what is known to be a read (spec 6) */
function heldByPlan({ mode }: DecisionContext, action: Action): boolean {
  return mode === 'plan' && action.kind !== 'read' && action.kind !== 'fetch' && !(action.kind === 'exec' && action.class === 'read');
}

/** An action denied before rules were asked; the rules that would have spoken are named as losing */
function blockedBy(context: DecisionContext, subject: Subject, reason: Reason): EvaluatedAction {
  return { action: subject.action, decision: 'deny', reason, losing: losingRules(matchRules(context, subject, context.indexes), undefined) };
}

function isDenied(answer: StageAnswer | undefined): answer is StageAnswer {
  return answer?.decision === 'deny';
}

/** What stage 1 holds up in groups without forbidding it */
function sharedStage({ request, described }: DecisionContext, action: Action): StageAnswer | undefined {
  const reason = sharedApproval(request, described, action);
  return reason === undefined ? undefined : { decision: 'ask', reason };
}

/** Stage 2 for the request as a whole: the user's own blocked patterns */
function patternStage(context: DecisionContext): StageAnswer | undefined {
  const { policy, described } = context;
  const found = findBlockedPattern(policy.blockedPatterns, described);
  if (found !== undefined && 'pattern' in found) {
    return { decision: 'deny', reason: { type: 'guardrail', summary: `The command matches the blocked pattern “${visible(found.pattern)}”.`, pattern: found.pattern } };
  }
  if (found !== undefined) return { decision: 'ask', reason: { type: 'guardrail', summary: found.untested } };
  if (policy.patternsBroken && described.actions.some((action) => action.kind === 'exec')) {
    return { decision: 'ask', reason: { type: 'guardrail', summary: 'A blocked pattern cannot be used, so every command asks until it is mended.' } };
  }
  return undefined;
}

/** Stage 4. Anything but a clear `pass` holds the request up */
function scriptStage(session: SessionFacts): StageAnswer | undefined {
  const { script } = session;
  if (script === undefined) return undefined;
  if ('error' in script) return { decision: 'ask', reason: { type: 'workspace_script', summary: `A person decides, for the workspace’s policy script says nothing: ${visible(script.error)}.` } };
  const said = script.reason === undefined || script.reason === '' ? '' : `: ${visible(script.reason)}`;
  if (script.decision === 'pass') return undefined;
  if (script.decision === 'deny') return { decision: 'deny', reason: { type: 'workspace_script', summary: `The workspace’s policy script forbids this${said}` } };
  return { decision: 'ask', reason: { type: 'workspace_script', summary: `The workspace’s policy script wants a person to decide${said}` } };
}

/** Stage 2: what is blocked by meaning, and protected places */
function guardrailStage(context: DecisionContext, subject: Subject): StageAnswer | undefined {
  const { action, segments } = subject;
  if (action.guardrail !== undefined) return { decision: 'deny', reason: { type: 'guardrail', summary: action.guardrail.summary, pattern: action.guardrail.id } };
  if (action.kind !== 'write' && action.kind !== 'delete') return undefined;
  const hit = context.policy.places.forChange(action, segments);
  if (hit === undefined || (hit.place.open === true && !subject.within)) return undefined;
  const { place, below } = hit;
  const does = `It ${action.kind === 'delete' ? 'deletes' : 'changes'} ${placeText(action.target, place.pattern, below)}, which ${place.why}`;
  if (place.kind === 'sealed') return { decision: 'deny', reason: { type: 'guardrail', summary: `${does}; no tool may do that.`, pattern: place.pattern } };
  return { decision: 'ask', reason: { type: 'guardrail', summary: `${does}.`, pattern: place.pattern } };
}

/** A protected place in a sentence: by itself, or as what lies below the target */
function placeText(target: string, pattern: string, below: boolean | undefined): string {
  return below === true ? `${visible(target)} with ${visible(pattern)} in it` : visible(pattern);
}

/** Stage 3: the coarse switches of the workspace and its border */
function capabilityStage(context: DecisionContext, subject: Subject): StageAnswer | undefined {
  const { described, policy } = context;
  const { permissions } = policy.settings;
  const { action } = subject;
  const own = capabilityOf(action);
  if (own !== undefined && !permissions[own]) return switchedOff(own);
  if (described.needsShell && !permissions.shell) return switchedOff('shell');
  if (described.needsNetwork && !permissions.network) return switchedOff('network');
  if ((action.kind === 'write' || action.kind === 'delete') && !subject.within) {
    return { decision: 'deny', reason: { type: 'workspace_capability', summary: 'The path is outside the workspace and not in an allowed path.', capability: action.kind } };
  }
  return undefined;
}

function switchedOff(capability: Capability): StageAnswer {
  return { decision: 'deny', reason: { type: 'workspace_capability', summary: `${capabilityNames[capability]} is switched off for this workspace.`, capability } };
}

const capabilityNames: Readonly<Record<Capability, string>> = { read: 'Reading', write: 'Writing', delete: 'Deleting', shell: 'The shell', network: 'The network' };

function capabilityOf(action: Action): Capability | undefined {
  switch (action.kind) {
    case 'read':
    case 'write':
    case 'delete': return action.kind;
    case 'exec': return 'shell';
    case 'fetch':
    case 'export':
    case 'locate': return 'network';
    case 'mcp':
    case 'interact':
    case 'external':
    case 'unknown': return undefined;
  }
}

/** Stage 5 */
function ruleStage(answer: RuleAnswer): { readonly decision: Decision; readonly reason: Reason } {
  const { rule } = answer.rule;
  const summary = `${effectNames[answer.decision]} the ${sourceNames[rule.source]} rule for ${previewScope(answer.rule.scope)}.`;
  const reason: Reason = { type: 'rule', summary, rule: rule.id };
  return { decision: answer.decision, reason };
}

const effectNames: Readonly<Record<Decision, string>> = { allow: 'Allowed by', ask: 'Asked because of', deny: 'Denied by' };
const sourceNames = {
  managed: 'administrator’s', session: 'session', workspace_db: 'workspace', workspace_manifest: 'repository', profile: 'profile', legacy_guardrails: 'trusted command', legacy_builtin_settings: 'built-in',
} as const;

/** Modes in which a read of a secret and a private host still ask (spec 5) */
const careful: ReadonlySet<Mode> = new Set(['default', 'plan', 'accept_edits', 'dangerous_only']);

/** Stage 6, where no rule answered */
function modeStage(context: DecisionContext, subject: Subject): { readonly decision: Decision; readonly reason: Reason } {
  const { mode } = context;
  const { action } = subject;
  const row = modeRowOf(action, subject.within);
  const byMode = modeTable[row][mode];
  if (byMode !== 'deny') {
    if (subject.secret !== undefined && careful.has(mode)) {
      const { place, below } = subject.secret;
      const summary = `It reads ${placeText(action.target, place.pattern, below)}, which ${place.why}.`;
      return { decision: 'ask', reason: { type: 'guardrail', summary, pattern: place.pattern } };
    }
    if (action.kind === 'fetch' && byMode === 'allow') {
      const hostClass = action.hostClass ?? 'public';
      if (hostClass !== 'public' && (careful.has(mode) || hostClass === 'metadata')) return { decision: 'ask', reason: { type: 'mode', summary: hostClassNames[hostClass], mode } };
    }
    if (action.uncertain !== undefined) return { decision: 'ask', reason: { type: 'mode', summary: visible(action.uncertain), mode } };
  }
  return { decision: byMode, reason: { type: 'mode', summary: modeSentence(action, row, mode, byMode), mode } };
}

const hostClassNames = {
  private: 'The address is in the private network.',
  loopback: 'The address is this machine itself.',
  link_local: 'The address is on the local link.',
  metadata: 'The address gives out the credentials of a cloud machine.',
  unspecified: 'The address is that of no particular machine, so it reaches this one.',
} as const;

/** Stage 7: denials by mode alone that come again and again become a question */
function fallBack(context: DecisionContext, actions: EvaluatedAction[], fingerprint: string, remembered: (Remembered | undefined)[]): EvaluatedAction[] {
  const denied = actions.filter((action) => action.decision === 'deny');
  if (denied.length === 0 || denied.some((action) => action.reason.type !== 'mode')) return actions;
  const counts = context.request.denials ?? context.session.denials?.(fingerprint);
  if (counts === undefined || (counts.consecutive < mostInARow && counts.total < mostInAll)) return actions;
  return actions.map((evaluated, index) => {
    if (evaluated.decision !== 'deny') return evaluated;
    const subject = subjectOf(context, evaluated.action, index);
    const memory = heldByPlan(context, evaluated.action) ? undefined : rememberFor(context, subject, matchRules(context, subject, context.indexes));
    if (memory !== undefined) remembered[index] = memory;
    const reason: Reason = { type: 'denial_fallback', summary: `Denied ${counts.consecutive >= mostInARow ? `${counts.consecutive} times in a row` : `${counts.total} times`} in this mode (${context.mode}); a person decides now.`, mode: context.mode };
    return { ...evaluated, decision: 'ask' as const, reason, ...(memory === undefined ? {} : { remember: memory.scope }) };
  });
}

/** Folds the answers: the strictest is the answer, with the reason of the earliest stage that gave it (spec 1) */
function conclude(context: DecisionContext, actions: readonly EvaluatedAction[], remembered: readonly (Remembered | undefined)[], fingerprint: string): Evaluation {
  let first: EvaluatedAction | undefined;
  for (const evaluated of actions) if (first === undefined || outranks(evaluated, first)) first = evaluated;
  if (first === undefined) throw new Error('The request has no action.');
  const scope = first.rule?.scope ?? first.remember ?? inferScope(context, subjectOf(context, first.action, actions.indexOf(first)))[0];
  return {
    decision: first.decision,
    reason: first.reason,
    ...(scope === undefined ? {} : { scope }),
    actions,
    suggestions: first.decision === 'ask' ? suggest(actions, remembered) : [],
    fingerprint,
    ...(context.described.folder === undefined ? {} : { folder: context.described.folder }),
  };
}

/** Whether `a` speaks for the request rather than `b`, which stands before it */
function outranks(a: EvaluatedAction, b: EvaluatedAction): boolean {
  return isStricter(a.decision, b.decision) || (a.decision === b.decision && stageOrder.indexOf(a.reason.type) < stageOrder.indexOf(b.reason.type));
}

/** The stages of spec 1 */
const stageOrder: readonly Reason['type'][] = ['task_restriction', 'context_restriction', 'guardrail', 'workspace_capability', 'workspace_script', 'rule', 'mode', 'denial_fallback'];

function losingRules(matches: Matches, answer: RuleAnswer | undefined): EvaluatedAction['losing'] {
  if (matches.answering.length + matches.silent.length === (answer === undefined ? 0 : 1)) return [];
  return [...matches.answering.sort(compareRules), ...matches.silent.sort(compareRules)].filter((rule) => rule !== answer?.rule).map((rule) => rule.rule);
}

/** One text per distinct effect: the tool and everything it would do */
function fingerprintOf(described: Described): string {
  let text = described.tool;
  for (const action of described.actions) text += `\n${action.kind} ${action.target}`;
  return text;
}

/**
 * A fetch beside the reading of a secret, in one request or one session, is an export of that secret (spec 7); a request that
 * nothing could be read from is an unknown one.
 */
function withExports(described: Described, policy: Policy, session: SessionFacts): Described {
  if (described.actions.length === 0) return { ...described, actions: [{ kind: 'unknown', target: described.tool, uncertain: 'What this request does is not known.' }] };
  if (!described.actions.some((action) => action.kind === 'fetch')) return described;
  const secret = session.holds.at(-1) ?? secretIn(described, policy);
  if (secret === undefined) return described;
  const actions = described.actions.map((action): Action => (action.kind === 'fetch' ? { ...action, kind: 'export', source: action.source ?? secret } : action));
  return { ...described, actions };
}

function secretIn(described: Described, policy: Policy): string | undefined {
  for (const action of described.actions) {
    if (action.kind === 'read' && policy.places.forRead(action, pathSegments(action.path, policy.place)) !== undefined) return action.path;
  }
  return undefined;
}

/** The answer to a request on which deciding itself failed */
function failed(described: Described, error: unknown): Evaluation {
  const reason: Reason = { type: 'guardrail', summary: 'The request could not be decided because something failed inside; it is denied to be safe.', pattern: 'internal_error' };
  const action: Action = { kind: 'unknown', target: typeof described?.tool === 'string' ? described.tool : 'unknown', uncertain: error instanceof Error ? error.message : 'unknown failure' };
  return { decision: 'deny', reason, actions: [{ action, decision: 'deny', reason, losing: [] }], suggestions: [], fingerprint: `failed ${action.target}` };
}
