import type { Described } from '../action.ts';
import type { EvaluatedAction, Evaluation } from './evaluation.ts';
import type { Request } from '../request.ts';
import type { Rule } from '../rules/rule.ts';
import { precedence, previewScope, specificity, trustTier } from '../rules/ruleScope.ts';
import { visible } from '../visible.ts';

const sources = {
  managed: 'administrator', session: 'session', workspace_db: 'workspace', workspace_manifest: 'repository', profile: 'profile', legacy_guardrails: 'trusted commands', legacy_builtin_settings: 'built-in',
} as const;

/** A decision as a tree for people: every action, its answer, why, by which rule, and which rules lost and why. Safe to show */
export function explain(request: Request, described: Described, evaluation: Evaluation): string {
  const asked = described.tool === request.tool ? '' : ` (asked for as ${visible(request.tool)})`;
  const lines = [`${evaluation.decision.toUpperCase()}  ${visible(described.tool)}${asked}`, `  ${evaluation.reason.summary}`];
  if (described.command !== undefined) lines.push(`  command: ${visible(described.command)}`);
  evaluation.actions.forEach((evaluated) => {
    const owned = evaluated.action.owner === undefined ? '' : '│  ';
    lines.push(`${owned}├─ ${evaluated.decision.padEnd(5)} ${evaluated.action.kind} ${visible(evaluated.action.target)}`);
    for (const detail of details(evaluated)) lines.push(`${owned}│     ${detail}`);
  });
  if (evaluation.suggestions.length > 0) lines.push(`answers: ${evaluation.suggestions.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function details(evaluated: EvaluatedAction): readonly string[] {
  const { action, reason, rule, losing, remember } = evaluated;
  const lines = [`${reason.type}: ${reason.summary}`];
  if (action.kind === 'exec' && action.readings.length > 1) lines.push(`runs: ${action.readings.map((words) => visible(words.join(' '))).join(' → ')}`);
  if ((action.kind === 'fetch' || action.kind === 'export') && action.marks !== undefined) for (const mark of action.marks) lines.push(`note: ${visible(mark)}`);
  if (action.kind === 'export' && action.source !== undefined) lines.push(`source: ${visible(action.source)}`);
  if (action.uncertain !== undefined) lines.push(`not certain: ${visible(action.uncertain)}`);
  if (rule !== undefined) lines.push(`rule: ${ruleText(rule)}`);
  for (const lost of losing) lines.push(`lost: ${ruleText(lost)} — ${rule === undefined && reason.type !== 'mode' && action.kind !== 'read' ? 'what is decided before rules stands above them' : whyLost(lost, rule)}`);
  if (remember !== undefined) lines.push(`a lasting answer would write: ${previewScope(remember)}`);
  return lines;
}

function ruleText(rule: Rule): string {
  return `${rule.effect} ${previewScope(rule.scope)} (${sources[rule.source]}, ${visible(rule.id)})`;
}

/** Why a matching rule did not answer beside the one that did */
function whyLost(lost: Rule, winner: Rule | undefined): string {
  if (winner === undefined) return 'it does not name this effect';
  const mine = specificity(lost.scope);
  const theirs = specificity(winner.scope);
  if (trustTier(winner.source) < trustTier(lost.source) && theirs <= mine) return `a rule from ${sources[lost.source]} never loosens one from ${sources[winner.source]}`;
  if (mine < theirs) return 'it is less specific';
  if (mine > theirs) return 'it does not name this effect';
  if (precedence(lost.source) < precedence(winner.source)) return `${sources[winner.source]} stands above ${sources[lost.source]}`;
  return lost.effect === winner.effect ? 'it says the same' : `${winner.effect} stands above ${lost.effect}`;
}
