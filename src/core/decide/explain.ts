import type { Action, Described, ExecAction } from '../action.ts';
import { rowOf } from '../describe/shell/commands/table.ts';
import type { EvaluatedAction, Evaluation } from './evaluation.ts';
import type { Request } from '../request.ts';
import type { Rule } from '../rules/rule.ts';
import { precedence, previewScope, specificity, trustTier } from '../rules/ruleScope.ts';
import { isTiedToOther } from '../rules/scriptHash.ts';
import { visible } from '../visible.ts';

const sources = {
  managed: 'administrator', session: 'session', workspace_db: 'workspace', workspace_manifest: 'repository', profile: 'profile', legacy_guardrails: 'trusted commands', legacy_builtin_settings: 'built-in',
} as const;

/**
 * A decision as a tree for people: every part under the command that runs it, what it does, its answer, why, by which rule
 * or row of the table, and which rules lost and why. Safe to show
 */
export function explain(request: Request, described: Described, evaluation: Evaluation): string {
  const asked = described.tool === request.tool ? '' : ` (asked for as ${visible(request.tool)})`;
  const lines = [`${evaluation.decision.toUpperCase()}  ${visible(described.tool)}${asked}`, `  ${evaluation.reason.summary}`];
  if (described.command !== undefined) lines.push(`  command: ${visible(described.command)}`);
  const { actions } = evaluation;
  const below = new Map<number | undefined, number[]>();
  actions.forEach(({ action }, index) => {
    const above = action.owner ?? action.parent;
    // what runs a part stands before it
    const key = above !== undefined && above < index ? above : undefined;
    below.set(key, [...(below.get(key) ?? []), index]);
  });
  const draw = (indexes: readonly number[], indent: string): void => {
    for (const index of indexes) {
      const evaluated = actions[index];
      if (evaluated === undefined) continue;
      const last = index === indexes.at(-1);
      const inner = `${indent}${last ? '   ' : '│  '}`;
      const parts = below.get(index) ?? [];
      lines.push(`${indent}${last ? '└─' : '├─'} ${evaluated.decision.padEnd(5)} ${evaluated.action.kind} ${visible(evaluated.action.target)}`);
      for (const detail of explainAction(evaluated, actions)) lines.push(`${inner}${parts.length === 0 ? '   ' : '│  '}${detail}`);
      draw(parts, inner);
    }
  };
  draw(below.get(undefined) ?? [], '');
  if (evaluation.suggestions.length > 0) lines.push(`answers: ${evaluation.suggestions.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

const classes = { read: 'only reads', test: 'runs tests', other: 'does more than read', unreadable: 'cannot be read for certain' } as const;

/**
 * Why an action is answered as it is, by which rule, and which rules lost and why: a line each. Safe to show
 *
 * @param all the actions it stands among, where what it stems from is to be named
 */
export function explainAction(evaluated: EvaluatedAction, all: readonly EvaluatedAction[] = []): readonly string[] {
  const { action, reason, rule, losing, remember, expired, changedScript } = evaluated;
  const owner = action.owner === undefined ? undefined : all[action.owner]?.action;
  const command = action.kind === 'exec' ? action : owner?.kind === 'exec' ? owner : undefined;
  const lines = [`${reason.type}: ${reason.summary}`];
  if (action.kind === 'exec') lines.push(...commandLines(action));
  else if (command !== undefined && evaluated.decision !== 'allow') lines.push(...namedLine(action, command));
  if ('asked' in action && action.asked !== undefined) lines.push(`written as: ${visible(action.asked)}${action.throughLink === true ? ' (through a link)' : ''}`);
  if ((action.kind === 'fetch' || action.kind === 'export') && action.host !== undefined) lines.push(`host: ${visible(action.host)}${action.hostClass === undefined || action.hostClass === 'public' ? '' : ` (${action.hostClass.replace('_', ' ')})`}`);
  if ((action.kind === 'fetch' || action.kind === 'export') && action.marks !== undefined) for (const mark of action.marks) lines.push(`note: ${visible(mark)}`);
  if (action.kind === 'export' && action.source !== undefined) lines.push(`source: ${visible(action.source)}`);
  if (action.uncertain !== undefined) lines.push(`not certain: ${visible(action.uncertain)}`);
  if (changedScript?.before !== undefined && action.kind === 'exec') for (const line of changedScript.before.split('\n')) lines.push(`allowed was: ${visible(line)}`);
  if (rule !== undefined) lines.push(`rule: ${ruleText(rule)}`);
  const before = rule === undefined && reason.type !== 'mode' && action.kind !== 'read';
  for (const lost of losing) {
    const why = before ? 'what is decided before rules stands above them' : lost.effect === 'allow' && isTiedToOther(lost, command?.script) ? 'the script changed since it was allowed' : whyLost(lost, rule);
    lines.push(`lost: ${ruleText(lost)} — ${why}`);
  }
  for (const over of expired ?? []) lines.push(`lost: ${ruleText(over)} — its time is over`);
  if (remember !== undefined) lines.push(`a lasting answer would write: ${previewScope(remember)}`);
  return lines;
}

/** What the table knows of a command, each layer of wrappers, and the package scripts behind it */
function commandLines(action: ExecAction): readonly string[] {
  const lines: string[] = [];
  const program = action.readings[0]?.[0];
  const row = program === undefined ? '' : rowOf(program) === undefined ? `; the table has no row for ${visible(program)}` : `; row ${visible(program)} of the table`;
  lines.push(`${classes[action.class]}${row}${action.userRows === undefined ? '' : `; your row ${action.userRows.map((command) => `“${visible(command)}”`).join(', ')}`}`);
  if (action.class === 'other' || action.class === 'test') lines.push(...namedLine(action, action));
  if (action.readings.length > 1) lines.push(`runs: ${action.readings.map((words) => visible(words.join(' '))).join(' → ')}`);
  for (const line of action.script?.split('\n') ?? []) lines.push(`script: ${visible(line)}`);
  return lines;
}

/** How far a rule for the command must reach to allow this */
function namedLine({ namedAt }: Action, { argv }: ExecAction): readonly string[] {
  if (namedAt === undefined || namedAt === 0) return [];
  const word = argv[namedAt];
  return [typeof word === 'string' ? `a rule for the command must reach “${visible(word)}”` : 'no rule for the command can cover it'];
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
