import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import { type ChannelUser, userIn } from '../gate/channelState.ts';
import type { Approval } from '../gate/ports.ts';
import { mayAnswer } from './access.ts';
import type { Chat } from './channel.ts';
import { conversationOf } from './conversation.ts';
import type { LineParts } from './lineParts.ts';

/** Somebody who is asked, and where */
export interface Asked {
  readonly chat: Chat;
  readonly user: ChannelUser;
}

/**
 * Who is asked on a channel: the person it is asked for, in their chat; and where that is wanted, once it is late, every paired person
 * in direct messages. Nobody who may not answer.
 *
 * INVARIANT: which chat that is, a request only claims. A group sees a question only if the person it is asked for wrote there, and
 * direct messages are where they wrote them; what names another group goes to the person alone.
 */
export function audience({ approval, late }: { readonly approval: Approval; readonly late: boolean }, settings: ChannelSettings, { channel, facts }: Pick<LineParts, 'channel' | 'facts'>): readonly Asked[] {
  const { users } = facts();
  const own = conversationOf(approval.request.actor);
  const known = own?.channel === channel ? userIn(users, own.user) : undefined;
  const chat = own === undefined || known === undefined ? undefined : chatWith(known, own.chat);
  const requester = known !== undefined && chat !== undefined && mayAnswer(settings, known, chat.context) ? [{ chat, user: known }] : [];
  if (settings.approvals === 'own' || !late) return requester;
  const others = users.flatMap((user): Asked[] => (user.direct !== undefined && user.id !== requester[0]?.user.id && mayAnswer(settings, user, 'direct') ? [{ chat: { ...user.direct, context: 'direct' }, user }] : []));
  return [...requester, ...others];
}

/** The chat that is meant, where that person is known to be in it; their direct messages in place of a group that they never wrote in */
function chatWith({ direct, groups = [] }: ChannelUser, claimed: Chat): Chat | undefined {
  if (claimed.context === 'direct') return claimed.id === direct?.id ? claimed : undefined;
  if (groups.includes(claimed.id)) return claimed;
  return direct === undefined ? undefined : { ...direct, context: 'direct' };
}
