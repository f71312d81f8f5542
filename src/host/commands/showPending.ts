import * as vscode from 'vscode';
import { promptText } from '../../gate/promptText.ts';
import type { Faces } from '../faces.ts';
import { isOpen } from '../folders.ts';
import { shownTarget } from '../fromFolder.ts';
import { plainLabel } from '../plainLabel.ts';
import type { Question } from '../prompt/question.ts';
import type { TreeNode } from '../tree/treeNodes.ts';
import { hostWords } from '../hostWords.ts';

/** Opens the only pending approval, or lets a person choose among several, oldest first */
export async function showPending({ folders, prompts }: Faces): Promise<void> {
  const questions = pendingQuestions(folders);
  const [first, ...others] = questions;
  if (first === undefined) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Nothing waits for an answer.'), 5_000);
    return;
  }
  if (others.length === 0) return prompts.show(first);
  const chosen = await vscode.window.showQuickPick(
    questions.map((question) => {
      const text = promptText(question.approval, hostWords);
      return { label: plainLabel(shownTarget(question.approval, question.folder.path, hostWords)), description: plainLabel(text.actor), detail: plainLabel(text.why[0] ?? ''), question };
    }),
    { title: vscode.l10n.t('Pending Approvals'), placeHolder: vscode.l10n.t('{0} wait; choose one to answer', questions.length) },
  );
  if (chosen !== undefined) prompts.show(chosen.question);
}

/** Opens the approval of a tree item */
export function answerApproval({ folders, prompts }: Faces, node: TreeNode): void {
  const { subject } = node;
  if (subject?.type !== 'approval') return;
  const question = pendingQuestions(folders).find((pending) => pending.approval.id === subject.approval.id);
  if (question === undefined) vscode.window.setStatusBarMessage(vscode.l10n.t('This approval was settled meanwhile.'), 5_000);
  else prompts.show(question);
}

/** Every pending approval of the window, oldest first */
export function pendingQuestions(folders: Faces['folders']): readonly Question[] {
  return folders.all.filter(isOpen)
    .flatMap((folder) => folder.gate.pending.map((approval) => ({ approval, folder })))
    .toSorted((a, b) => a.approval.askedAt - b.approval.askedAt);
}
