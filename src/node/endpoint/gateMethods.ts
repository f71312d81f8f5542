import * as z from 'zod/mini';
import type { Gate } from '../../gate/gate.ts';
import type { RuleDraft } from '../../gate/changes.ts';
import type { SettingsChange, Store } from '../../gate/ports.ts';
import type { Method } from './server.ts';

const checkParams = z.object({ request: z.unknown(), session: z.optional(z.string().check(z.maxLength(200))) });
const idParams = z.object({ id: z.string().check(z.maxLength(200)) });

/** Who made a change that came through the endpoint, for the record */
const by = 'command line';

/**
 * What the endpoint offers of a gate. Answers to open questions are not among it: they are given by a person in the
 * editor, or through a paired channel.
 */
export function gateMethods(gate: Gate, store: Store): Readonly<Record<string, Method>> {
  return {
    check: (params, signal) => {
      const { request, session } = checkParams.parse(params);
      return gate.check(request, { signal, ...(session === undefined ? {} : { session }) });
    },
    evaluate: (params) => {
      const { request, session } = checkParams.parse(params);
      return Promise.resolve(gate.evaluate(request, session));
    },
    report: (params) => gate.report(params),
    state: () => Promise.resolve(store.state),
    // The gate reads drafts, changes and ids by schema itself
    addRule: (params) => gate.addRule(params as RuleDraft, by),
    removeRule: (params) => gate.removeRule(idParams.parse(params).id, by),
    changeSettings: (params) => gate.changeSettings(params as SettingsChange, by),
  };
}
