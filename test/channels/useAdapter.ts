import type { Channel, OpenChannel } from '../../src/channels/channel.ts';
import type { PlatformServer } from './servers/platform.ts';
import { TestSurroundings } from './surroundings.ts';

/** What of a platform an adapter is tried with */
type Tried = Pick<PlatformServer, 'baseUrl' | 'secrets' | 'close'>;

/** An adapter, and the platform that it speaks to */
export class Adapter<Server extends Tried> {
  readonly server: Server;
  readonly around: TestSurroundings;
  readonly #open: OpenChannel;
  #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(server: Server, open: OpenChannel) {
    this.server = server;
    this.around = new TestSurroundings(server);
    this.#open = open;
  }

  /** Ends with the run */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The adapter, which does not run */
  open(): Channel {
    return this.#open(this.around);
  }

  /** The adapter, running */
  run(): Channel {
    const channel = this.open();
    this.#running = channel.run(this.#stop.signal);
    return channel;
  }

  /** Resolves when the run ends by itself */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** Ends the run, as when the editor closes; another one can follow */
  async end(): Promise<void> {
    this.#stop.abort(new Error('the test is over'));
    await this.#running;
    this.#running = undefined;
    this.#stop = new AbortController();
  }
}

/** For a `describe` whose tests each have an adapter and a platform of their own: handed over before the test, ended behind it */
export function useAdapter<Server extends Tried>(start: () => Promise<Server>, open: OpenChannel, ready: (adapter: Adapter<Server>) => void): void {
  let adapter: Adapter<Server> | undefined;
  beforeEach(async () => {
    adapter = new Adapter(await start(), open);
    ready(adapter);
  });
  afterEach(async () => {
    await adapter?.end();
    await adapter?.server.close();
  });
}
