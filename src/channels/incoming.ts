import { withoutSecrets } from '../gate/secretText.ts';
import type { Incoming, Sender } from './channel.ts';

/** Characters of a message that are read; the rest is cut, and the agent is told so */
export const longestText = 16_384;
const longestKey = 200;
const longestName = 100;
const mostAttachments = 10;

/**
 * What an adapter gave, as it is taken in: texts well formed and cut, names short, at most ten attachments. `undefined` for what
 * cannot be told from anything else: without a key, a sender or a chat, or of an unknown kind.
 */
export function readIncoming(given: Incoming): Incoming | undefined {
  const { key, from, chat, messageId } = given as Partial<Incoming>;
  if (from === undefined || chat === undefined || ![key, from.id, chat.id].every(isId) || typeof messageId !== 'string' || messageId.length > longestKey) return undefined;
  if (chat.context !== 'direct' && chat.context !== 'group') return undefined;
  const sender = readSender(from);
  switch (given.kind) {
    case 'press':
      return typeof given.data === 'string' && given.data.length <= longestKey ? { ...given, from: sender } : undefined;
    case 'message': {
      const { text, attachments } = given;
      if (typeof text !== 'string' || !Array.isArray(attachments)) return undefined;
      const kept = given.attachments.filter(({ reference }) => typeof reference === 'string').slice(0, mostAttachments).map((attachment) => ({ ...attachment, name: plain(attachment.name).slice(0, longestName), reference: attachment.reference.slice(0, 2_000) }));
      return { ...given, from: sender, text: cutText(plain(text)), attachments: kept };
    }
    default:
      return undefined;
  }
}

/** A message as the record keeps it: without what looks like a credential */
export function recordedMessage(text: string): string {
  return withoutSecrets(text);
}

/**
 * What the record keeps of where an attachment is: no query, fragment or login of an address, in which vendors put what lets anybody
 * fetch it. Anything else is a name that only its platform understands.
 */
export function recordedReference(reference: string): string {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference;
  return reference.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/*)[^/]*@/i, '$1');
}

function cutText(text: string): string {
  // A high surrogate must not be left without its other half
  return text.length <= longestText ? text : `${text.slice(0, longestText).toWellFormed()}… (${text.length} characters, the rest was cut)`;
}

function readSender({ id, name }: Sender): Sender {
  return name === undefined || typeof name !== 'string' ? { id } : { id, name: plain(name).slice(0, longestName) };
}

/** Without lone surrogates and NUL, which no file and no platform takes */
function plain(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

function isId(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && id.length <= longestKey;
}
