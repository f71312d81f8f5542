import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelState, ChannelSurroundings, Incoming } from '../../src/channels/channel.ts';
import type { PlatformServer } from './servers/platform.ts';

/** What an adapter needs, with a memory in place of a disk */
export class TestSurroundings implements ChannelSurroundings {
  readonly secrets: Readonly<Record<string, string>>;
  readonly baseUrl: string;
  cursor: string | undefined;
  /** What was taken in, each once */
  readonly taken: Incoming[] = [];
  readonly keys = new Set<string>();
  readonly states: ChannelState[] = [];
  readonly slept: number[] = [];
  /** How often something came that had been taken in before */
  again = 0;
  /** Set to make the disk fail */
  broken = false;
  /** Time goes by this much faster for whoever sleeps */
  faster = 1_000;
  /** Added to the clock */
  skew = 0;

  constructor(server: Pick<PlatformServer, 'baseUrl' | 'secrets'>) {
    this.baseUrl = server.baseUrl;
    this.secrets = server.secrets;
  }

  get state(): ChannelState {
    return this.states.at(-1) ?? { state: 'disconnected' };
  }

  /** Texts of the messages and data of the presses that were taken in */
  get texts(): readonly string[] {
    return this.taken.map(textOf);
  }

  async save(cursor: string): Promise<void> {
    await wait(0);
    this.cursor = cursor;
  }

  async take(incoming: Incoming): Promise<void> {
    if (this.taken.length % 16 === 0) await wait(0);
    if (this.broken) throw new Error('the disk is full');
    if (this.keys.has(incoming.key)) {
      this.again += 1;
      return;
    }
    this.keys.add(incoming.key);
    this.taken.push(incoming);
  }

  /** Whatever comes is taken in when it is released, not before; `began` says whether something came */
  hold(): { readonly began: () => boolean; readonly release: () => void } {
    let release = (): void => undefined;
    const released = new Promise<void>((done) => {
      release = done;
    });
    const take = this.take.bind(this);
    let began = false;
    this.take = async (incoming) => {
      began = true;
      await released;
      await take(incoming);
    };
    return { began: () => began, release };
  }

  changed(state: ChannelState): void {
    this.states.push(state);
  }

  now(): number {
    return Date.now() + this.skew;
  }

  random(): number {
    return 0.5;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.slept.push(milliseconds);
    signal.throwIfAborted();
    await new Promise<void>((done, fail) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        if (signal.aborted) fail(signal.reason as Error);
        else done();
      };
      const timer = setTimeout(end, milliseconds / this.faster);
      signal.addEventListener('abort', end);
    });
  }
}

/** What a happening says */
export function textOf(incoming: Incoming): string {
  return incoming.kind === 'message' ? incoming.text : incoming.data;
}

/** Waits until it is so */
export async function until(what: string | (() => string), isSo: () => boolean): Promise<void> {
  const patience = Date.now() + 50_000;
  while (!isSo()) {
    if (Date.now() > patience) throw new Error(`never: ${typeof what === 'string' ? what : what()}`);
    await wait(2);
  }
}
