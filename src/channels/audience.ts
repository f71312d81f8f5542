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
 */
export function audience({ approval, late }: { readonly approval: Approval; readonly late: boolean }, settings: ChannelSettings, { channel, facts }: Pick<LineParts, 'channel' | 'facts'>): readonly Asked[] {
  const { users } = facts();
  const own = conversationOf(approval.request.actor);
  const known = own?.channel === channel ? userIn(users, own.user) : undefined;
  // Direct messages are where that person wrote them, whatever a request says of it
  const isThere = own !== undefined && known !== undefined && (own.chat.context === 'group' || own.chat.id === known.direct?.id);
  const requester = isThere && mayAnswer(settings, known, own.chat.context) ? [{ chat: own.chat, user: known }] : [];
  if (settings.approvals === 'own' || !late) return requester;
  const others = users.flatMap((user): Asked[] => (user.direct !== undefined && user.id !== known?.id && mayAnswer(settings, user, 'direct') ? [{ chat: { ...user.direct, context: 'direct' }, user }] : []));
  return [...requester, ...others];
}
