import { modes, type Mode } from '../core/decision.ts';
import { type ChannelSettings } from '../core/policy/channelSettings.ts';
import type { ChannelUser } from '../gate/channelState.ts';
import { mayAnswer } from './access.ts';
import type { Incoming } from './channel.ts';
import { type Command, commandMark } from './command.ts';
import type { Offers } from './offers.ts';
import type { RemoteAnswer } from './offerText.ts';
import { personText } from './personText.ts';
import type { BridgePorts } from './ports.ts';

/** Modes that nobody switches to from afar: they let through what is hard to undo without asking */
const editorModes: ReadonlySet<Mode> = new Set(['dont_ask', 'bypass_permissions']);

export interface TalkContext {
  readonly channel: string;
  readonly ports: BridgePorts;
  readonly offers: Offers;
  readonly settings: ChannelSettings;
  readonly user: ChannelUser;
}

/** What somebody who is let in gets told; codes and people's first words are dealt with before */
export async function answerCommand(command: Command, message: Extract<Incoming, { kind: 'message' }>, context: TalkContext): Promise<string> {
  switch (command.name) {
    case 'start':
    case 'help':
      return help(context, message);
    case 'pair':
      return 'You are paired already.';
    case 'status':
      return status(context, message);
    case 'mode':
      return changeMode(command.words, message, context);
    case 'pending':
      return pending(context, message);
    case 'approve':
      return answer(command.words, 'allow_once', message, context);
    case 'deny':
      return answer(command.words, 'deny_once', message, context);
  }
}

function help({ settings, user }: TalkContext, { chat }: Incoming): string {
  const answering = mayAnswer(settings, user, chat.context);
  const mark = commandMark(settings.platform);
  return [
    'What you write goes to the agent in the workspace. Besides:',
    ...(user.state === 'paired' ? [] : [`${mark}pair CODE: pair with the code that the editor shows`]),
    `${mark}status: how things stand`,
    ...(answering ? [`${mark}pending: what waits for your answer`, `${mark}approve ID: allow it once (${mark}approve ID session: for this session)`, `${mark}deny ID why: deny it, and tell the agent why`] : []),
    ...(answering && settings.modeCommand && chat.context === 'direct' ? [`${mark}mode MODE: change how much is asked`] : []),
  ].join('\n');
}

function status({ ports, offers, settings, user }: TalkContext, { chat }: Incoming): string {
  const { mode } = ports.store.state.settings;
  const waiting = offers.openFor(chat, user.id).length;
  return [
    user.state === 'paired' ? 'You are paired.' : 'You are let in, but not paired: you cannot answer questions.',
    `Mode: ${mode}.`,
    ...(mayAnswer(settings, user, chat.context) ? [waiting === 0 ? 'Nothing waits for your answer here.' : `Waiting for your answer here: ${waiting}. ${commandMark(settings.platform)}pending lists them.`] : []),
  ].join('\n');
}

function pending({ ports, offers, user }: TalkContext, { chat }: Incoming): string {
  const open = offers.openFor(chat, user.id);
  if (open.length === 0) return 'Nothing waits for your answer here.';
  const now = ports.clock.now();
  return open.map(({ offer, answers }) => {
    const minutes = Math.max(1, Math.ceil((offer.expiresAt - now) / 60_000));
    return `${answers.length === 0 ? '(in the editor)' : offer.shortId}  ${offer.title} (${minutes} min left)`;
  }).join('\n');
}

async function answer(words: string, usual: RemoteAnswer, message: Extract<Incoming, { kind: 'message' }>, { offers, settings }: TalkContext): Promise<string> {
  const mark = commandMark(settings.platform);
  const [, id = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(words) ?? [];
  if (id === '') return `Say which one: ${mark}pending lists what waits for you, with its ID.`;
  if (usual === 'deny_once') return offers.command(id, usual, message, rest.trim().slice(0, 500));
  const reach = rest.trim().toLowerCase();
  if (reach === '' || reach === 'once') return offers.command(id, 'allow_once', message, '');
  if (reach === 'session') return offers.command(id, 'allow_session', message, '');
  return `Send ${mark}approve ID to allow it once, or ${mark}approve ID session to allow it for this session.`;
}

async function changeMode(words: string, message: Incoming, { channel, ports, settings, user }: TalkContext): Promise<string> {
  const { mode } = ports.store.state.settings;
  if (words === '') return `The mode is ${mode}.`;
  if (!settings.modeCommand || message.chat.context !== 'direct' || !mayAnswer(settings, user, 'direct')) return 'The mode can only be changed in the editor.';
  const wanted = modes.find((each) => each === words.toLowerCase());
  if (wanted === undefined) return `There is no such mode. Modes: ${modes.filter((each) => !editorModes.has(each)).join(', ')}.`;
  if (editorModes.has(wanted)) return `${wanted} can only be switched on in the editor.`;
  const outcome = await ports.gate.changeSettings({ mode: wanted }, personText(channel, message.from));
  return outcome.ok ? `The mode is ${wanted} now.` : outcome.reason;
}
