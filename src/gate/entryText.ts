import { previewScope } from '../core/rules/ruleScope.ts';
import { visible } from '../core/visible.ts';
import type { Entry } from './entry.ts';

/** What an entry of the record says, in one line for people; safe to show */
export function entryText(entry: Entry): string {
  switch (entry.type) {
    case 'decision':
      return visible(`${entry.decision} ${entry.request.tool}: ${entry.actions.map(({ kind, target }) => `${kind} ${target}`).join(', ')} (${entry.settledBy}; ${entry.reason.summary})`);
    case 'approval_asked':
      return visible(`${entry.approval.id} ${entry.approval.request.tool}`);
    case 'approval_settled':
      return visible(`${entry.approval} ${entry.outcome}${entry.answer === undefined ? '' : ` ${entry.answer}`}${entry.by === undefined ? '' : ` by ${entry.by}`}`);
    case 'late_answer':
      return visible(`${entry.approval} ${entry.answer} by ${entry.by}`);
    case 'rule_added':
    case 'rule_removed':
      return `${entry.rule.effect} ${previewScope(entry.rule.scope)} (${entry.rule.source}) by ${visible(entry.by)}`;
    case 'settings_changed':
      return visible(`${JSON.stringify(entry.change)} by ${entry.by}`);
    case 'approve_all':
      return visible(`${entry.on ? 'on' : 'off'} for ${entry.session} by ${entry.by}`);
    case 'manifest_reviewed':
      return visible(`${entry.hash} by ${entry.by}`);
    case 'result':
      return visible(`${entry.requestId} ${entry.ok ? 'done' : 'failed'}${entry.summary === undefined ? '' : `: ${entry.summary}`}`);
    case 'state_confirmed':
      return visible(`by ${entry.by}`);
    case 'state_doubted':
    case 'problem':
      return visible(`${entry.code}: ${entry.message}`);
  }
}
