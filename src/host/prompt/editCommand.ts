import * as vscode from 'vscode';
import type { Request } from '../../core/request.ts';
import type { Question } from './question.ts';
import { textStep } from './steps.ts';

const commandKeys = ['command', 'cmd', 'script'];

/** The input key that holds the one-line command of a request; `undefined` where there is none that can be edited */
export function commandKey(request: Request): string | undefined {
  return commandKeys.find((key) => {
    const value = request.input?.[key];
    // An input box drops line ends, so a longer script cannot be edited in it without changing it unseen
    return typeof value === 'string' && value !== '' && !/[\u0000-\u001f\u007f\u2028\u2029]/.test(value);
  });
}

/** Lets a person change the command; each text is read and decided as it is typed, and a denied one cannot be taken */
export async function editCommand(request: Request, question: Question, signal: AbortSignal): Promise<Request | undefined> {
  const key = commandKey(request);
  if (key === undefined) return undefined;
  const withText = (text: string): Request => ({ ...request, input: { ...request.input, [key]: text } });
  const text = await textStep({
    title: vscode.l10n.t('Edit the command'),
    prompt: vscode.l10n.t('Only the text below runs, once, and only if you allow it afterwards.'),
    value: String(request.input?.[key]),
    check: (typed) => {
      if (typed.trim() === '') return { message: vscode.l10n.t('Type a command, or go back and deny the request.'), severity: vscode.InputBoxValidationSeverity.Error };
      const evaluation = question.folder.gate.evaluateEdited(question.approval.id, withText(typed).input ?? {});
      if (evaluation === undefined) return { message: vscode.l10n.t('This approval was settled meanwhile.'), severity: vscode.InputBoxValidationSeverity.Error };
      if (evaluation.decision === 'deny') return { message: vscode.l10n.t('Denied: {0}', evaluation.reason.summary), severity: vscode.InputBoxValidationSeverity.Error };
      if (evaluation.decision === 'ask') return { message: vscode.l10n.t('Your answer decides: {0}', evaluation.reason.summary), severity: vscode.InputBoxValidationSeverity.Info };
      return { message: vscode.l10n.t('The policy allows this one: {0}', evaluation.reason.summary), severity: vscode.InputBoxValidationSeverity.Info };
    },
  }, signal);
  return text === undefined ? undefined : withText(text);
}
