import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { ChannelEventCode } from '../gate/channelEvents.ts';
import { type ChannelOffer, type ChannelUser, userIn } from '../gate/channelState.ts';
import type { Entry } from '../gate/entry.ts';
import type { Approval } from '../gate/ports.ts';
import { visible } from '../core/visible.ts';
import { mayAnswer } from './access.ts';
import { audience } from './audience.ts';
import { type Button, ChannelError, type Chat, type Incoming, type Sent } from './channel.ts';
import { commandMark } from './command.ts';
import { type Saying, chatKey } from './connection.ts';
import type { LineParts } from './lineParts.ts';
import { buttonData, readButton } from './offerButton.ts';
import { type OfferText, type RemoteAnswer, isSensitive, offerText } from './offerText.ts';
import { randomSymbols } from './pairing.ts';
import { personText } from './personText.ts';
import { Turns } from './turns.ts';

/** A question that did not come from a chat goes to people's phones when nobody at the editor has answered it for so long, in milliseconds */
export const headStart = 20_000;
/** Questions open in one chat; more would bury each other */
const mostInChat = 20;
const mostClosed = 1_000;

interface OpenOffer {
  readonly offer: ChannelOffer;
  readonly question: Question;
  readonly answers: readonly RemoteAnswer[];
  /** Its answer is on its way to the gate */
  taken: boolean;
}

/** A question of the gate as the bridge knows it */
interface Question {
  readonly approval: Approval;
  readonly signal: AbortSignal;
  /** It waited long enough for the editor */
  late: boolean;
  /** Whom it was put to: one key for each chat and person */
  readonly putTo: Set<string>;
}

/** Where the gate's questions of a channel stand: which were put to whom, and what their answers do */
export class Offers {
  readonly #parts: LineParts;
  readonly #questions = new Map<string, Question>();
  readonly #open = new Map<string, OpenOffer>();
  /** What became of offers that are no longer open, by nonce */
  readonly #closed = new Map<string, string>();
  /** Offers whose message is on its way, by nonce; a press may be quicker than the platform's answer to us */
  readonly #sending = new Map<string, Promise<void>>();
  readonly #turns = new Turns();

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  /** A question of the gate; it may go to several people */
  ask(approval: Approval, signal: AbortSignal): void {
    const question: Question = { approval, signal, late: false, putTo: new Set() };
    this.#questions.set(approval.id, question);
    const wait = this.#parts.ports.clock.after(headStart, () => {
      question.late = true;
      this.#put(question);
    });
    signal.addEventListener('abort', () => {
      wait.dispose();
      if (this.#questions.get(approval.id) === question) this.#questions.delete(approval.id);
      // Told after whoever ended it has said how
      this.#parts.later(async () => {
        await Promise.resolve();
        await this.#closeAll(question);
      });
    }, { once: true });
    this.#put(question);
  }

  /** Puts what is open to whoever can be reached now */
  putAll(): void {
    for (const question of this.#questions.values()) this.#put(question);
  }

  #put(question: Question): void {
    const settings = this.#parts.settings();
    if (settings === undefined || !this.#parts.connection.isUp) return;
    for (const { chat, user } of audience(question, settings, this.#parts)) {
      const key = putKey(chat, user.id);
      if (question.putTo.has(key)) continue;
      question.putTo.add(key);
      this.#parts.later(() => this.#turns.run(chat.id, () => this.#offer(question, chat, user, settings)));
    }
  }

  async #offer(question: Question, chat: Chat, user: ChannelUser, settings: ChannelSettings): Promise<void> {
    const { channel, connection, ports } = this.#parts;
    const { approval, signal } = question;
    if (signal.aborted) return;
    const inChat = [...this.#open.values()].filter(({ offer }) => offer.chat.id === chat.id);
    if (inChat.length >= mostInChat) {
      // Its turn comes when one of those is settled
      question.putTo.delete(putKey(chat, user.id));
      return;
    }
    const said = offerText(approval, settings.sensitiveApprovals && chat.context === 'direct', (text) => connection.clean(text));
    const nonce = randomSymbols(12, ports.secrets);
    const shortId = this.#freshId(inChat);
    const buttons = said.answers.map((answer): Button => ({ data: buttonData(nonce, answer), label: said.labels[answer] }));
    const name = chat.context === 'group' && user.name !== undefined ? `${user.name}: ` : '';
    const how = said.answers.length === 0 ? '' : `\n\n${howTo(shortId, said.answers, commandMark(settings.platform))}`;
    let isSent = (): void => undefined;
    this.#sending.set(nonce, new Promise((resolve) => (isSent = resolve)));
    let offer: ChannelOffer;
    try {
      const { sent, answers } = await this.#say(chat, `${name}${said.text}${how}`, { user: person(user), approval: approval.id, buttons }, said);
      offer = { nonce, shortId, approval: approval.id, user: user.id, chat: recorded(chat), messageId: sent.messageId, expiresAt: approval.expiresAt, title: said.title };
      this.#open.set(nonce, { offer, question, answers, taken: false });
    } catch (error) {
      // Put again at the next connection
      question.putTo.delete(putKey(chat, user.id));
      throw error;
    } finally {
      this.#sending.delete(nonce);
      isSent();
    }
    await ports.store.commit([{ type: 'channel_offer', channel, offer, open: true }]);
    // Settled while it was on its way
    if (signal.aborted) await this.#closeAll(question);
  }

  /** A platform that finds the text too long for buttons gets it in short, to be answered in the editor */
  async #say(chat: Chat, text: string, saying: Saying, { title, answers }: OfferText): Promise<{ readonly sent: Sent; readonly answers: readonly RemoteAnswer[] }> {
    try {
      return { sent: await this.#parts.connection.say(chat, text, saying), answers };
    } catch (error) {
      if (!(error instanceof ChannelError) || error.code !== 'tooLarge') throw error;
      return { sent: await this.#parts.connection.say(chat, `${title}\n\nIt is too long for this chat. Answer it in the editor.`, { ...saying, buttons: [] }), answers: [] };
    }
  }

  #freshId(inChat: readonly OpenOffer[]): string {
    const taken = new Set(inChat.map(({ offer }) => offer.shortId));
    let id = randomSymbols(4, this.#parts.ports.secrets);
    while (taken.has(id)) id = randomSymbols(4, this.#parts.ports.secrets);
    return id;
  }

  /** The question is settled, or asked anew because it changed: its messages say so and lose their buttons */
  async #closeAll(question: Question): Promise<void> {
    const { id } = question.approval;
    const why = this.#questions.has(id) ? 'What it would do has changed. It is asked anew.' : (this.#parts.ports.gate.howSettled(id) ?? 'It is no longer open.');
    await Promise.all([...this.#open.values()].filter((open) => open.question === question).map(({ offer }) => this.#close(offer, why)));
    this.putAll();
  }

  async #close(offer: ChannelOffer, why: string): Promise<void> {
    const { channel, connection, ports } = this.#parts;
    if (this.#closed.has(offer.nonce)) return;
    this.#open.delete(offer.nonce);
    this.#closed.set(offer.nonce, why);
    const [oldest] = this.#closed.keys();
    if (this.#closed.size > mostClosed && oldest !== undefined) this.#closed.delete(oldest);
    await ports.store.commit([{ type: 'channel_offer', channel, offer, open: false }]);
    // What cannot be changed any more stays as it is: its buttons do nothing
    if (connection.isUp) await connection.change({ chat: offer.chat, messageId: offer.messageId }, `${offer.title}\n\n${why}`, offer.user).catch(ports.failed);
  }

  /** Offers of a window that is gone are said to be over, once there is a connection to say it on */
  closeLeft(): void {
    for (const offer of this.#parts.facts().offers) {
      if (!this.#open.has(offer.nonce)) this.#parts.later(() => this.#close(offer, 'The window that asked was closed.'));
    }
  }

  /** Takes back what was put to people who may not answer any more */
  recheck(): void {
    for (const { offer } of [...this.#open.values()]) {
      if (!this.#mayAnswer(offer)) this.#parts.later(() => this.#close(offer, 'You may no longer answer this.'));
    }
  }

  #mayAnswer(offer: ChannelOffer): boolean {
    const settings = this.#parts.settings();
    const user = userIn(this.#parts.facts().users, offer.user);
    return settings !== undefined && user !== undefined && mayAnswer(settings, user, offer.chat.context);
  }

  /** What is open for somebody in a chat, oldest first */
  openFor(chat: Chat, user: string): readonly { readonly offer: ChannelOffer; readonly answers: readonly RemoteAnswer[] }[] {
    return [...this.#open.values()].filter(({ offer }) => offer.user === user && chatKey(offer.chat) === chatKey(chat));
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** What a press does; gives the sentence for whoever pressed */
  async press(press: Extract<Incoming, { kind: 'press' }>): Promise<string> {
    const read = readButton(press.data);
    if (read !== undefined) await this.#sending.get(read.nonce);
    const found = read === undefined ? undefined : this.#open.get(read.nonce);
    if (read === undefined || found === undefined) {
      const how = read === undefined ? undefined : this.#closed.get(read.nonce);
      return this.#refuse(how === undefined ? 'unknown_button' : 'replayed_button', how ?? 'This button is no longer in use.', press);
    }
    const { offer } = found;
    if (offer.chat.id !== press.chat.id) return this.#refuse('button_elsewhere', 'This button belongs to another chat.', press, offer);
    if (offer.messageId !== press.messageId) return this.#refuse('forwarded_button', 'This button was copied from another message.', press, offer);
    return this.#answer(found, read.answer, press);
  }

  /** What `/approve` and `/deny` do; gives the sentence for whoever said it */
  async command(shortId: string, answer: RemoteAnswer, said: Extract<Incoming, { kind: 'message' }>, comment: string): Promise<string> {
    const wanted = shortId.toUpperCase();
    const inChat = [...this.#open.values()].filter(({ offer }) => offer.chat.id === said.chat.id && offer.shortId === wanted);
    const found = inChat.find(({ offer }) => offer.user === said.from.id) ?? inChat[0];
    if (found === undefined) return this.#refuse('unknown_question', `Nothing here is called ${visible(shortId).slice(0, 12)}.`, said);
    return this.#answer(found, answer, said, comment);
  }

  async #answer(found: OpenOffer, answer: RemoteAnswer, from: Incoming, comment = ''): Promise<string> {
    const { channel, ports } = this.#parts;
    const { offer } = found;
    if (offer.user !== from.from.id) return this.#refuse('not_the_requester', 'Only the person it was asked for can answer this.', from, offer);
    if (!this.#mayAnswer(offer)) return this.#refuse('may_not_answer', 'You may not answer this. Pair first.', from, offer);
    if (found.taken) return this.#refuse('replayed_button', 'Your answer was taken in already.', from, offer);
    if (ports.clock.now() >= offer.expiresAt) return this.#refuse('offer_expired', 'It is too late: the question has expired.', from, offer);
    const approval = ports.gate.pending.find(({ id }) => id === offer.approval);
    // Open still, but no longer what this message shows
    if (approval !== undefined && found.question.signal.aborted) return this.#refuse('question_changed', 'What it would do has changed. It is asked anew.', from, offer);
    const settings = this.#parts.settings();
    const editorOnly = approval !== undefined && isSensitive(approval) && !(settings?.sensitiveApprovals === true && offer.chat.context === 'direct');
    if (editorOnly || !found.answers.includes(answer)) return this.#refuse('editor_only', 'This answer can only be given in the editor.', from, offer);
    found.taken = true;
    const outcome = await ports.gate.answer(offer.approval, { answer, by: personText(channel, from.from), ...(comment === '' ? {} : { comment }) });
    switch (outcome.outcome) {
      case 'settled':
        return outcome.decision === 'allow' ? 'Allowed.' : 'Denied.';
      case 'late':
        return this.#refuse('late_answer', outcome.message, from, offer);
      case 'invalid':
        found.taken = false;
        return this.#refuse('invalid_answer', outcome.reason, from, offer);
      case 'failed':
        return this.#refuse('failed_answer', outcome.reason, from, offer);
    }
  }

  /** Refusals are on record, with who tried what */
  async #refuse(code: ChannelEventCode, sentence: string, { from, chat }: Incoming, offer?: ChannelOffer): Promise<string> {
    const { channel, ports } = this.#parts;
    const entry: Entry = { type: 'channel_event', channel, code, message: `${personText(channel, from)} was refused: ${sentence}`, user: from.id, chat: chat.id, ...(offer === undefined ? {} : { approval: offer.approval }) };
    await ports.store.commit([entry]);
    return sentence;
  }
}

function person({ id, name }: ChannelUser): { readonly id: string; readonly name?: string } {
  return name === undefined ? { id } : { id, name };
}

function recorded({ id, thread, context }: Chat): ChannelOffer['chat'] {
  return { id, context, ...(thread === undefined ? {} : { thread }) };
}

function howTo(shortId: string, answers: readonly RemoteAnswer[], mark: string): string {
  const allow = answers.includes('allow_once') ? [`${mark}approve ${shortId}`] : [];
  return `Press a button, or send ${[...allow, `${mark}deny ${shortId}`].join(' or ')}.`;
}

/** One chat and one person: a question is put to them once */
function putKey(chat: Chat, user: string): string {
  return `${chatKey(chat)} ${encodeURIComponent(user)}`;
}
