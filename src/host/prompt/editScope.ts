import * as vscode from 'vscode';
import type { Answer, EvaluatedAction } from '../../core/evaluation.ts';
import type { RuleScope } from '../../core/rule.ts';
import { previewScope, scopeFingerprint } from '../../core/ruleScope.ts';
import { visible } from '../../core/visible.ts';
import { describe } from '../../core/describe.ts';
import type { Described } from '../../core/action.ts';
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
  const asking = question.approval.evaluation.actions.filter((evaluated) => evaluated.decision === 'ask');
  const scopes = asking.map((evaluated, index) => before?.[index] ?? evaluated.remember);
  const recent = await recentRequests(question.folder);
  for (const [index, evaluated] of asking.entries()) {
    const start = scopes[index];
    if (start === undefined) return undefined;
    const chosen = await editOne(question, evaluated, scopes, index, recent, signal);
    if (chosen === undefined) return undefined;
    scopes[index] = chosen;
  }
  const all = scopes.filter((scope) => scope !== undefined);
  return all.length === asking.length ? all : undefined;
}

function editOne(question: Question, evaluated: EvaluatedAction, scopes: readonly (RuleScope | undefined)[], index: number, recent: readonly Described[], signal: AbortSignal): Promise<RuleScope | undefined> {
  const inferred = evaluated.remember;
  const start = scopes[index];
  if (inferred === undefined || start === undefined) return Promise.resolve(undefined);
  const tool = toolOf(question);
  const suggestions = scopeChoices(inferred, tool, question.folder.path);
  const row = (scope: RuleScope, note: string): Choice<RuleScope> => ({
    label: plainLabel(previewScope(scope)), alwaysShow: true, value: scope,
    description: [note, vscode.l10n.t('fits {0} of the last {1} requests', coveredRequests(scope, recent, question.folder), recent.length)].filter((part) => part !== '').join(' · '),
    ...problemOf(question, scopes.map((other, place) => (place === index ? scope : other))),
  });
  return pickStep<RuleScope>({
    title: scopes.length === 1 ? vscode.l10n.t('Edit the scope') : vscode.l10n.t('Edit the scope ({0}/{1}): {2}', index + 1, scopes.length, visible(evaluated.action.target)),
    placeholder: vscode.l10n.t('Type a scope, or choose one below'),
    prompt: vscode.l10n.t('A lasting answer will cover just this.'),
    items: [],
    value: scopeText(start),
    typed: (text) => {
      const typed = withScopeText(start, text);
      const same = (scope: RuleScope): boolean => typed !== undefined && scopeFingerprint(scope) === scopeFingerprint(typed);
      const others = suggestions.filter((scope) => !same(scope));
      return [...(typed === undefined ? [] : [row(typed, vscode.l10n.t('as typed'))]), ...others.map((scope) => row(scope, widthNote(scope, inferred)))];
    },
  }, signal);
}

function widthNote(scope: RuleScope, inferred: RuleScope): string {
  if (scopeFingerprint(scope) === scopeFingerprint(inferred)) return vscode.l10n.t('suggested');
  return scopeText(scope).length < scopeText(inferred).length || scope.kind === 'path' || scope.kind === 'domain' ? vscode.l10n.t('wider') : '';
}

/** Why this scope could not allow the request lastingly, where it could not; it can still deny */
function problemOf(question: Question, scopes: readonly (RuleScope | undefined)[]): { detail?: string } {
  const all = scopes.filter((scope) => scope !== undefined);
  const lasting = question.approval.evaluation.suggestions.find((answer): answer is Answer => answer === 'allow_session' || answer === 'allow_workspace');
  if (lasting === undefined || all.length !== scopes.length) return {};
  const preview = question.folder.gate.previewAnswer(question.approval.id, lasting, all);
  if (!preview.ok) return { detail: `$(warning) ${plainLabel(preview.reason)}` };
  return preview.alsoSettles.length === 0 ? {} : { detail: vscode.l10n.t('Also settles {0} other waiting approvals', preview.alsoSettles.length) };
}

function toolOf({ approval, folder }: Question): string {
  return describe(approval.request, folder.surroundings).tool;
}
