import * as vscode from 'vscode';
import { trustedCommandRules } from '../core/policy/trustedCommands.ts';
import { analyseRules, type RuleMark } from '../core/rules/analysis.ts';
import type { Rule, RuleSource } from '../core/rules/rule.ts';
import { visible } from '../core/visible.ts';
import { holdsSecret } from '../gate/secretText.ts';
import type { OpenFolder } from './folders.ts';
import { shownScope } from './fromFolder.ts';

/** Characters of a scope or reason that are shown; longer ones are cut with their length */
const longestShown = 2_000;

/** All rules of a folder with what is to be known of each */
export interface AnalysedRules {
  /** What it was made of; all the same means nothing has changed */
  readonly of: readonly unknown[];
  readonly revision: number;
  readonly rules: readonly Rule[];
  readonly marks: ReadonlyMap<string, readonly RuleMark[]>;
}

const analysed = new WeakMap<OpenFolder, AnalysedRules>();
let revisions = 0;

/** The rules of a folder with their marks; made anew only when one changed, or a minute went by where some expire */
export function analysedRules(folder: OpenFolder): AnalysedRules {
  const { settings, workspaceRules, profileRules, managedRules, manifest } = folder.store.state;
  const trusted = settings.guardrails.autoApproveTrustedCommands ? trustedCommandRules(settings.guardrails.trustedCommandPatterns).rules : [];
  const rules = [...managedRules, ...workspaceRules, ...manifest.rules, ...profileRules, ...trusted];
  const minute = rules.some(({ expiresAt }) => expiresAt !== undefined) ? Math.floor(Date.now() / 60_000) : 0;
  const of = [settings, workspaceRules, profileRules, managedRules, manifest, minute, vscode.workspace.isTrusted];
  const known = analysed.get(folder);
  if (known !== undefined && known.of.every((part, index) => part === of[index])) return known;
  const counting = rules.filter((rule) => ruleCounts(folder, rule));
  const marks = analyseRules(counting, { place: folder.surroundings, mode: settings.mode, now: Date.now(), holdsSecret });
  const made = { of, revision: (revisions += 1), rules, marks };
  analysed.set(folder, made);
  return made;
}

/** An allow of the repository counts only where the workspace is trusted and the file reviewed */
export function ruleCounts({ store }: OpenFolder, { effect, source }: Rule): boolean {
  return effect !== 'allow' || source !== 'workspace_manifest' || (vscode.workspace.isTrusted && store.state.manifest.reviewed);
}

/** A mark in a sentence */
export function markText(mark: RuleMark, folder: OpenFolder, all: readonly Rule[]): string {
  const name = (other: string): string => {
    const rule = all.find(({ id: known }) => known === other);
    return rule === undefined ? visible(other) : `${effectWord(rule.effect)} ${cutText(shownScope(rule.scope, folder.path, vscode.l10n))} (${sourceName(rule.source)})`;
  };
  switch (mark.kind) {
    case 'shadowed': return vscode.l10n.t('Never decides: {0} always answers first.', name(mark.by));
    case 'contradicts': return vscode.l10n.t('Contradicts {0}, which answers first.', name(mark.by));
    case 'redundant': return vscode.l10n.t('Adds nothing: {0} says the same.', name(mark.by));
    case 'expired': return vscode.l10n.t('No longer counts: its time or its uses are over.');
    case 'secret': return vscode.l10n.t('Holds what looks like a credential. Remove it and write it without.');
    case 'unreadable': return mark.message;
  }
}

/** An effect in a word */
export function effectWord(effect: Rule['effect']): string {
  return { allow: vscode.l10n.t('Allow'), ask: vscode.l10n.t('Ask'), deny: vscode.l10n.t('Deny') }[effect];
}

/** Where a rule comes from, in a word */
export function sourceName(source: RuleSource): string {
  return {
    managed: vscode.l10n.t('Administrator'), session: vscode.l10n.t('Session'), workspace_db: vscode.l10n.t('Workspace'), workspace_manifest: vscode.l10n.t('Repository'),
    profile: vscode.l10n.t('Profile'), legacy_guardrails: vscode.l10n.t('Trusted commands'), legacy_builtin_settings: vscode.l10n.t('Built-in'),
  }[source];
}

/** A text as far as it is shown */
export function cutText(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}… (${text.length})` : text;
}
