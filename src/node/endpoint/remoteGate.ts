import type { Evaluation } from '../../core/decide/evaluation.ts';
import type { Request } from '../../core/request.ts';
import type { ChangeOutcome } from '../../gate/changes.ts';
import type { Gate } from '../../gate/gate.ts';
import type { Verdict } from '../../gate/ports.ts';
import { EndpointError, type EndpointClient } from './client.ts';

/** What a second window or the command line can do with the gate of the editor that holds the folder */
export interface RemoteGate extends Pick<Gate, 'check' | 'report' | 'noteFile' | 'addRule' | 'removeRule' | 'changeSettings'> {
  evaluate(request: Request): Promise<Evaluation>;
}

/** What decides is checked; the rest of a verdict is for people and is passed on as it came */
function readVerdict(given: unknown): Verdict {
  const { decision, message } = (given ?? {}) as Partial<Record<keyof Verdict, unknown>>;
  if ((decision !== 'allow' && decision !== 'deny') || typeof message !== 'string') throw new EndpointError('The editor answered something that is no verdict.');
  return given as Verdict;
}

function readEvaluation(given: unknown): Evaluation {
  const { decision, reason } = (given ?? {}) as Partial<Record<keyof Evaluation, unknown>>;
  if ((decision !== 'allow' && decision !== 'ask' && decision !== 'deny') || typeof reason !== 'object' || reason === null) throw new EndpointError('The editor answered something that is no evaluation.');
  return given as Evaluation;
}

function readOutcome(given: unknown): ChangeOutcome {
  const { ok, reason } = (given ?? {}) as { readonly ok?: unknown; readonly reason?: unknown };
  if (ok === true) return { ok };
  return { ok: false, reason: ok === false && typeof reason === 'string' ? reason : 'The editor answered something that is no outcome.' };
}

/**
 * The gate at the other end of a connection.
 *
 * INVARIANT: a connection that fails, ends or answers something else is never an allow: `check` rejects then.
 */
export function remoteGate(client: EndpointClient): RemoteGate {
  const change = async (method: string, params: unknown): Promise<ChangeOutcome> => {
    try {
      return readOutcome(await client.call(method, params));
    } catch (error) {
      if (error instanceof EndpointError) return { ok: false, reason: error.message };
      throw error;
    }
  };
  return {
    async check(request, { signal, session } = {}) {
      return readVerdict(await client.call('check', { request, ...(session === undefined ? {} : { session }) }, signal));
    },
    evaluate: async (request) => readEvaluation(await client.call('evaluate', { request })),
    report: (result) => change('report', result),
    noteFile: (file, who) => change('noteFile', { file, by: who }),
    addRule: (draft) => change('addRule', draft),
    removeRule: (id) => change('removeRule', { id }),
    changeSettings: (settings) => change('changeSettings', settings),
  };
}
