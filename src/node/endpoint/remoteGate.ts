import * as z from 'zod/mini';
import type { ChangeOutcome } from '../../gate/changes.ts';
import type { Gate } from '../../gate/gate.ts';
import type { Verdict } from '../../gate/ports.ts';
import { EndpointError, type EndpointClient } from './client.ts';

/** What a second window or the command line can do with the gate of the editor that holds the folder */
export type RemoteGate = Pick<Gate, 'check' | 'report' | 'addRule' | 'removeRule' | 'changeSettings'>;

const outcomeSchema = z.union([z.object({ ok: z.literal(true) }), z.object({ ok: z.literal(false), reason: z.string() })]);
/** What decides is checked; the rest of a verdict is for people and is passed on as it came */
const verdictSchema = z.looseObject({ decision: z.enum(['allow', 'deny']), message: z.string() });

/**
 * The gate at the other end of a connection.
 *
 * INVARIANT: a connection that fails, ends or answers something else is never an allow: `check` rejects then.
 */
export function remoteGate(client: EndpointClient): RemoteGate {
  const change = async (method: string, params: unknown): Promise<ChangeOutcome> => {
    try {
      return outcomeSchema.parse(await client.call(method, params));
    } catch (error) {
      if (error instanceof EndpointError) return { ok: false, reason: error.message };
      throw error;
    }
  };
  return {
    async check(request, { signal, session } = {}) {
      const given = await client.call('check', { request, ...(session === undefined ? {} : { session }) }, signal);
      verdictSchema.parse(given);
      return given as Verdict;
    },
    report: (result) => change('report', result),
    addRule: (draft) => change('addRule', draft),
    removeRule: (id) => change('removeRule', { id }),
    changeSettings: (settings) => change('changeSettings', settings),
  };
}
