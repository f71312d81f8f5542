import * as vscode from 'vscode';
import { ruleUses } from '../../gate/usage.ts';
import { visible } from '../../core/visible.ts';
import { placedFingerprint } from '../../node/store/manifest.ts';
import { analysedRules, cutText, effectWord, ruleCounts } from '../analysedRules.ts';
import { recentEntries } from '../folderRecord.ts';
import type { OpenFolder } from '../folders.ts';
import { shownActionTarget, shownScope } from '../fromFolder.ts';
import { rangeOf } from './fileDiagnostics.ts';
import { ruleAt, ruleNodes } from './ruleNodes.ts';

/** Things it matched that are shown, newest first */
const mostShown = 5;
const longestShown = 200;

/** What a rule is about and what it matched lately */
export async function ruleHover(document: vscode.TextDocument, position: vscode.Position, folder: OpenFolder): Promise<vscode.Hover | undefined> {
  const node = ruleAt(ruleNodes(document.getText(), folder.surroundings), document.offsetAt(position));
  if (node?.fingerprint === undefined) return undefined;
  const { rules } = analysedRules(folder);
  const rule = rules.find((each) => (each.source === 'workspace_db' || each.source === 'workspace_manifest') && placedFingerprint(each, folder.surroundings) === node.fingerprint);
  const text = new vscode.MarkdownString();
  if (rule === undefined) {
    text.appendText(vscode.l10n.t('This rule counts once the file is saved.'));
    return new vscode.Hover(text, rangeOf(document, node));
  }
  const entries = await recentEntries(folder);
  const use = ruleUses(entries).get(rule.id);
  text.appendText(`${effectWord(rule.effect)}: ${cutText(shownScope(rule.scope, folder.path, vscode.l10n))}`);
  if (!ruleCounts(folder, rule)) text.appendText(`\n\n${vscode.l10n.t('Does not count until you review the repository’s rules.')}`);
  text.appendText(`\n\n${use === undefined
    ? vscode.l10n.t('Matched nothing in the last {0} entries of the record.', entries.length)
    : vscode.l10n.t('Matched {0} times in the last {1} entries of the record, last on {2}:', use.hits, entries.length, new Date(use.lastUsed).toLocaleString())}\n`);
  const targets = entries.flatMap(({ entry }) => (entry.type === 'decision' ? entry.actions.filter((action) => action.rule === rule.id).map((action) => shownActionTarget(action, folder.path)) : []));
  const shown = [...new Set(targets)].slice(0, mostShown).map((target) => visible(target.length > longestShown ? `${target.slice(0, longestShown)}…` : target));
  if (shown.length > 0) text.appendCodeblock(shown.join('\n'), 'text');
  return new vscode.Hover(text, rangeOf(document, node));
}
