import { budgetKinds } from '../core/policy/budgets.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { visible } from '../core/visible.ts';
import { amountText, useText } from './budgetText.ts';
import { channelEventName } from './channelEvents.ts';
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
    case 'file_noted':
      return visible(`${entry.file.path} ${entry.file.kind}${entry.file.label === undefined ? '' : ` (${entry.file.label})`} by ${entry.by}`);
    case 'manifest_reviewed':
      return visible(`${entry.hash} by ${entry.by}`);
    case 'script_reviewed':
      return visible(`${entry.hash ?? 'forgotten'} by ${entry.by}`);
    case 'result':
      return visible(`${entry.requestId} ${entry.ok ? 'done' : 'failed'}${entry.summary === undefined ? '' : `: ${entry.summary}`}${entry.use === undefined ? '' : ` (${useText({ iterations: 0, tokens: entry.use.tokens, cost: entry.use.cost })})`}`);
    case 'budget_granted':
      return visible(`${entry.session} up to ${budgetKinds.flatMap((kind) => (entry.upTo[kind] === undefined ? [] : [amountText(kind, entry.upTo[kind])])).join(', ')} by ${entry.by}`);
    case 'task_stopped':
      return visible(`${entry.session} by ${entry.by}`);
    case 'requests_refused':
      return visible(`${entry.session} ${entry.count}: ${entry.why}`);
    case 'channel_message':
      return visible(`${entry.channel} ${entry.direction === 'incoming' ? 'from' : 'to'} ${entry.user?.name ?? entry.user?.id ?? entry.chat.id}${entry.how === undefined ? '' : ` (${entry.how})`}: ${entry.text}`);
    case 'channel_handled':
      return visible(`${entry.channel} ${entry.keys.length} handed to the agent`);
    case 'channel_user':
      return visible(`${entry.channel} ${entry.user.name ?? ''} (${entry.user.id}) ${entry.why.replace('_', ' ')} by ${entry.by}`);
    case 'channel_code':
      return visible(`${entry.channel} pairing code ${entry.why.replace('_', ' ')} by ${entry.by}`);
    case 'channel_cursor':
      return visible(`${entry.channel} read up to ${entry.cursor}`);
    case 'channel_offer':
      return visible(`${entry.channel} ${entry.open ? 'asked' : 'no longer asks'} ${entry.offer.user}: ${entry.offer.title}`);
    case 'channel_limited':
      return visible(`${entry.channel} ${entry.limited.user} over the limit, ${entry.limited.refused} not read`);
    case 'channel_removed':
      return visible(`${entry.channel} by ${entry.by}`);
    case 'channel_status':
      return visible(`${entry.channel} ${entry.state}: ${entry.message}`);
    case 'channel_event':
      return visible(`${entry.channel} ${channelEventName(entry.code)}: ${entry.message}`);
    case 'state_confirmed':
      return visible(`by ${entry.by}`);
    case 'state_doubted':
    case 'problem':
      return visible(`${entry.code}: ${entry.message}`);
  }
}
