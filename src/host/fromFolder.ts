import type { RuleScope } from '../core/rules/rule.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { visible } from '../core/visible.ts';
import { commandText, promptText } from '../gate/promptText.ts';
import type { Approval } from '../gate/ports.ts';
import type { Words } from '../gate/words.ts';
import { saidScope } from './said.ts';

/**
 * A canonical path written from a folder on: `notes/today.md` for `/home/u/app/notes/today.md`. A path outside keeps its
 * root, so that the two are told apart.
 *
 * @param folder absolute, with `/`, none at its end
 */
export function fromFolder(path: string, folder: string): string {
  if (path === folder) return '.';
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** A scope as people read it in its workspace, in their language; safe to show */
export function shownScope(scope: RuleScope, folder: string, l10n: Words): string {
  if (scope.kind !== 'path') return saidScope(previewScope(scope), l10n);
  // A lone dot says nothing to a reader
  return saidScope(previewScope({ ...scope, path: scope.path === folder ? l10n.t('. (all of this workspace)') : fromFolder(scope.path, folder) }), l10n);
}

/** What lasting answers to an approval would write, as people read it */
export function shownRules(approval: Approval, folder: string, l10n: Words): string {
  const scopes = approval.evaluation.actions.flatMap((evaluated) => (evaluated.decision === 'ask' && evaluated.remember !== undefined ? [evaluated.remember] : []));
  return [...new Set(scopes.map((scope) => shownScope(scope, folder, l10n)))].join(', ');
}

/** What an approval is about: a command as it will run, paths from the folder on; safe to show */
export function shownTarget(approval: Approval, folder: string, words: Words): string {
  const text = promptText(approval, words);
  // A long text is cut already, and a command is shown just as it will run
  if (text.full !== undefined || commandText(approval.request) !== undefined) return text.target;
  const targets = approval.evaluation.actions.flatMap((evaluated) => (evaluated.decision === 'ask' ? [shownActionTarget(evaluated.action, folder)] : []));
  const shown = [...new Set(targets)].filter((target) => target !== '').join(', ');
  return shown === '' ? text.target : shown;
}

/** The target of an action, or of a recorded one; safe to show */
export function shownActionTarget(action: { readonly kind: string; readonly target: string }, folder: string): string {
  const isPath = action.kind === 'read' || action.kind === 'write' || action.kind === 'delete';
  return visible(isPath ? fromFolder(action.target, folder) : action.target);
}
