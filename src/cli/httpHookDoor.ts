import { type HttpAddress, readHttpAddress } from '../node/endpoint/httpAddress.ts';
import { type HttpDoor, openHttpDoor } from '../node/endpoint/httpDoor.ts';
import { httpHook } from './httpHook.ts';
import { whyNotOurs } from './httpPortHolder.ts';

/** How often it is looked whether an address was set up, and whether the window that had it is gone, in milliseconds */
const pause = 2_000;

/**
 * Keeps the door for hooks over HTTP open, as soon as somebody has set one up (`install --form http`) and as long as no
 * other window has it. Any window answers for all: it passes calls on to the one that holds their workspace.
 */
export function keepHttpDoor(userFolder: string, onError: (error: unknown) => void): { close(): Promise<void> } {
  const answer = httpHook(userFolder);
  let open: { readonly door: HttpDoor; readonly address: HttpAddress } | undefined;
  let told: string | undefined;
  /** One look after the other */
  let work: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const address = readHttpAddress(userFolder);
    if (open !== undefined && (address?.port !== open.address.port || address.token !== open.address.token)) {
      await open.door.close();
      open = undefined;
    }
    if (open !== undefined || address === undefined) return;
    const door = await openHttpDoor({ address, answer, onError });
    if (door !== undefined) open = { door, address };
    const foreign = door === undefined ? whyNotOurs(address.port) : undefined;
    if (foreign !== undefined && foreign !== told) onError(new Error(`Claude Code’s hook over HTTP: ${foreign}`));
    told = foreign;
  }
  const next = (): void => {
    work = work.then(look).catch(onError);
  };

  next();
  const timer = setInterval(next, pause);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await work;
      await open?.door.close();
    },
  };
}
