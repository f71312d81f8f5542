import * as z from 'zod/mini';
import { ChannelError, type ChannelSurroundings } from '../channel.ts';
import { onePart } from '../messageParts.ts';
import { escapeDiscord } from './escape.ts';
import type { Interaction } from './events.ts';
import type { RestApi } from './restApi.ts';

/** Discord shows "failed" where nothing came for three seconds */
const answerWithin = 1_500;
/** An interaction's token is good for a quarter of an hour */
const lasts = 15 * 60_000;
const longestText = 2_000;

/** Interaction callback types: a message of its own, and "nothing changes" */
const withMessage = 4;
const unchanged = 6;
/** Seen by the one who pressed alone */
const ephemeral = 64;
const suppressEmbeds = 4;

interface Open {
  readonly interaction: Interaction;
  readonly since: number;
  answered: boolean;
  /** The answer that is on its way */
  answering: Promise<void>;
}

/** Presses that wait for an answer, by key */
export class Interactions {
  readonly #surroundings: ChannelSurroundings;
  readonly #rest: RestApi;
  readonly #open = new Map<string, Open>();

  constructor(surroundings: ChannelSurroundings, rest: RestApi) {
    this.#surroundings = surroundings;
    this.#rest = rest;
  }

  /** Remembers how to answer; called before the press is taken in */
  add(key: string, interaction: Interaction): void {
    const now = this.#surroundings.now();
    for (const [old, { since }] of this.#open) if (Math.abs(now - since) > lasts) this.#open.delete(old);
    if (!this.#open.has(key)) this.#open.set(key, { interaction, since: now, answered: false, answering: Promise.resolve() });
  }

  /** The press was taken in: tells Discord so in time, where nobody has a text for it before. Rejects for nothing the platform does */
  async settle(key: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#surroundings.sleep(answerWithin, signal);
      const open = this.#open.get(key);
      if (open === undefined || open.answered) return;
      open.answered = true;
      open.answering = this.#callBack(open.interaction, { type: unchanged }, signal);
      await open.answering;
    } catch (error) {
      // The button says "failed" to the one who pressed; the press itself is in
      if (!(error instanceof ChannelError) && !signal.aborted) throw error;
    }
  }

  /** Tells the one who pressed something. Rejects with a `ChannelError` */
  async tell(key: string, text: string, signal: AbortSignal): Promise<void> {
    const open = this.#open.get(key);
    if (open === undefined) throw new ChannelError('refused', 'The press is too old to be answered.');
    const data = { content: onePart(text, longestText, undefined, escapeDiscord), flags: ephemeral | suppressEmbeds, allowed_mentions: { parse: [] } };
    if (!open.answered) {
      open.answered = true;
      open.answering = this.#callBack(open.interaction, { type: withMessage, data }, signal);
      await open.answering;
      return;
    }
    // It was answered with nothing: a text comes behind, whether or not that arrived
    await open.answering.catch(() => undefined);
    const { application, token } = open.interaction;
    await this.#rest.call('POST', `/webhooks/${application}/${encodeURIComponent(token)}`, data, z.unknown(), signal);
  }

  async #callBack({ id, token }: Interaction, answer: object, signal: AbortSignal): Promise<void> {
    await this.#rest.call('POST', `/interactions/${id}/${encodeURIComponent(token)}/callback`, answer, z.unknown(), signal);
  }
}
