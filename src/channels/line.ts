import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { ChannelEventCode } from '../gate/channelEvents.ts';
import { type ChannelFacts, type ChannelUser, type LimitedSender, mostWaiting, newUser, noChannelFacts, seenInList, seenLists, userIn } from '../gate/channelState.ts';
import type { Entry } from '../gate/entry.ts';
import type { Disposable } from '../gate/ports.ts';
import { isLetIn, mayPair } from './access.ts';
import type { Chat, Incoming } from './channel.ts';
import { type Command, commandMark, readCommand } from './command.ts';
import { Connection, chatKey } from './connection.ts';
import { Inbox, type Listener } from './inbox.ts';
import { readIncoming, recordedMessage, recordedReference } from './incoming.ts';
import type { LineParts } from './lineParts.ts';
import { Offers } from './offers.ts';
import { type PairingText, isAlive, lockedUntil, readBareCode, readPairingWords, tryCode, withoutCodes } from './pairing.ts';
import { personText } from './personText.ts';
import type { BridgePorts } from './ports.ts';
import { SenderLimit, type Taken, perSender } from './senderLimit.ts';
import { answerCommand } from './talk.ts';
import { Turns } from './turns.ts';

type Message = Extract<Incoming, { kind: 'message' }>;
type Press = Extract<Incoming, { kind: 'press' }>;
type MessageEntry = Extract<Entry, { type: 'channel_message' }>;

/** How often a stranger is told what to do, in milliseconds; in groups never */
const strangerPause = 60 * 60_000;

export interface LineContext {
  readonly id: string;
  readonly ports: BridgePorts;
  readonly listeners: ReadonlySet<Listener>;
  readonly changed: () => void;
}

/** What is recorded with a message, and what is done when that is on disk */
interface Plan {
  readonly how?: MessageEntry['how'];
  readonly waiting?: true;
  readonly more?: readonly Entry[];
  readonly after?: () => Promise<unknown>;
}

/** One channel: what comes in, who may say it, and what becomes of it */
export class Line {
  readonly id: string;
  readonly connection: Connection;
  readonly offers: Offers;
  readonly inbox: Inbox;
  readonly #ports: BridgePorts;
  readonly #limit: SenderLimit;
  readonly #turns = new Turns();
  /** What follows once a message is on disk, in order for each chat */
  readonly #after = new Turns();
  readonly #background = new Set<Promise<unknown>>();
  readonly #seen: Set<string>;
  readonly #toldStrangers = new Map<string, number>();
  readonly #timers = new Set<Disposable>();
  #toldUnreadable: number | undefined;
  /** Attempts to pair that are under way */
  #attempts = 0;

  constructor({ id, ports, listeners, changed }: LineContext) {
    this.id = id;
    this.#ports = ports;
    this.#limit = new SenderLimit(ports.clock);
    this.#seen = new Set(this.facts().seen.flat());
    this.connection = new Connection(id, ports, (incoming) => this.take(incoming), () => {
      changed();
      if (this.connection.isUp) this.#nowUp();
    });
    const parts: LineParts = { channel: id, ports, connection: this.connection, settings: () => this.settings(), facts: () => this.facts(), later: (work) => this.#later(work) };
    this.offers = new Offers(parts);
    this.inbox = new Inbox({ ...parts, listeners });
  }

  settings(): ChannelSettings | undefined {
    const all = this.#ports.store.state.settings.channels ?? {};
    return Object.hasOwn(all, this.id) ? all[this.id] : undefined;
  }

  facts(): ChannelFacts {
    const all = this.#ports.store.state.channels ?? {};
    return Object.hasOwn(all, this.id) ? (all[this.id] ?? noChannelFacts) : noChannelFacts;
  }

  user(id: string): ChannelUser | undefined {
    return userIn(this.facts().users, id);
  }

  /** Changes of pairing go one after the other, or two could use the same code */
  pairingTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turns.run('pairing', work);
  }

  /** Hangs up and lets what is under way come to rest */
  async dispose(): Promise<void> {
    for (const timer of this.#timers) timer.dispose();
    await this.connection.stop();
    await this.idle();
  }

  /** Resolves when nothing is under way */
  async idle(): Promise<void> {
    await this.#turns.idle();
    while (this.#background.size > 0) await Promise.allSettled(this.#background);
    await this.connection.idle();
  }

  #nowUp(): void {
    this.offers.closeLeft();
    this.offers.putAll();
    this.inbox.handOver();
  }

  /**
   * Takes in one update; resolves when it is on disk, or is not worth keeping. The same key again does nothing.
   *
   * INVARIANT: what was taken in is never done twice, also after a restart, and what was not recorded is never acknowledged.
   */
  take(given: Incoming): Promise<void> {
    const incoming = readIncoming(given);
    const settings = this.settings();
    if (incoming === undefined) this.#noteUnreadable();
    if (incoming === undefined || settings === undefined || this.#seen.has(incoming.key)) return Promise.resolve();
    const user = this.user(incoming.from.id);
    const isKnown = user?.state === 'paired' || settings.allowedUsers.includes(incoming.from.id);
    const isAttempt = !isKnown && this.#isAttempt(incoming, user, settings);
    const taken = this.#limit.take(incoming.from.id, isKnown || isAttempt);
    if (!taken.ok) {
      if (taken.first) this.#later(() => this.#noteFlood(incoming, user, taken));
      return Promise.resolve();
    }
    if (isAttempt) this.#attempts += 1;
    return this.#turns.run(`from ${incoming.from.id}`, () => (incoming.kind === 'press' ? this.#takePress(incoming) : this.#takeMessage(incoming))).finally(() => {
      if (isAttempt) this.#attempts -= 1;
    });
  }

  /**
   * Whether this may be the code that lives, so that no flood of strangers keeps it out. There are no more of these than wrong codes
   * that are left: beyond, the code would be dead.
   */
  #isAttempt(incoming: Incoming, user: ChannelUser | undefined, settings: ChannelSettings): boolean {
    const { code } = this.facts();
    const now = this.#ports.clock.now();
    if (incoming.kind !== 'message' || !isAlive(code, now) || this.#attempts >= code.mostTries - code.wrongTries) return false;
    const who = user ?? newUser(incoming.from.id, now);
    const pairing = lockedUntil(who, now) === undefined ? this.#readPairing(incoming, who, settings) : undefined;
    return pairing !== undefined && pairing.how !== 'malformed';
  }

  /** What cannot be read is passed over; that there was such is told once a minute */
  #noteUnreadable(): void {
    const now = this.#ports.clock.now();
    if (this.#toldUnreadable !== undefined && now >= this.#toldUnreadable && now - this.#toldUnreadable < 60_000) return;
    this.#toldUnreadable = now;
    this.#later(() => this.#ports.store.commit([{ type: 'channel_event', channel: this.id, code: 'unreadable_update' satisfies ChannelEventCode, message: 'An update could not be read, so it was passed over.' }]));
  }

  async #takeMessage(message: Message): Promise<void> {
    const settings = this.settings();
    if (settings === undefined || this.#seen.has(message.key)) return;
    const user = this.user(message.from.id) ?? newUser(message.from.id, this.#ports.clock.now());
    const command = readCommand(message.text, this.connection.self);
    const pairing = this.#readPairing(message, user, settings);
    if (pairing !== undefined && pairing.how !== 'malformed') return this.pairingTurn(() => this.#takePairing(message, pairing));
    await this.#keep(message, this.#plan(message, command, pairing, user, settings));
  }

  /** A pairing command, or nothing but a code in direct messages while one lives; of somebody who may pair */
  #readPairing(message: Message, user: ChannelUser, settings: ChannelSettings): PairingText | undefined {
    if (message.edited || message.forwarded || !mayPair(settings, user, message.chat.context)) return undefined;
    const command = readCommand(message.text, this.connection.self);
    if (command?.name === 'pair') return readPairingWords(command.words);
    const waits = message.chat.context === 'direct' && isAlive(this.facts().code, this.#ports.clock.now());
    return waits ? readBareCode(message.text) : undefined;
  }

  /** One attempt to pair, recorded as a whole with its message */
  async #takePairing(message: Message, pairing: Extract<PairingText, { code: string }>): Promise<void> {
    const settings = this.settings();
    if (settings === undefined) return;
    const now = this.#ports.clock.now();
    const user = this.user(message.from.id) ?? newUser(message.from.id, now);
    const attempt = await tryCode(this.#ports.secrets, pairing.code, user, this.facts().code, settings, now);
    const by = personText(this.id, message.from);
    const name = message.from.name === undefined ? {} : { name: message.from.name };
    const direct = message.chat.context === 'direct' ? { direct: placeOf(message.chat) } : {};
    const entries: Entry[] = [
      ...(attempt.user === undefined ? [] : [{ type: 'channel_user', channel: this.id, user: { ...attempt.user, ...name, ...direct, lastSeenAt: now }, why: whyOf(attempt.outcome, attempt.user), by } as const]),
      ...(attempt.code === undefined ? [] : [{ type: 'channel_code', channel: this.id, ...(attempt.code === null ? {} : { code: attempt.code }), why: attempt.outcome === 'paired' ? 'used' : attempt.code === null ? 'spent' : 'wrong_code', by } as const]),
    ];
    // Words of somebody who is let in anyway are never swallowed: six letters may be a word
    const alsoSaid = pairing.how === 'bare' && attempt.outcome !== 'paired' && isLetIn(settings, user, message.chat.context);
    const plan = alsoSaid ? this.#plan(message, undefined, undefined, user, settings) : { after: () => this.#say(message, this.#pairingAnswer(attempt.outcome, message.from.id, commandMark(settings.platform))) };
    await this.#keep({ ...message, text: withoutCodes(message.text) }, { ...plan, more: [...entries, ...(plan.more ?? [])] }, message);
    if (attempt.outcome === 'paired') {
      this.offers.putAll();
      this.offers.recheck();
    }
  }

  #pairingAnswer(outcome: 'paired' | 'wrong' | 'locked', sender: string, mark: string): string {
    if (outcome === 'paired') return `You are paired. What you write here goes to the agent in the workspace; ${mark}help says what else there is.`;
    const user = this.user(sender);
    const until = user === undefined ? undefined : lockedUntil(user, this.#ports.clock.now());
    if (until === undefined) return 'That code is not valid. Ask for a new one.';
    return `Too many wrong codes. Try again in ${Math.max(1, Math.ceil((until - this.#ports.clock.now()) / 60_000))} min.`;
  }

  #plan(message: Message, command: Command | undefined, pairing: PairingText | undefined, user: ChannelUser, settings: ChannelSettings): Plan {
    const how = message.edited ? { how: 'edited' } as const : message.forwarded ? { how: 'forwarded' } as const : {};
    if (pairing?.how === 'malformed') return { ...how, after: () => this.#say(message, `A pairing code has six letters and digits: ${commandMark(settings.platform)}pair ABC234`) };
    if (!isLetIn(settings, user, message.chat.context)) {
      return { ...how, more: [this.#event('not_let_in', `${personText(this.id, message.from)} is not let in; the message went nowhere.`, message)], after: () => this.#tellStranger(message, user, commandMark(settings.platform)) };
    }
    // What was said before cannot be unsaid by an edit, and somebody else's words are nobody's command
    if (command !== undefined && (message.edited || message.forwarded)) {
      return { ...how, more: [this.#event('not_a_new_message', `A command of ${personText(this.id, message.from)} was edited or forwarded, so it does not count.`, message)], after: () => this.#say(message, 'Edited and forwarded messages are no commands. Send it as a new message.') };
    }
    if (message.edited) return { ...how, after: () => this.#say(message, 'Edits are not read. Send it as a new message.') };
    if (command !== undefined) {
      return { ...how, after: async () => this.#say(message, await answerCommand(command, message, { channel: this.id, ports: this.#ports, offers: this.offers, settings, user })) };
    }
    if (message.text.trim() === '' && message.attachments.length === 0) return how;
    // Half of the room is for people who are paired, whoever else writes
    if (this.inbox.size >= (user.state === 'paired' ? mostWaiting : mostWaiting / 2)) {
      return { ...how, more: [this.#event('inbox_full', 'Too many messages wait for an agent; this one was not taken.', message)], after: () => this.#say(message, 'Too many messages wait for the agent, so this one was not taken. Send it again later.') };
    }
    return { ...how, waiting: true };
  }

  /** Brings a message and what it changes to disk, then does what follows; `said`: the words for the agent, where the record has others */
  async #keep(message: Message, { how, waiting, more = [], after }: Plan, said = message): Promise<void> {
    const entry: MessageEntry = { ...this.#entry(message), ...(how === undefined ? {} : { how }), ...(waiting === true ? { waiting } : {}) };
    const record = async (): Promise<void> => {
      await this.#ports.store.commit([entry, ...more]);
      this.#markSeen(message.key);
    };
    await (waiting === true ? this.inbox.accept(said, record) : record());
    if (after !== undefined) this.#later(() => this.#after.run(chatKey(message.chat), after));
  }

  async #takePress(press: Press): Promise<void> {
    const settings = this.settings();
    if (settings === undefined || this.#seen.has(press.key)) return;
    const user = this.user(press.from.id) ?? newUser(press.from.id, this.#ports.clock.now());
    await this.#ports.store.commit([{ ...this.#entry(press), text: 'a button', how: 'pressed' }]);
    this.#markSeen(press.key);
    this.#later(() => this.#after.run(chatKey(press.chat), async () => {
      const answer = await this.offers.press(press);
      await this.connection.acknowledge(press, isLetIn(settings, user, press.chat.context) ? answer : 'You are not let in here.');
    }));
  }

  #entry(incoming: Incoming): MessageEntry {
    const { from, chat, key, messageId } = incoming;
    const text = incoming.kind === 'message' ? incoming.text : '';
    const attachments = incoming.kind === 'message' ? incoming.attachments : [];
    // A code that lives, or was meant as one, is nowhere in the record
    const mayHoldCode = isAlive(this.facts().code, this.#ports.clock.now()) || readCommand(text, undefined)?.name === 'pair';
    return {
      type: 'channel_message', channel: this.id, direction: 'incoming', at: this.#ports.clock.now(), chat: { ...placeOf(chat), context: chat.context }, user: from, messageId, key,
      text: recordedMessage(mayHoldCode ? withoutCodes(text) : text),
      ...(attachments.length === 0 ? {} : { attachments: attachments.map(({ name, size, reference }) => ({ name, reference: recordedReference(reference), ...(size === undefined ? {} : { size }) })) }),
    };
  }

  #event(code: ChannelEventCode, message: string, { from, chat }: Incoming): Entry {
    return { type: 'channel_event', channel: this.id, code, message, user: from.id, chat: chat.id };
  }

  #markSeen(key: string): void {
    this.#seen.add(key);
    const [oldest] = this.#seen;
    if (this.#seen.size > seenInList * seenLists && oldest !== undefined) this.#seen.delete(oldest);
  }

  async #say({ chat, from, messageId }: Message, text: string): Promise<void> {
    await this.connection.say(chat, text, { user: from, replyTo: messageId });
  }

  async #tellStranger(message: Message, { state }: ChannelUser, mark: string): Promise<void> {
    const { chat, from } = message;
    const now = this.#ports.clock.now();
    const told = this.#toldStrangers.get(from.id);
    if (chat.context !== 'direct' || (told !== undefined && now >= told && now - told < strangerPause)) return;
    if (this.#toldStrangers.size >= 1_000) this.#toldStrangers.clear();
    this.#toldStrangers.set(from.id, now);
    await this.#say(message, state === 'revoked' ? 'You are no longer let in here.' : `This bot answers only people it was told about. If you were given a code, send ${mark}pair and the code.`);
  }

  /** The one note about a flood: to whoever floods, and in the record; the rest costs nothing */
  async #noteFlood(incoming: Incoming, user: ChannelUser | undefined, { own, startedAt, until }: Extract<Taken, { ok: false }>): Promise<void> {
    const { from, chat } = incoming;
    const note = (refused: number): Entry => ({ type: 'channel_limited', channel: this.id, limited: { user: from.id, refused, windowStart: startedAt, until } satisfies LimitedSender });
    await this.#ports.store.commit([note(1)]);
    const settings = this.settings();
    const timer = this.#ports.clock.after(Math.max(0, until - this.#ports.clock.now() - 1), () => {
      this.#timers.delete(timer);
      this.#later(() => this.#ports.store.commit([note(Math.max(1, this.#limit.refused(from.id)))]));
    });
    this.#timers.add(timer);
    if (settings === undefined || !isLetIn(settings, user ?? newUser(from.id, startedAt), chat.context)) return;
    const seconds = Math.max(1, Math.ceil((until - this.#ports.clock.now()) / 1_000));
    await this.connection.say(chat, `${own ? `At most ${perSender} messages a minute are read.` : 'Too many people write at once.'} What you send in the next ${seconds} s is not.`, { user: from });
  }

  #later(work: () => Promise<unknown>): void {
    const watched = work().catch(this.#ports.failed).finally(() => this.#background.delete(watched));
    this.#background.add(watched);
  }
}

function placeOf({ id, thread }: Chat): { readonly id: string; readonly thread?: string } {
  return { id, ...(thread === undefined ? {} : { thread }) };
}

function whyOf(outcome: 'paired' | 'wrong' | 'locked', user: ChannelUser): Extract<Entry, { type: 'channel_user' }>['why'] {
  if (outcome === 'paired') return 'paired';
  return outcome === 'locked' || (user.lockedUntil !== undefined && user.wrongCodes === 0) ? 'locked' : 'wrong_code';
}
