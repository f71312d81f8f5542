import type { Actor } from '../core/request.ts';
import type { Chat } from './channel.ts';

/** One person in one chat of one channel: what an agent does for them is one session, and in a group not anybody else's */
export interface Conversation {
  readonly channel: string;
  readonly chat: Chat;
  readonly user: string;
}

/** The actor of every request that is made for a conversation; the agent puts its own name in */
export function actorOf({ channel, chat, user }: Conversation): Actor {
  const session = ['channel', channel, chat.context, chat.id, chat.thread ?? '', user].map(encodeURIComponent).join('/');
  return { kind: 'channel', channel, session, context: chat.context === 'group' ? 'group' : 'private' };
}

/** The conversation that a request was made for; `undefined` where it was made for none, or what it says does not fit together */
export function conversationOf(actor: Actor | undefined): Conversation | undefined {
  if (actor?.kind !== 'channel' || actor.session === undefined) return undefined;
  const parts = actor.session.split('/').map(decoded);
  const [mark, channel, context, id, thread, user] = parts;
  if (parts.length !== 6 || mark !== 'channel' || (context !== 'direct' && context !== 'group')) return undefined;
  if (channel === undefined || id === undefined || user === undefined || channel !== actor.channel) return undefined;
  return { channel, chat: { id, context, ...(thread === undefined || thread === '' ? {} : { thread }) }, user };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
