/**
 * A gateway of one's own: people on an IRC server talk to the agent, and answer its questions. It is an example of the generic
 * bridge (README.md beside it says how that works) and needs nothing but Node: `node ircGateway.ts WORKSPACE HOST PORT NICK [#CHANNEL …]`
 * with the channel's token in `COWORK_CHANNEL_TOKEN`.
 */
import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { attach, type Bridge, type Command } from './bridgeClient.ts';
import { Irc, type Said } from './irc.ts';

/** Milliseconds before another try, on either side */
const pause = 1_000;
/** Messages that wait for the editor; an IRC server keeps none, so what comes beyond is lost, and said so */
const mostWaiting = 1_000;

interface Incoming {
  readonly kind: 'message' | 'press';
  readonly key: string;
  readonly at: number;
  readonly from: { readonly id: string; readonly name: string };
  readonly chat: { readonly id: string; readonly context: 'direct' | 'group' };
  readonly messageId: string;
  readonly text?: string;
  readonly data?: string;
}

/** IRC has no buttons: each is a short word to answer with, as `3b` */
class Buttons {
  readonly #words = new Map<string, { readonly messageId: string; readonly chat: string; readonly data: string }>();

  /** What to write under a message */
  put(messageId: string, chat: string, buttons: readonly { readonly label: string; readonly data: string }[]): string {
    this.drop(messageId);
    const number = messageId.replace('irc-', '');
    const words = buttons.map(({ label, data }, at) => {
      const word = `${number}${String.fromCodePoint(0x61 + at)}`;
      this.#words.set(word, { messageId, chat, data });
      return `${word} = ${label}`;
    });
    return words.length === 0 ? '' : `\nAnswer with ${words.join(', ')}`;
  }

  drop(messageId: string): void {
    for (const [word, button] of this.#words) if (button.messageId === messageId) this.#words.delete(word);
  }

  find(word: string, chat: string): { readonly messageId: string; readonly data: string } | undefined {
    const button = this.#words.get(word.trim().toLowerCase());
    return button?.chat === chat ? button : undefined;
  }
}

class Gateway {
  readonly #irc: Irc;
  readonly #buttons = new Buttons();
  /** What the editor has not taken in yet, oldest first */
  readonly #waiting: Incoming[] = [];
  /** Who pressed, by the key of the press */
  readonly #pressed = new Map<string, string>();
  #sent = 0;
  #more: () => void = () => undefined;

  constructor(irc: Irc) {
    this.#irc = irc;
    irc.onSaid = (said) => this.#hear(said);
  }

  /** Speaks for the channel until editor or IRC server hang up */
  async serve(bridge: Bridge): Promise<void> {
    await Promise.race([this.#handOver(bridge), this.#obey(bridge), bridge.over]);
  }

  #hear({ nick, mask, to, text }: Said): void {
    const direct = to.toLowerCase() === this.#irc.nick.toLowerCase();
    const chat = { id: direct ? nick : to, context: direct ? 'direct' : 'group' } as const;
    // IRC has no accounts of its own: whoever comes from the same place under the same name is the same person
    const from = { id: mask, name: nick };
    const button = this.#buttons.find(text, chat.id);
    const key = randomUUID();
    const common = { key, at: Date.now(), from, chat };
    if (this.#waiting.length >= mostWaiting) {
      console.error('the editor takes nothing in, so a message was lost');
      return;
    }
    this.#waiting.push(button === undefined ? { kind: 'message', ...common, messageId: key, text } : { kind: 'press', ...common, messageId: button.messageId, data: button.data });
    this.#more();
  }

  /** One after the other, each until it was taken in; the key makes a second try safe */
  async #handOver(bridge: Bridge): Promise<void> {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined) {
        await new Promise<void>((done) => {
          this.#more = done;
        });
        continue;
      }
      if (first.kind === 'press') this.#pressed.set(first.key, first.from.name);
      await bridge.take(first);
      this.#waiting.shift();
    }
  }

  async #obey(bridge: Bridge): Promise<void> {
    for (;;) {
      for (const command of await bridge.next()) {
        const outcome = await this.#run(command).catch((error: unknown) => ({ error: error instanceof Error ? error.message : 'It failed.' }));
        await bridge.done(command.id, outcome);
      }
    }
  }

  async #run(command: Command): Promise<{ readonly messageId?: string }> {
    switch (command.do) {
      case 'send': {
        this.#sent += 1;
        const messageId = `irc-${this.#sent}`;
        await this.#irc.say(command.chat.id, `${command.text}${this.#buttons.put(messageId, command.chat.id, command.buttons)}`);
        return { messageId };
      }
      case 'edit': {
        // What was said stays on everybody's screen: the change is said, and old answers count no more
        const { messageId, chat } = command.message;
        await this.#irc.say(chat.id, `(${messageId.replace('irc-', '')}) ${command.text}${this.#buttons.put(messageId, chat.id, command.buttons)}`);
        return {};
      }
      case 'acknowledge': {
        const nick = this.#pressed.get(command.press);
        this.#pressed.delete(command.press);
        if (nick !== undefined) await this.#irc.note(nick, command.text);
        return {};
      }
      case 'fetch':
        throw new Error('There are no files on IRC.');
    }
  }
}

async function main(): Promise<void> {
  const [folder, host, port, nick, ...channels] = process.argv.slice(2);
  const token = process.env['COWORK_CHANNEL_TOKEN'];
  if (folder === undefined || host === undefined || !Number.isInteger(Number(port)) || nick === undefined || token === undefined) {
    console.error('usage: COWORK_CHANNEL_TOKEN=… node ircGateway.ts WORKSPACE HOST PORT NICK [#CHANNEL …]');
    process.exit(2);
  }
  const workspace = realpathSync(folder);
  const irc = new Irc();
  const gateway = new Gateway(irc);
  for (;;) {
    try {
      await irc.connect(host, Number(port), nick, channels);
      console.log(`on ${host} as ${irc.nick}`);
      while (irc.isUp) {
        // Attached only while people can be reached, so that the editor shows how it stands
        await inTurn(async () => {
          const bridge = await attach(workspace, token, irc.nick);
          console.log('attached');
          irc.over.then(() => bridge.close(), () => bridge.close());
          await gateway.serve(bridge);
        });
      }
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
    }
    await sleep(pause);
  }
}

/** Does it, and tells why where it cannot, then waits */
async function inTurn(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    await sleep(pause);
  }
}

await main();
