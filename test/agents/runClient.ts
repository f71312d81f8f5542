import path from 'node:path';
import type { AgentClient, Deed, Place } from './client.ts';
import { environmentOf } from './environment.ts';
import { programOf } from './fetchClient.ts';
import { runJailed, type Jailed } from './jail/jailed.ts';
import { startModel } from './model/scriptedModel.ts';
import { protect, type Protection } from './protect.ts';

/** Milliseconds a client may take for all its calls as a rule; a few seconds do where nothing else keeps the machine busy */
const usualLimit = 150_000;

export interface RunOptions extends Protection {
  /** Gets the jail as soon as the client runs in it */
  readonly watch?: (jailed: Jailed) => void;
  /** Further ways out of the jail, known once the client is under the policy (`JailOptions`) */
  readonly ways?: () => Readonly<Record<number, string>>;
  /** In place of `protect`: the client is to run without hooks of ours */
  readonly unprotected?: true;
  /** It may never come to its end by itself */
  readonly endless?: true;
  /** Milliseconds, in place of the usual ones */
  readonly limit?: number;
  /** Words behind the client's own */
  readonly words?: readonly string[];
}

/** What came of one run of a client */
export interface ClientRun {
  /** What the client told the model of each deed, in order */
  readonly told: readonly string[];
  /** All that helps to understand a failure */
  readonly account: string;
}

/**
 * Runs a client whose model wants these deeds done, one after the other. Throws where the client did not come to its end, or
 * a deed was never tried.
 */
export async function runClient(client: AgentClient, place: Place, deeds: readonly Deed[], { watch, ways, unprotected, endless, limit = usualLimit, words = [], ...protection }: RunOptions = {}): Promise<ClientRun> {
  const socket = path.join(place.folder, 'model.sock');
  const model = await startModel(socket, {
    length: deeds.length,
    call: (index, tools) => client.call(deedAt(deeds, index), tools, place.workspace),
  });
  try {
    const { args, env } = client.prepare(place);
    if (unprotected !== true) await protect(client, place, env, protection);
    const jailed = runJailed({
      folder: place.folder, workingFolder: place.workspace, model: socket, ways: ways?.() ?? {}, limit, env: { ...environmentOf(place), ...env },
      command: [programOf(client), ...args, ...words],
    });
    watch?.(jailed);
    const { code, timedOut, output } = await jailed.ended;
    const account = [
      `${client.title} ${timedOut ? 'was killed when its time was over' : `ended with ${code ?? 'a signal'}`}; the model was told:`,
      ...model.results.map((text, index) => `  ${index}: ${text}`), `requests: ${model.requests.join(' ')}`, output,
    ].join('\n');
    if (model.notOffered.length > 0) throw new Error(`${client.title} has no tool ${model.notOffered.join('; ')}\n${account}`);
    if (endless !== true && (timedOut || model.results.length !== deeds.length)) throw new Error(`${client.title} tried ${model.results.length} of ${deeds.length} deeds\n${account}`);
    return { told: model.results, account };
  } finally {
    await model.close();
  }
}

function deedAt(deeds: readonly Deed[], index: number): Deed {
  const deed = deeds[index];
  if (deed === undefined) throw new Error(`there is no deed ${index}`);
  return deed;
}
