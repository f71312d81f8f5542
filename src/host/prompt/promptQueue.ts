import * as vscode from 'vscode';
import type { Prompter } from '../../gate/ports.ts';
import { promptText } from '../../gate/promptText.ts';
import { commands, settings } from '../contributions.ts';
import type { Documents } from '../documents.ts';
import type { OpenFolder } from '../folders.ts';
import { ApprovalPick } from './approvalPick.ts';
import type { Question } from './question.ts';
import { hostWords } from '../hostWords.ts';

/** How long a passing word stays in the status bar, milliseconds */
const passing = 8_000;

/**
 * Puts pending approvals to the person in front of the editor, one pick at a time.
 *
 * - a pick opens by itself once for each approval, and never over another one
 * - while the window is not in front no pick opens, so that the click or key that brings it there answers nothing
 * - Escape leaves the approval pending and lets nobody else jump in; the rest waits in the tree and the status bar
 */
export class PromptQueue implements vscode.Disposable {
  private readonly documents: Documents;
  private readonly failed: (error: unknown) => void;
  /** Not opened by themselves yet, oldest first */
  private waiting: Question[] = [];
  private current: ApprovalPick | undefined;
  private notified = false;
  private readonly subscription: vscode.Disposable;

  constructor(documents: Documents, failed: (error: unknown) => void) {
    this.documents = documents;
    this.failed = failed;
    let { focused } = vscode.window.state;
    this.subscription = vscode.window.onDidChangeWindowState((state) => {
      const cameToFront = state.focused && !focused;
      ({ focused } = state);
      // A person who comes back to a window in front tells by the very key that answers
      if (!cameToFront) return;
      if (this.current === undefined) this.openNext();
      else this.current.windowCameToFront();
    });
  }

  /** The way from one folder's gate to the person */
  prompter(folder: OpenFolder): Prompter {
    return { ask: (approval, signal) => this.put({ approval, folder }, signal) };
  }

  /** Opens one approval because a person asked for it */
  show(question: Question): void {
    this.waiting = this.waiting.filter((other) => other.approval.id !== question.approval.id);
    if (this.current?.id === question.approval.id) {
      this.current.bringBack();
      return;
    }
    this.current?.putAside();
    this.open(question);
  }

  dispose(): void {
    this.current?.close();
    this.subscription.dispose();
  }

  private put(question: Question, signal: AbortSignal): void {
    if (signal.aborted) return;
    const { id } = question.approval;
    signal.addEventListener('abort', () => this.settled(question), { once: true });
    if (this.current?.id === id) {
      this.current.replace(question);
      return;
    }
    this.waiting.push(question);
    this.openNext();
  }

  /** The approval was settled, here or elsewhere, or is about to be asked anew */
  private settled(question: Question): void {
    const { id } = question.approval;
    this.waiting = this.waiting.filter((other) => other.approval.id !== id);
    const shown = this.current;
    if (shown?.id !== id) return;
    // A question that changed is aborted and put again at once; only if it does not come back the pick closes
    setTimeout(() => {
      if (this.current !== shown || question.folder.gate.pending.some((approval) => approval.id === id)) return;
      this.current = undefined;
      shown.close();
      if (!shown.answeredHere) this.say(shown.howSettled());
      this.openNext();
    }, 0);
  }

  private openNext(): void {
    if (this.current !== undefined) return;
    const [next] = this.waiting;
    if (next === undefined) return;
    if (!vscode.window.state.focused) {
      this.notify(next);
      return;
    }
    this.waiting.shift();
    this.open(next);
  }

  private open(question: Question): void {
    const pick: ApprovalPick = new ApprovalPick(question, this.documents, {
      left: () => {
        if (this.current !== pick) return;
        this.current = undefined;
        // Whoever pressed Escape wants to be let alone: what waits now waits in the tree
        this.waiting = [];
      },
      answered: (said) => {
        if (this.current === pick) this.current = undefined;
        this.say(said);
        this.openNext();
      },
      failed: this.failed,
    });
    this.current = pick;
    pick.open();
  }

  /** One notification, for the oldest approval, while nobody is in front of the window */
  private notify(question: Question): void {
    if (this.notified || !vscode.workspace.getConfiguration().get(settings.notifyWhenUnfocused, true)) return;
    this.notified = true;
    const show = vscode.l10n.t('Show');
    const never = vscode.l10n.t("Don't Show Again");
    const { title } = promptText(question.approval, hostWords);
    vscode.window.showInformationMessage(title, show, never).then((chosen) => {
      this.notified = false;
      if (chosen === never) return vscode.workspace.getConfiguration().update(settings.notifyWhenUnfocused, false, vscode.ConfigurationTarget.Global);
      if (chosen === show) return vscode.commands.executeCommand(commands.showPending);
      return undefined;
    }).then(undefined, this.failed);
  }

  private say(text: string): void {
    vscode.window.setStatusBarMessage(text, passing);
  }
}
