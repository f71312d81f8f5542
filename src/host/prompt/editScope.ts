import { isAbsolute, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Answer } from '../../core/decide/evaluation.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import { scopeFingerprint } from '../../core/rules/ruleScope.ts';
import { describe } from '../../core/describe/describe.ts';
import type { Described } from '../../core/action.ts';
import { fromFolder, shownScope } from '../fromFolder.ts';
import { plainLabel } from '../plainLabel.ts';
import { coveredRequests, recentRequests } from './coverage.ts';
import type { Question } from './question.ts';
import { scopeChoices, scopeText, withScopeText } from './scopeChoices.ts';
import { pickStep, type Choice } from './steps.ts';

/**
 * Lets a person choose what a lasting answer is about: narrower or wider, or typed, each with what it would cover.
 *
 * @param before scopes chosen earlier in this prompt
 * @returns one scope for each asking action, in order
 */
export async function editScope(question: Question, before: readonly RuleScope[] | undefined, signal: AbortSignal): Promise<readonly RuleScope[] | undefined> {
  const inferred = question.approval.evaluation.actions.flatMap((evaluated) => (evaluated.decision === 'ask' ? [evaluated.remember] : []));
  const known = inferred.filter((scope) => scope !== undefined);
  // What may be answered only once has no scope, and then the whole has none
  if (known.length < inferred.length) return undefined;
  const recent = await recentRequests(question.folder);
  // A command and what it writes are often one scope: it is asked once and stands for both
  const parts = [...new Set(known.map(scopeFingerprint))];
  let scopes = before ?? known;
  for (const [index, part] of parts.entries()) {
    const isOfPart = known.map((scope) => scopeFingerprint(scope) === part);
    const replaced = (by: RuleScope): readonly RuleScope[] => scopes.map((scope, place) => (isOfPart[place] === true ? by : scope));
    const place = isOfPart.indexOf(true);
    const [suggested, start] = [known[place], scopes[place]];
    if (suggested === undefined || start === undefined) return undefined;
    const title = parts.length === 1 ? vscode.l10n.t('Edit the scope') : vscode.l10n.t('Edit the scope ({0}/{1}): {2}', index + 1, parts.length, shownScope(suggested, question.folder.path, vscode.l10n));
    const chosen = await editOne(question, { title, suggested, start, replaced, recent }, signal);
    if (chosen === undefined) return undefined;
    scopes = replaced(chosen);
  }
  return scopes;
}

interface Part {
  readonly title: string;
  /** What a lasting answer would cover unless it is edited */
  readonly suggested: RuleScope;
  readonly start: RuleScope;
  /** All scopes of the answer with this part's one in place */
  readonly replaced: (by: RuleScope) => readonly RuleScope[];
  readonly recent: readonly Described[];
}

function editOne(question: Question, { title, suggested, start, replaced, recent }: Part, signal: AbortSignal): Promise<RuleScope | undefined> {
  const suggestions = scopeChoices(suggested, toolOf(question), question.folder.path);
  const row = (scope: RuleScope, note: string): Choice<RuleScope> => ({
    label: plainLabel(shownScope(scope, question.folder.path, vscode.l10n)), alwaysShow: true, value: scope,
    description: [note, ...(recent.length === 0 ? [] : [vscode.l10n.t('fits {0} of the last {1} requests', coveredRequests(scope, recent, question.folder), recent.length)])].filter((words) => words !== '').join(' · '),
    ...problemOf(question, replaced(scope)),
  });
  return pickStep<RuleScope>({
    title,
    placeholder: vscode.l10n.t('Type a scope, or choose one below'),
    prompt: vscode.l10n.t('A lasting answer will cover just this.'),
    items: [],
    value: fromFolder(scopeText(start), question.folder.path),
    typed: (text) => {
      const typed = typedScope(start, text, question.folder.path);
      const same = (scope: RuleScope): boolean => typed !== undefined && scopeFingerprint(scope) === scopeFingerprint(typed);
      const others = suggestions.filter((scope) => !same(scope));
      return [...(typed === undefined ? [] : [row(typed, vscode.l10n.t('as typed'))]), ...others.map((scope) => row(scope, widthNote(scope, suggested)))];
    },
  }, signal);
}

/** What was typed as a scope; a path may be written from the workspace folder on, as it is shown */
function typedScope(start: RuleScope, text: string, folder: string): RuleScope | undefined {
  const typed = withScopeText(start, text);
  return typed?.kind === 'path' && !isAbsolute(typed.path) ? { ...typed, path: resolve(folder, typed.path) } : typed;
}

function widthNote(scope: RuleScope, inferred: RuleScope): string {
  if (scopeFingerprint(scope) === scopeFingerprint(inferred)) return vscode.l10n.t('suggested');
  return scopeText(scope).length < scopeText(inferred).length || scope.kind === 'path' || scope.kind === 'domain' ? vscode.l10n.t('wider') : '';
}

/** Why this scope could not allow the request lastingly, where it could not; it can still deny */
function problemOf(question: Question, scopes: readonly RuleScope[]): { detail?: string } {
  const lasting = question.approval.evaluation.suggestions.find((answer): answer is Answer => answer === 'allow_session' || answer === 'allow_workspace');
  if (lasting === undefined) return {};
  const preview = question.folder.gate.previewAnswer(question.approval.id, lasting, scopes);
  if (!preview.ok) return { detail: `$(warning) ${plainLabel(preview.reason)}` };
  return preview.alsoSettles.length === 0 ? {} : { detail: vscode.l10n.t('Also settles {0} other waiting approvals', preview.alsoSettles.length) };
}

function toolOf({ approval, folder }: Question): string {
  return describe(approval.request, folder.surroundings).tool;
}
