import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes of text in one line; IRC allows 512 with everything around it (RFC 2812) */
const longestLine = 400;
/** Lines of one text; the rest is cut, and said so */
const mostLines = 30;
/** Lines that may be sent at once, and milliseconds for each after that: servers throw out who is faster */
const burst = 5;
const lineTime = 500;
/** How long the server may be silent, in milliseconds; it is asked for a sign of life in half that time */
const patience = 120_000;
/** How long it may take to let us in, or to say that a text arrived */
const answerTime = 15_000;

/** Somebody said something, to us or in a channel */
export interface Said {
  readonly nick: string;
  /** `nick!user@host` */
  readonly mask: string;
  readonly to: string;
  readonly text: string;
}

interface Line {
  readonly prefix: string;
  readonly command: string;
  readonly params: readonly string[];
}

/** A connection to an IRC server */
export class Irc {
  nick = '';
  onSaid: (said: Said) => void = () => undefined;
  /** Rejects when the connection is over */
  over: Promise<never> = new Promise(() => undefined);
  #socket: Socket | undefined;
  #held = '';
  #listeners = new Set<(line: Line) => void>();
  #sent: number[] = [];
  #token = 0;

  get isUp(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  /** Connects and joins; resolves when the server let us in */
  async connect(host: string, port: number, nick: string, channels: readonly string[]): Promise<void> {
    const socket = connect(port, host);
    this.#socket = socket;
    this.#held = '';
    this.nick = nick;
    this.over = new Promise((_, fail) => {
      socket.on('close', () => fail(new Error('the IRC server hung up')));
    });
    this.over.catch(() => undefined);
    socket.on('error', () => socket.destroy());
    socket.setTimeout(patience / 2, () => {
      this.#write('PING :alive');
      socket.setTimeout(patience / 2, () => socket.destroy());
    });
    socket.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    const welcome = this.#wait((line) => line.command === '001');
    this.#write(`NICK ${nick}`);
    this.#write(`USER ${nick} 0 * :CoWork Policy`);
    const { params } = await welcome;
    this.nick = params[0] ?? nick;
    for (const channel of channels) this.#write(`JOIN ${channel}`);
  }

  /** Says a text, line by line; resolves when the server has it, rejects when it has nobody to give it to */
  async say(to: string, text: string): Promise<void> {
    await this.#deliver('PRIVMSG', to, text);
  }

  /** Says something that no program answers */
  async note(to: string, text: string): Promise<void> {
    await this.#deliver('NOTICE', to, text);
  }

  async #deliver(command: string, to: string, text: string): Promise<void> {
    // A blank or line end in it would be another command
    if (!/^[^\s,:\0][^\s,\0]{0,63}$/u.test(to)) throw new Error('This is no name on IRC.');
    let refused: string | undefined;
    const listener = (line: Line): void => {
      if (/^40[1-9]$/.test(line.command) && line.params[1]?.toLowerCase() === to.toLowerCase()) refused = line.params.at(-1) ?? 'refused';
    };
    this.#listeners.add(listener);
    try {
      for (const line of linesOf(text)) {
        await this.#calm();
        this.#write(`${command} ${to} :${line}`);
      }
      // The server answers in order: what it has against the lines comes before this
      this.#token += 1;
      const token = `sent-${this.#token}`;
      const pong = this.#wait((line) => line.command === 'PONG' && line.params.at(-1) === token);
      this.#write(`PING :${token}`);
      await pong;
    } finally {
      this.#listeners.delete(listener);
    }
    if (refused !== undefined) throw new Error(`The IRC server says: ${refused}`);
  }

  async #calm(): Promise<void> {
    const now = Date.now();
    this.#sent = this.#sent.filter((at) => now - at < burst * lineTime);
    if (this.#sent.length >= burst) await sleep(lineTime);
    this.#sent.push(Date.now());
  }

  #write(line: string): void {
    if (this.isUp) this.#socket?.write(`${line}\r\n`);
  }

  #wait(isIt: (line: Line) => boolean): Promise<Line> {
    return new Promise((done, fail) => {
      const end = (): void => {
        clearTimeout(late);
        this.#listeners.delete(listener);
      };
      const listener = (line: Line): void => {
        if (!isIt(line)) return;
        end();
        done(line);
      };
      const late = setTimeout(() => {
        end();
        fail(new Error('the IRC server does not answer'));
      }, answerTime);
      this.#listeners.add(listener);
      this.over.catch((error: unknown) => {
        end();
        fail(error instanceof Error ? error : new Error('the IRC server hung up'));
      });
    });
  }

  #read(text: string): void {
    const lines = `${this.#held}${text}`.split(/\r?\n/);
    this.#held = lines.pop() ?? '';
    // No line of an honest server is that long
    if (this.#held.length > 16_384) this.#socket?.destroy();
    for (const line of lines) this.#take(readLine(line));
  }

  #take(line: Line): void {
    const { prefix, command, params } = line;
    for (const listener of this.#listeners) listener(line);
    if (command === 'PING') this.#write(`PONG :${params.at(-1) ?? ''}`);
    else if (command === '433') {
      this.nick = `${this.nick}_`;
      this.#write(`NICK ${this.nick}`);
    } else if (command === 'NICK' && prefix.startsWith(`${this.nick}!`)) this.nick = params[0] ?? this.nick;
    else if (command === 'PRIVMSG') {
      const [to = '', said = ''] = params;
      const [nick = ''] = prefix.split('!');
      const shown = readable(said);
      if (prefix.includes('!') && shown !== undefined) this.onSaid({ nick, mask: prefix, to, text: shown });
    }
  }
}

/** `@tags :prefix COMMAND a b :rest with blanks` */
function readLine(line: string): Line {
  const [, prefix = '', command = '', rest = ''] = /^(?:@\S+ +)?(?::(\S+) +)?(\S+)(.*)$/s.exec(line) ?? [];
  const trailing = rest.indexOf(' :');
  const middle = (trailing < 0 ? rest : rest.slice(0, trailing)).split(' ').filter((word) => word !== '');
  return { prefix, command: command.toUpperCase(), params: trailing < 0 ? middle : [...middle, rest.slice(trailing + 2)] };
}

/** What a person reads of a line: without colours, an action as one; `undefined` for what programs say to programs */
function readable(text: string): string | undefined {
  const action = /^\u0001ACTION (.*?)\u0001?$/s.exec(text);
  if (action === null && text.startsWith('\u0001')) return undefined;
  return (action?.[1] ?? text).replace(/\u0003\d{0,2}(?:,\d{1,2})?|[\u0000-\u001f\u007f]/g, '');
}

/** A text as lines that IRC takes: nothing in it can end a line, and none is too long */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.replace(/[\u0000-\u001f\u007f]/g, ' ')).filter((line) => line.trim() !== '').flatMap(cut);
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines - 1), `… (${lines.length - mostLines + 1} more lines are not shown)`];
}

/** Pieces of at most so many bytes, no character torn */
function cut(line: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let size = 0;
  for (const character of line) {
    const bytes = Buffer.byteLength(character);
    if (size + bytes > longestLine) {
      pieces.push(piece);
      piece = '';
      size = 0;
    }
    piece += character;
    size += bytes;
  }
  return [...pieces, piece];
}
