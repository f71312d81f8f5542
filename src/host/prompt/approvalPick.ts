import * as vscode from 'vscode';
import type { Answer, Evaluation } from '../../core/decide/evaluation.ts';
import type { Request } from '../../core/request.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import { visible } from '../../core/visible.ts';
import type { AnswerOutcome } from '../../gate/gate.ts';
import { promptText, type PromptText } from '../../gate/promptText.ts';
import { explanation } from '../commands/explainRequest.ts';
import type { Documents } from '../documents.ts';
import { shownRules, shownScope, shownTarget } from '../fromFolder.ts';
import { plainLabel } from '../plainLabel.ts';
import { answerRow, type AnswerRow } from './answerRow.ts';
import { confirmApproveAll } from './approveAll.ts';
import { EarlyInput } from './earlyInput.ts';
import { commandKey, editCommand } from './editCommand.ts';
import { editScope } from './editScope.ts';
import { openDiff, mayHaveDiff } from './openDiff.ts';
import type { Question } from './question.ts';
import { pickStep, separator, tabClosed, textStep, type Choice } from './steps.ts';
import { hostWords } from '../hostWords.ts';

/** The last stretch before a time-out, in which the time left is shown, milliseconds */
const lastStretch = 60_000;
const tick = 5_000;

export interface PickEvents {
  /** The person put the pick away without an answer */
  left(): void;
  /** The person's answer was taken; `said` tells what came of it */
  answered(said: string): void;
  failed(error: unknown): void;
}

type Step = () => Promise<void>;
type Row = Choice<Answer | Step>;

/**
 * The quick pick for one approval: what is asked, why, and the answers with the rule that each would write.
 *
 * "Deny once" is active first and keys of the first half second are thrown away, so an Enter meant for the editor never
 * allows anything. Putting the pick away answers nothing.
 */
export class ApprovalPick {
  /** An answer given here is on its way, so nobody needs to be told that the approval is gone */
  answeredHere = false;
  private question: Question;
  private readonly documents: Documents;
  private readonly events: PickEvents;
  private readonly pick = vscode.window.createQuickPick<Row>();
  private readonly early = new EarlyInput(() => Date.now());
  private readonly ending = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the reading of a document, so that the pick comes back */
  private endReading: (() => void) | undefined;
  /** A further step is open in the pick's place */
  private stepping = false;
  private comment: string | undefined;
  private scopes: readonly RuleScope[] | undefined;
  private edited: { readonly request: Request; readonly evaluation: Evaluation } | undefined;
  private notice: string | undefined;

  constructor(question: Question, documents: Documents, events: PickEvents) {
    this.question = question;
    this.documents = documents;
    this.events = events;
    this.pick.ignoreFocusOut = true;
    this.pick.matchOnDescription = false;
    this.pick.onDidChangeValue((text) => {
      if (text !== '' && this.early.isEarly()) this.pick.value = '';
    });
    this.pick.onDidAccept(() => this.accept());
    this.pick.onDidHide(() => {
      if (this.stepping || this.ending.signal.aborted) return;
      this.close();
      this.events.left();
    });
  }

  get id(): string {
    return this.question.approval.id;
  }

  open(): void {
    this.render();
    this.early.restart();
    this.pick.show();
    this.watchTime();
  }

  /** Shows the pick again after a document was looked at */
  bringBack(): void {
    if (this.endReading === undefined) this.pick.show();
    else this.endReading();
  }

  /** The same approval with a new reading, because the policy changed while it was open */
  replace(question: Question): void {
    this.question = question;
    this.scopes = undefined;
    if (this.edited !== undefined) this.edited = this.reading(this.edited.request);
    this.notice = vscode.l10n.t('The policy changed while this was open; look again.');
    this.early.restart();
    this.render();
  }

  windowCameToFront(): void {
    this.early.restart();
  }

  /** Makes room for another approval; this one stays pending */
  putAside(): void {
    this.close();
  }

  close(): void {
    if (this.ending.signal.aborted) return;
    this.ending.abort();
    clearTimeout(this.timer);
    this.pick.dispose();
  }

  /** What happened to an approval that was settled elsewhere */
  howSettled(): string {
    const target = this.target();
    return Date.now() >= this.question.approval.expiresAt
      ? vscode.l10n.t('Nobody answered in time, so it was denied: {0}', plainLabel(target))
      : vscode.l10n.t('Settled elsewhere: {0}', plainLabel(target));
  }

  private text(): PromptText {
    return promptText(this.question.approval, hostWords);
  }

  private target(): string {
    return shownTarget(this.question.approval, this.question.folder.path, hostWords);
  }

  private render(): void {
    const text = this.text();
    this.pick.title = this.titleNow();
    this.pick.placeholder = vscode.l10n.t('Choose an answer. Escape leaves it waiting.');
    this.pick.prompt = this.why(text);
    const rows = this.rows(text);
    this.pick.items = rows;
    const safe = rows.find((row) => row.value === 'deny_once');
    if (safe !== undefined) this.pick.activeItems = [safe];
  }

  private why(text: PromptText): string {
    const lines = this.edited === undefined ? text.why : [this.editedOutcome(this.edited.evaluation)];
    return [
      ...(this.notice === undefined ? [] : [this.notice]),
      ...lines,
      ...(this.comment === undefined ? [] : [vscode.l10n.t('Your comment: {0}', visible(this.comment))]),
    ].join(' ');
  }

  private editedOutcome(evaluation: Evaluation): string {
    return vscode.l10n.t('You changed it. Read anew: {0}', evaluation.reason.summary);
  }

  private rows(text: PromptText): Row[] {
    const target = this.edited === undefined ? this.target() : visible(commandOf(this.edited.request) ?? text.target);
    const whole: Row = {
      label: plainLabel(target), description: this.edited === undefined ? '' : vscode.l10n.t('changed by you'), iconPath: new vscode.ThemeIcon(targetIcon(this.question)),
      detail: plainLabel(text.full === undefined ? vscode.l10n.t('Show the whole request') : vscode.l10n.t('Shortened. Show the whole request')),
      alwaysShow: true, value: () => this.showWhole(),
    };
    // An edited request may be allowed only once; a deny refuses what was asked
    const offered: readonly Answer[] = this.edited === undefined ? text.answers : text.answers.filter((answer) => answer.endsWith('_once'));
    const { path } = this.question.folder;
    const rule = this.scopes === undefined ? shownRules(this.question.approval, path, vscode.l10n) : [...new Set(this.scopes.map((scope) => shownScope(scope, path, vscode.l10n)))].join(', ');
    return [whole, ...offered.flatMap((answer, index) => answerRow<Step>(answer, offered[index - 1], rule, vscode.l10n, text.answerNames?.[answer]).map(withIcon)), separator(''), ...this.steps(text)];
  }

  private steps(text: PromptText): Row[] {
    const { approval, folder } = this.question;
    const step = (icon: string, label: string, run: Step): Row => ({ label, iconPath: new vscode.ThemeIcon(icon), value: run });
    const lasting = text.answers.some((answer) => !answer.endsWith('_once'));
    const mayApproveAll = text.mayApproveAll;
    return [
      ...(mayHaveDiff(approval) ? [step('diff', vscode.l10n.t('Open the diff'), () => this.showDiff())] : []),
      ...(text.exportFacts === undefined ? [] : [step('cloud-upload', vscode.l10n.t('Show where the data goes'), () => this.showExport(text))]),
      ...(lasting && this.edited === undefined ? [step('list-tree', vscode.l10n.t('Edit the scope…'), () => this.chooseScope())] : []),
      ...(commandKey(approval.request) === undefined ? [] : [step('edit', vscode.l10n.t('Edit the command…'), () => this.changeCommand())]),
      step('comment', this.comment === undefined ? vscode.l10n.t('Comment for the agent…') : vscode.l10n.t('Change the comment…'), () => this.writeComment()),
      ...(mayApproveAll ? [step('check-all', vscode.l10n.t('Approve all for this session…'), async () => {
        const problem = await confirmApproveAll(folder.gate, approval.session, text.actor, this.ending.signal);
        if (problem !== undefined) this.notice = problem;
      })] : []),
    ];
  }

  private accept(): void {
    if (this.early.isEarly()) return;
    const [row] = this.pick.selectedItems;
    const chosen = row?.value;
    if (chosen === undefined) return;
    const run = typeof chosen === 'string' ? this.give(chosen) : this.step(chosen);
    run.catch((error: unknown) => {
      this.stepping = false;
      this.answeredHere = false;
      this.events.failed(error);
      if (!this.ending.signal.aborted) this.open();
    });
  }

  /** Runs a further step in the pick's place and comes back, unless the approval was settled meanwhile */
  private async step(run: Step): Promise<void> {
    this.notice = undefined;
    await this.stepAside();
    try {
      await run();
    } finally {
      this.stepping = false;
    }
    if (!this.ending.signal.aborted) this.open();
  }

  /** Hides the pick for a further step; resolves when it is gone, so that its going is not taken for an Escape */
  private stepAside(): Promise<void> {
    this.stepping = true;
    return new Promise((resolve) => {
      const subscription = this.pick.onDidHide(() => {
        subscription.dispose();
        resolve();
      });
      this.pick.hide();
    });
  }

  private async give(answer: Answer): Promise<void> {
    const once = answer.endsWith('_once');
    this.answeredHere = true;
    await this.stepAside();
    const target = plainLabel(this.target());
    const outcome = await this.question.folder.gate.answer(this.id, {
      answer, by: 'editor',
      ...(this.comment === undefined ? {} : { comment: this.comment }),
      ...(once || this.scopes === undefined ? {} : { scopes: this.scopes }),
      ...(answer === 'allow_once' && this.edited !== undefined ? { edited: this.edited.request } : {}),
    });
    this.stepping = false;
    if (outcome.outcome === 'invalid') {
      this.answeredHere = false;
      this.notice = outcome.reason;
      this.open();
      return;
    }
    this.close();
    this.events.answered(said(outcome, target));
  }

  private watchTime(): void {
    clearTimeout(this.timer);
    const left = this.question.approval.expiresAt - Date.now();
    this.timer = setTimeout(() => {
      if (!this.stepping) this.pick.title = this.titleNow();
      this.watchTime();
    }, Math.max(tick, left - lastStretch));
  }

  private titleNow(): string {
    const left = this.question.approval.expiresAt - Date.now();
    const { title } = this.text();
    return left > lastStretch ? title : vscode.l10n.t('{0} ({1} s left)', title, Math.max(0, Math.ceil(left / 1_000)));
  }

  private async showWhole(): Promise<void> {
    const { approval, folder } = this.question;
    const { request, evaluation } = this.edited ?? approval;
    const { title, why } = this.text();
    const whole = approval.budget === undefined ? explanation(folder, request, evaluation) : `${[title, ...why].join('\n')}\n`;
    await this.read(await this.documents.show('Request.txt', whole));
  }

  private async showDiff(): Promise<void> {
    const uri = await openDiff(this.edited?.request ?? this.question.approval.request, this.question, this.documents);
    if (uri === undefined) this.notice = vscode.l10n.t('What the file would hold cannot be told from the request; show the whole request instead.');
    else await this.read(uri);
  }

  /** Leaves the keyboard to a document until its tab is closed or the pick is called back */
  private async read(uri: vscode.Uri): Promise<void> {
    const reading = new AbortController();
    this.endReading = () => reading.abort();
    this.ending.signal.addEventListener('abort', this.endReading, { once: true });
    vscode.window.setStatusBarMessage(vscode.l10n.t('Close this tab to answer.'), 5_000);
    await tabClosed(uri, reading.signal);
    this.endReading = undefined;
  }

  private async showExport(text: PromptText): Promise<void> {
    const facts = text.exportFacts;
    if (facts === undefined) return;
    const row = (label: string, value: string | undefined): Choice<never>[] => (value === undefined ? [] : [{ label: plainLabel(value), description: label }]);
    const reads = facts.recentReads;
    await pickStep<never>({
      title: vscode.l10n.t('Where the data goes'),
      placeholder: vscode.l10n.t('Escape goes back'),
      items: [
        ...row(vscode.l10n.t('destination'), facts.destination), ...row(vscode.l10n.t('method'), facts.method),
        ...row(vscode.l10n.t('provider'), facts.provider), ...row(vscode.l10n.t('source file'), facts.source),
        separator(reads.length === 0 ? vscode.l10n.t('No sensitive file was read in this session') : vscode.l10n.t('Read in this session')),
        ...reads.map((read): Choice<never> => ({ label: plainLabel(read) })),
      ],
    }, this.ending.signal);
  }

  private async chooseScope(): Promise<void> {
    const chosen = await editScope(this.question, this.scopes, this.ending.signal);
    if (chosen !== undefined) this.scopes = chosen;
  }

  private async changeCommand(): Promise<void> {
    const request = this.edited?.request ?? this.question.approval.request;
    const changed = await editCommand(request, this.question, this.ending.signal);
    if (changed === undefined) return;
    const original = this.question.approval.request;
    this.edited = commandOf(changed) === commandOf(original) ? undefined : this.reading(changed);
    if (this.edited === undefined) return;
    const before = this.documents.add('Asked.sh', `${commandOf(original) ?? ''}\n`);
    const after = this.documents.add('Changed.sh', `${commandOf(changed) ?? ''}\n`);
    await vscode.commands.executeCommand('vscode.diff', before, after, vscode.l10n.t('Asked ↔ changed by you'), { preview: true, preserveFocus: true });
  }

  /** An edited request as the gate would judge it; `undefined` when the approval is gone */
  private reading(request: Request): { readonly request: Request; readonly evaluation: Evaluation } | undefined {
    const evaluation = this.question.folder.gate.evaluateEdited(this.id, request.input ?? {});
    return evaluation === undefined ? undefined : { request, evaluation };
  }

  private async writeComment(): Promise<void> {
    const text = await textStep({
      title: vscode.l10n.t('Comment for the agent'), value: this.comment ?? '',
      prompt: vscode.l10n.t('The agent gets this with your answer. Empty takes the comment away.'),
    }, this.ending.signal);
    if (text !== undefined) this.comment = text.trim() === '' ? undefined : text.trim();
  }
}

/** What came of an answer, in passing */
function said(outcome: Exclude<AnswerOutcome, { outcome: 'invalid' }>, target: string): string {
  switch (outcome.outcome) {
    case 'settled': return outcome.decision === 'allow' ? vscode.l10n.t('Allowed: {0}', target) : vscode.l10n.t('Denied: {0}', target);
    case 'late': return vscode.l10n.t('Too late. {0}', outcome.message);
    case 'failed': return outcome.reason;
  }
}

function commandOf(request: Request): string | undefined {
  const key = commandKey(request);
  const value = key === undefined ? undefined : request.input?.[key];
  return typeof value === 'string' ? value : undefined;
}

function withIcon({ icon, ...row }: AnswerRow<Step>): Row {
  return icon === undefined ? row : { ...row, iconPath: new vscode.ThemeIcon(icon) };
}

function targetIcon({ approval }: Question): string {
  const kinds = approval.evaluation.actions.filter((evaluated) => evaluated.decision === 'ask').map((evaluated) => evaluated.action.kind);
  const icons = { export: 'cloud-upload', delete: 'trash', exec: 'terminal', write: 'edit', read: 'file', fetch: 'globe', mcp: 'server', locate: 'location', interact: 'device-desktop', external: 'cloud', unknown: 'question' } as const;
  for (const kind of Object.keys(icons) as (keyof typeof icons)[]) if (kinds.includes(kind)) return icons[kind];
  return 'question';
}
