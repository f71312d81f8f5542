import type { Action, Described } from '../action.ts';
import type { Reason } from '../decision.ts';
import { isGlob, wildcardMatches } from '../rules/globMatch.ts';
import type { Actor, Request } from '../request.ts';
import { canonicalToolName } from '../describe/tools/catalogue.ts';
import { visible } from '../visible.ts';
import { type ChannelsSettings, readRestrictions } from './channelSettings.ts';

/** What shared contexts do not get unless somebody set it so (spec 8) */
const deniedInShared: readonly string[] = ['group:memory'];

/** Stage 1: the task's own tool lists, then what the channel context leaves out */
export function restrictionOf(request: Request, described: Described, channels: ChannelsSettings = {}): Reason | undefined {
  const { task } = request;
  const tool = visible(described.tool);
  if (task?.deny?.some((entry) => listed(entry, described, true)) === true) return { type: 'task_restriction', summary: `This task may not use ${tool}.` };
  if (task?.allow !== undefined && !task.allow.some((entry) => listed(entry, described, false))) {
    return { type: 'task_restriction', summary: task.allow.length === 0 ? 'This task may use no tool at all.' : `${tool} is not among the tools of this task.` };
  }
  const { actor } = request;
  if (actor === undefined || (actor.kind !== 'channel' && actor.channel === undefined && !isShared(actor))) return undefined;
  const restrictions = restrictionsFor(actor, channels);
  if (restrictions === undefined) return { type: 'context_restriction', summary: `There is no channel “${visible(actor.channel ?? '')}” here, so nothing may be done for it.` };
  const shared = isShared(actor);
  const hit = restrictions.find((entry) => leavesOut(entry, described, shared));
  return hit === undefined ? undefined : { type: 'context_restriction', summary: restrictionText(tool, hit, actor) };
}

/**
 * What may be done in a group, but never without asking: what deletes or runs commands, and every tool that is in no group (spec 8).
 * Says so for one action; nothing where it does not apply.
 */
export function sharedApproval({ actor }: Request, described: Described, action: Action): Reason | undefined {
  if (actor === undefined || !isShared(actor) || !(action.kind === 'delete' || action.kind === 'exec' || isDestructiveInGroups(described))) return undefined;
  return { type: 'context_restriction', summary: 'In a group conversation this needs approval each time.' };
}

/** Whether others read along. A channel that does not say counts as a group */
function isShared({ kind, context, channel }: Actor): boolean {
  return context === 'group' || context === 'public' || (context === undefined && kind === 'channel' && channel !== undefined);
}

/** What is left out for an actor: of the channel it names; of all of them where it names none. `undefined` for an unknown channel */
function restrictionsFor(actor: Actor, channels: ChannelsSettings): readonly string[] | undefined {
  const context = isShared(actor) ? 'group' : 'direct';
  if (actor.channel !== undefined) {
    const own = Object.hasOwn(channels, actor.channel) ? channels[actor.channel] : undefined;
    return own === undefined ? undefined : readRestrictions(own.contexts?.[context]?.restrictions);
  }
  return [...(context === 'group' ? deniedInShared : []), ...Object.values(channels).flatMap((each) => readRestrictions(each.contexts?.[context]?.restrictions))];
}

/** Whether an entry leaves this request out: by name or group of the tool, and for the network and for what destroys by what it would do */
function leavesOut(entry: string, described: Described, shared: boolean): boolean {
  if (listed(entry, described, true)) return true;
  const kinds = (...wanted: readonly Action['kind'][]): boolean => described.actions.some(({ kind }) => wanted.includes(kind));
  switch (entry) {
    case 'group:network':
      return described.needsNetwork || kinds('fetch', 'export');
    case 'group:system':
      return kinds('locate');
    case 'group:destructive':
      return described.needsShell || kinds('delete', 'exec') || (shared && isDestructiveInGroups(described));
    default:
      return false;
  }
}

/** A tool in no group counts as one that destroys, where others read along (cowork-facts 1.22) */
function isDestructiveInGroups({ groups }: Described): boolean {
  return groups.length === 0 || groups.includes('group:destructive');
}

function restrictionText(tool: string, entry: string, { context, channel }: Actor): string {
  const where = `${context === 'private' ? 'In direct messages' : `In a ${context ?? 'group'} conversation`}${channel === undefined ? '' : ` on ${visible(channel)}`}`;
  if (entry === 'group:memory') return `${where} ${tool} may not be used, because it gives out what is remembered.`;
  if (entry === '*') return `${where} no tool may be used.`;
  return `${where} ${tool} may not be used: ${visible(entry)} is left out there.`;
}

/** Whether an entry of a list means the tool: its name, a group, or a name with `*`; a deny ignores case */
function listed(entry: string, described: Described, foldCase: boolean): boolean {
  const name = canonicalToolName(entry);
  if (name.startsWith('group:')) return described.groups.includes(name);
  const wanted = foldCase ? name.toLowerCase() : name;
  const given = foldCase ? described.tool.toLowerCase() : described.tool;
  return wanted === given || (isGlob(wanted) && wildcardMatches(wanted, given));
}
