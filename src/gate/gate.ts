import type { Described } from '../core/action.ts';
import { type Budgets, budgetsOf } from '../core/policy/budgets.ts';
import type { Policy } from '../core/policy/compilePolicy.ts';
import { describe } from '../core/describe/describe.ts';
import { surroundingsUnder } from '../core/evaluate.ts';
import type { ScriptRuling } from '../core/decide/session.ts';
import type { Answer, Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { RuleScope } from '../core/rules/rule.ts';
import type { Surroundings } from '../core/surroundings.ts';
import { canonicalToolName, findTool } from '../core/describe/tools/catalogue.ts';
import { visible } from '../core/visible.ts';
import type { Answered } from './answering.ts';
import { createApprovals } from './approvals.ts';
import { admit, taskStopped } from './askForMore.ts';
import { createBudgets, grantFor } from './budgets.ts';
import { createChanges } from './changes.ts';
import type { ChangeOutcome, RuleDraft, RulesChange, RulesOutcome } from './changes.ts';
import { Emitter } from './emitter.ts';
import type { Entry, ReportedUse } from './entry.ts';
import { errorText } from './errorText.ts';
import { createEvaluating } from './evaluating.ts';
import { createLimits } from './limits.ts';
import { messageFor } from './message.ts';
import { StoreError } from './ports.ts';
import type { Approval, ApprovalAnswer, Clock, Disposable, Prompter, SettingsChange, Store, Verdict } from './ports.ts';
import { createQuestions } from './questions.ts';
import type { AnswerOutcome, AnswerPreview } from './questions.ts';
import { type Result, readRequest, readResult } from './reading.ts';
import { type NotedFile, type UntrustedSource, untrustedBanner, untrustedReads } from './provenance.ts';
import { type Reads, noReads, record } from './record.ts';
import { recordedText } from './recorded.ts';
import { createRefusals } from './refusals.ts';
import { restoreReads, secretsRead } from './secretReads.ts';
import { createSessions, sessionOf } from './sessions.ts';
import type { Session } from './sessions.ts';
import { denyAll, limited } from './settled.ts';
import type { Settled } from './settled.ts';
import { settle } from './settle.ts';
import type { ScriptRunner } from './scriptRunner.ts';
import { createStandingPolicy } from './standingPolicy.ts';
import { createWorkspaceScript } from './workspaceScript.ts';

/** Five minutes in milliseconds, then an unanswered question is a denial (cowork-facts 1.8) */
export const usualTimeout = 5 * 60_000;
/** Tools besides the searching ones that start a model's work (spec 9) */
const modelTools: ReadonlySet<string> = new Set(['generate_image', 'generate_video', 'analyze_image', 'read_pdf_visual']);

/** Allowed requests whose reports are waited for; what is reported of others is limited */
const mostAwaited = 5_000;
/** Newest decisions that are looked through for the request that a report is about */
const mostLookedThrough = 1_000;

export interface GateOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly surroundings: () => Surroundings;
  /** Whether the person trusts the workspace */
  readonly trusted: () => boolean;
  /** A new id at each call, unique and hard to guess */
  readonly ids: () => string;
  /** Milliseconds until an unanswered question is a denial; five minutes unless told */
  readonly approvalTimeout?: number;
  /** Runs the workspace's policy script; the gate disposes of it */
  readonly scripts?: ScriptRunner;
  /** Told of every failure that was turned into a denial, for the log */
  readonly onFailure?: (error: unknown) => void;
}

export type { AnswerOutcome, AnswerPreview };

/** How a request is checked */
export interface CheckOptions {
  /** Takes the question back; aborted from the start: nobody is there to be asked */
  readonly signal?: AbortSignal;
  /** The session it belongs to, where that is not the actor's own */
  readonly session?: string;
  /**
   * It is part of a tool's call that was allowed, such as a redirect or a host that a command reaches: the task's budget counted the
   * call. For our own tools only; no door hands it on
   */
  readonly part?: true;
}

/** A request that was decided, as listeners see it */
export interface Decided {
  readonly request: Request;
  readonly session: string;
  readonly verdict: Verdict;
}

/** The one gate of a workspace folder: nothing else decides anything anywhere */
export interface Gate {
  /** Decides one request, asking a person where that is needed. Never rejects; a failure is a denial */
  check(request: unknown, options?: CheckOptions): Promise<Verdict>;
  /** What the gate would say, without asking, recording or counting; throws a sentence for what is no request */
  evaluate(request: unknown, session?: string): Evaluation;
  /** What a request would do, as the gate reads it */
  describe(request: Request): Described;
  /** The policy as it counts now */
  policy(): Policy;
  readonly pending: readonly Approval[];
  answer(approvalId: string, answer: ApprovalAnswer): Promise<AnswerOutcome>;
  /** What a lasting answer with these scopes would write, and which other open questions it would settle */
  previewAnswer(approvalId: string, answer: Answer, scopes?: readonly RuleScope[]): AnswerPreview;
  /** The evaluation of an open question's request with this edited input, as `answer` would judge it */
  evaluateEdited(approvalId: string, input: Readonly<Record<string, unknown>>): Evaluation | undefined;
  /** How a settled question ended, in one sentence; `undefined` when it is unknown here */
  howSettled(approvalId: string): string | undefined;
  /** Takes an open question back: whoever asked is denied */
  withdraw(approvalId: string, by?: string): Promise<void>;
  attach(prompter: Prompter): Disposable;
  /** Notes what came of an allowed request */
  report(result: unknown): Promise<ChangeOutcome>;
  changeSettings(change: SettingsChange, by: string): Promise<ChangeOutcome>;
  addRule(draft: RuleDraft, by: string): Promise<ChangeOutcome>;
  removeRule(id: string, by: string): Promise<ChangeOutcome>;
  /** Removes and adds rules as one change: all or none */
  changeRules(change: RulesChange, by: string): Promise<RulesOutcome>;
  reviewManifest(hash: string, by: string): Promise<ChangeOutcome>;
  /** Lets the policy script with this hash run; without a hash all reviews of it are taken back */
  reviewScript(hash: string | undefined, by: string): Promise<ChangeOutcome>;
  /** Why the policy script cannot be one; nothing of it runs for that */
  scriptMistake(): Promise<string | undefined>;
  /** What the policy script says of a request under a policy that is only tried */
  scriptRuling(request: Request, policy: Policy): ScriptRuling | undefined;
  /** Notes a file that came from outside; reads of it are untrusted from then on, wherever it is moved to */
  noteFile(file: NotedFile, by: string): Promise<ChangeOutcome>;
  approveAllForSession(session: string, by: string): Promise<ChangeOutcome>;
  /** Gives a task more of the budgets that it has used up, or nearly, and lets one go on that was stopped */
  grantBudget(session: string, by: string): Promise<ChangeOutcome>;
  /** Ends "approve all" for one session, or for all */
  stopApproveAll(session?: string, by?: string): Promise<void>;
  /** Sessions with "approve all" on */
  readonly approvingAll: readonly string[];
  /** Looks again at everything that is open, after trust or surroundings changed */
  refresh(): void;
  readonly onDidDecide: (listener: (decided: Decided) => void) => Disposable;
  /** Open questions, policy or grants changed */
  readonly onDidChange: (listener: () => void) => Disposable;
  /** Withdraws what is open and refuses what comes; resolves when that is recorded */
  dispose(): Promise<void>;
}

/**
 * Opens the gate of one workspace. A request goes down `check` from top to bottom: read, describe and decide, settle,
 * record.
 *
 * INVARIANT: every failure on the way is a denial, and no verdict leaves before its line is on disk.
 */
export function createGate(options: GateOptions): Gate {
  const { store, clock, surroundings, trusted, ids, approvalTimeout: timeout = usualTimeout } = options;
  const failed = options.onFailure ?? ignore;
  const decided = new Emitter<Decided>(failed);
  const changed = new Emitter<void>(failed);
  const limits = createLimits(clock);
  const sessions = createSessions();
  const standing = createStandingPolicy(() => store.state, trusted, surroundings);
  const script = createWorkspaceScript({ state: () => store.state, trusted, surroundings, runner: options.scripts });
  const evaluating = createEvaluating({ clock, surroundings, trusted, standing, sessions, script });
  const standingBudgets = (): Budgets => budgetsOf(standing.current().settings.limits);
  const budgets = createBudgets({ tasks: () => store.state.tasks ?? [], budgets: standingBudgets, now: () => clock.now() });
  const refusals = createRefusals({ store, clock, limits, budgets, failed });
  const approvals = createApprovals<Answered>({ store, clock, ids, timeout, changed: () => changed.fire(), failed });
  const questions = createQuestions({ store, clock, ids, surroundings, sessions, evaluating, budgets, approvals, failed });
  const restored = restoreReads(store, sessions).catch(failed);
  const changes = createChanges({ store, clock, ids, limits, trusted, place: surroundings });
  let shapedBy: readonly unknown[] = [];
  const watching = store.onDidChange(refresh);
  const underWay = new Set<Promise<Verdict>>();
  const awaited = new Set<string | number>();
  let closed = false;
  let lastTurn = Promise.resolve();

  function check(asked: unknown, asking: CheckOptions = {}): Promise<Verdict> {
    const verdict = checkNow(asked, asking);
    underWay.add(verdict);
    return verdict.finally(() => underWay.delete(verdict));
  }

  async function checkNow(asked: unknown, { signal, session: name, part }: CheckOptions): Promise<Verdict> {
    const read = readRequest(asked);
    if (!read.ok) return refuse(read.id, read.reason);
    const { request } = read;
    try {
      if (closed) return verdictOf(request, failure('The gate of this workspace is closed. Ask again when the workspace is open.'));
      if (store.state.closedBecause !== undefined) return verdictOf(request, failure(store.state.closedBecause.message));
      await restored;
      await script.ready();
      const id = name ?? sessionOf(request);
      const tooSoon = await refusals.refuse(id, part === true ? 'part' : 'request');
      if (tooSoon !== undefined) return tell(request, id, limited(denyAll(tooSoon), tooSoon));
      const session = sessions.of(id);
      if (part === true) return await decidePart(request, session, signal);
      const evaluation = evaluating.withAnswers(session, request);
      const admission = await admit(request, evaluation, id, { budgets, approvals, signal });
      if (!admission.ok) return await conclude(request, session, admission.settled);
      try {
        // No budget was asked about for what is denied, so it stays denied
        if (evaluation.decision === 'deny') return await conclude(request, session, { decision: 'deny', settledBy: 'policy', evaluated: 'deny', evaluation });
        return await decide(request, session, signal);
      } finally {
        admission.release();
      }
    } catch (error) {
      return denyFailed(request, name, error);
    }
  }

  /** A part is counted with its call; but of a task that was stopped meanwhile nothing goes on */
  async function decidePart(request: Request, session: Session, signal: AbortSignal | undefined): Promise<Verdict> {
    if (budgets.find(session.id)?.stoppedBy === undefined) return decide(request, session, signal, { part: true });
    return conclude(request, session, { ...limited(evaluating.withAnswers(session, request), taskStopped), part: true });
  }

  /** Evaluate, settle and record, then the verdict */
  async function decide(request: Request, session: Session, signal: AbortSignal | undefined, how: Pick<Settled, 'part'> = {}): Promise<Verdict> {
    await script.ready();
    let evaluation = evaluating.withAnswers(session, request);
    const finish = async (): Promise<Verdict> => {
      const settled = tooExpensive(request, evaluation, session) ?? (await settle(request, evaluation, session, { approvals, mayApproveAll: (each) => evaluating.mayApproveAll(each), signal }));
      return conclude(request, session, { ...settled, ...how });
    };
    if (usesUp(evaluation)) {
      // One after the other, each until it is recorded, or two requests would have the last use of a rule
      const leave = await takeTurn();
      try {
        evaluation = evaluating.withAnswers(session, request);
        if (usesUp(evaluation)) return await finish();
      } finally {
        leave();
      }
    }
    return finish();
  }

  function takeTurn(): Promise<() => void> {
    const before = lastTurn;
    return new Promise((begin) => {
      lastTurn = new Promise((end) => void before.then(() => begin(end)));
    });
  }

  /** Records what became of a request, then the verdict */
  async function conclude(request: Request, session: Session, settled: Settled): Promise<Verdict> {
    const read = settled.decision === 'allow' ? readsOf(settled.evaluation) : noReads;
    remember(session, settled, read);
    await record(store, request, session.id, settled, read);
    return tell(request, session.id, settled, read.untrusted);
  }

  function tell(request: Request, session: string, settled: Settled, untrusted: readonly UntrustedSource[] = []): Verdict {
    const verdict = verdictOf(request, settled, untrusted);
    if (verdict.decision === 'allow' && request.id !== undefined) awaitReport(request.id);
    decided.fire({ request, session, verdict });
    return verdict;
  }

  function awaitReport(id: string | number): void {
    awaited.add(id);
    const [oldest] = awaited;
    if (awaited.size > mostAwaited && oldest !== undefined) awaited.delete(oldest);
  }

  function tooExpensive(request: Request, evaluation: Evaluation, session: Session): Settled | undefined {
    if (evaluation.decision === 'deny' || !isExpensive(request)) return undefined;
    const limit = limits.take('expensive', session.id);
    if (limit.ok) return undefined;
    return limited(evaluation, `At most ${limit.most} searches or model calls a minute. Wait ${limit.waitSeconds} s.`);
  }

  function readsOf(evaluation: Evaluation): Reads {
    return { secrets: secretsRead(evaluation, standing.current()), untrusted: untrustedReads(evaluation, store.state.noted ?? [], surroundings()) };
  }

  /** What the session knows from now on; before the verdict leaves, so that nothing the agent asks next can miss it */
  function remember(session: Session, { decision, settledBy, evaluation }: Settled, { secrets, untrusted }: Reads): void {
    if (decision === 'allow') {
      session.countSuccess(evaluation.fingerprint);
      for (const { path } of untrusted) session.noteRead(path, 'untrusted', clock.now());
      for (const path of secrets) session.noteRead(path, 'secret', clock.now());
    } else if (evaluation.reason.type === 'limit') {
      // Nobody said anything about what it would do
      return;
    } else if (settledBy === 'person' || (settledBy === 'policy' && evaluation.reason.type === 'mode')) {
      session.countDenial(evaluation.fingerprint);
    }
  }

  /** Answers what is no request; the refusal is on record where that is possible, of a flood its number */
  async function refuse(id: Request['id'], reason: string): Promise<Verdict> {
    try {
      if ((await refusals.refuse('', 'no request')) === undefined) await store.commit([{ type: 'problem', code: 'bad_request', message: recordedText(reason) }]);
    } catch (error) {
      failed(error);
    }
    return verdictOf({ ...(id === undefined ? {} : { id }), tool: '' }, failure(reason));
  }

  /** The denial that a failure ends in */
  async function denyFailed(request: Request, name: string | undefined, error: unknown): Promise<Verdict> {
    failed(error);
    const settled = failure(
      error instanceof StoreError
        ? `It could not be recorded. ${error.problem.message}`
        : `The gate failed (${visible(errorText(error))}). Ask again; if it stays, tell the user to look at the log.`,
    );
    const session = name ?? sessionOf(request);
    if (!(error instanceof StoreError)) await record(store, request, session, settled).catch(failed);
    const verdict = verdictOf(request, settled);
    decided.fire({ request, session, verdict });
    return verdict;
  }

  /** Whose task a report is about: the actor's that it names, else that of the newest request with its id */
  async function reportedUse({ requestId, actor, use }: Result): Promise<{ readonly ok: true; readonly use?: ReportedUse } | { readonly ok: false; readonly reason: string }> {
    if (use === undefined) {
      const tooSoon = awaited.delete(requestId) ? undefined : await refusals.refuse('', 'report');
      return tooSoon === undefined ? { ok: true } : { ok: false, reason: tooSoon };
    }
    const named = actor === undefined ? undefined : sessionOf({ tool: '', actor });
    const decisions = (await store.history({ types: ['decision'], limit: mostLookedThrough })).flatMap(({ entry }) => (entry.type === 'decision' && entry.request.id === requestId ? [entry] : []));
    const sessionsNamed = new Set(decisions.map(({ session }) => session));
    const session = named ?? [...sessionsNamed][0];
    if (session === undefined) return { ok: false, reason: 'No recent request has this "requestId", so nobody knows whose use it is. Name the "actor" too.' };
    if (named === undefined && sessionsNamed.size > 1) return { ok: false, reason: 'Several agents have used this "requestId", so nobody knows whose use it is. Name the "actor" too.' };
    const tooSoon = await refusals.refuse(session, 'report');
    if (tooSoon !== undefined) return { ok: false, reason: `${tooSoon} Add what was used to the next report.` };
    const tool = decisions.find((entry) => entry.session === session)?.request.tool;
    return { ok: true, use: { session, ...use, ...(tool === undefined ? {} : { tool: canonicalToolName(tool) }) } };
  }

  function refresh(): void {
    if (closed) return;
    try {
      const { settings, workspaceRules, profileRules, managedRules, manifest, script: policyScript } = store.state;
      const shaping = [settings, workspaceRules, profileRules, managedRules, manifest, policyScript, trusted()];
      if (shaping.some((part, index) => part !== shapedBy[index])) {
        shapedBy = shaping;
        questions.reconsider();
      }
    } catch (error) {
      failed(error);
    }
    changed.fire();
  }

  async function report(result: unknown): Promise<ChangeOutcome> {
    const read = readResult(result);
    if (!read.ok) return read;
    const { actor: _, use: __, ...noted } = read.result;
    try {
      const found = await reportedUse(read.result);
      if (!found.ok) return found;
      return await changes.commit([{ type: 'result', ...noted, ...(found.use === undefined ? {} : { use: found.use }) }]);
    } catch (error) {
      failed(error);
      return { ok: false, reason: `What was used could not be noted. ${errorText(error)}` };
    }
  }

  async function noteFile(file: NotedFile, by: string): Promise<ChangeOutcome> {
    try {
      // A person may bring as many as they like
      const tooSoon = file.claimed === true ? await refusals.refuse('', 'note') : undefined;
      return tooSoon === undefined ? await changes.commit([{ type: 'file_noted', file, by }]) : { ok: false, reason: tooSoon };
    } catch (error) {
      failed(error);
      return { ok: false, reason: `It could not be noted. ${errorText(error)}` };
    }
  }

  async function grantBudget(session: string, by: string): Promise<ChangeOutcome> {
    const task = budgets.find(session);
    if (task === undefined) return { ok: false, reason: 'There is no such task; it may be over already.' };
    const outcome = await changes.grantBudget(session, grantFor(task, standingBudgets()), by);
    if (outcome.ok) questions.reconsider();
    return outcome;
  }

  async function approveAllForSession(session: string, by: string): Promise<ChangeOutcome> {
    if (!trusted()) return { ok: false, reason: 'Lasting approvals are off until you trust this workspace.' };
    const outcome = await changes.commit([{ type: 'approve_all', session, on: true, by }]);
    if (!outcome.ok) return outcome;
    sessions.of(session).approveAll = true;
    questions.reconsider();
    changed.fire();
    return outcome;
  }

  async function stopApproveAll(session?: string, by = 'editor'): Promise<void> {
    const ended = sessions.approvingAll().filter((id) => session === undefined || id === session);
    // Switched off before it is recorded: should that fail, it is off all the same
    sessions.stopApprovingAll(session);
    changed.fire();
    await changes.commit(ended.map((id): Entry => ({ type: 'approve_all', session: id, on: false, by })));
  }

  return {
    check,
    evaluate(asked, name) {
      const read = readRequest(asked);
      if (!read.ok) throw new Error(read.reason);
      return evaluating.evaluate(sessions.of(name ?? sessionOf(read.request)), read.request);
    },
    describe: (request) => describe(request, surroundingsUnder(surroundings(), standing.current())),
    policy: () => standing.current(),
    get pending() {
      return approvals.pending;
    },
    answer: (id, given) => questions.answer(id, given),
    previewAnswer: (id, chosen, scopes) => questions.preview(id, chosen, scopes),
    evaluateEdited: (id, input) => questions.evaluateEdited(id, input),
    howSettled: (id) => approvals.howSettled(id),
    withdraw: (id, by) => approvals.end(id, { kind: 'withdrawn' }, { outcome: 'withdrawn', ...(by === undefined ? {} : { by }) }),
    attach: (prompter) => approvals.attach(prompter),
    report,
    changeSettings: (change, by) => changes.changeSettings(change, by),
    addRule: async (draft, by) => done(await changes.changeRules({ add: [draft] }, by)),
    removeRule: async (id, by) => done(await changes.changeRules({ remove: [id] }, by)),
    changeRules: (change, by) => changes.changeRules(change, by),
    reviewManifest: (hash, by) => changes.reviewManifest(hash, by),
    reviewScript: (hash, by) => changes.reviewScript(hash, by),
    scriptMistake: () => script.mistake(),
    scriptRuling: (request, policy) => script.ruling(request, describe(request, surroundingsUnder(surroundings(), policy)), policy, clock.now()),
    noteFile,
    approveAllForSession,
    grantBudget,
    stopApproveAll,
    get approvingAll() {
      return sessions.approvingAll();
    },
    refresh,
    onDidDecide: decided.event,
    onDidChange: changed.event,
    async dispose() {
      if (closed) return;
      closed = true;
      watching.dispose();
      await approvals.close();
      await Promise.all(underWay);
      await refusals.dispose();
      options.scripts?.dispose();
    },
  };
}

function verdictOf(request: Request, settled: Settled, untrusted: readonly UntrustedSource[] = []): Verdict {
  const { decision, settledBy, evaluation, answer, comment, edited } = settled;
  return {
    id: request.id,
    decision,
    message: untrusted.length === 0 ? messageFor(settled) : `${messageFor(settled)} ${untrustedBanner(untrusted)}`,
    evaluation,
    settledBy,
    ...(answer === undefined ? {} : { answer }),
    ...(comment === undefined ? {} : { comment }),
    ...(untrusted.length === 0 ? {} : { untrusted }),
    ...(edited === undefined ? {} : { edited }),
  };
}

/** Searches and calls of models, limited to 10 a minute for a session (spec 9) */
function isExpensive(request: Request): boolean {
  const tool = findTool(canonicalToolName(request.tool));
  return tool !== undefined && (tool.deed === 'search' || modelTools.has(tool.name));
}

/** Whether a rule that allows only so many times allows this */
function usesUp({ decision, actions }: Evaluation): boolean {
  return decision === 'allow' && actions.some(({ rule }) => rule?.usesLeft !== undefined && rule.effect === 'allow');
}

function done(outcome: RulesOutcome): ChangeOutcome {
  return outcome.ok ? { ok: true } : outcome;
}

function failure(reason: string): Settled {
  return { decision: 'deny', settledBy: 'failure', evaluated: 'deny', evaluation: denyAll(reason) };
}

/** Where nobody listens for failures, the denial itself is the report */
function ignore(): void {}
