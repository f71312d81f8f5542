import * as z from 'zod/mini';
import { visible } from '../../core/visible.ts';
import type { Gate } from '../../gate/gate.ts';
import type { RuleDraft } from '../../gate/changes.ts';
import type { SettingsChange } from '../../gate/ports.ts';
import { provenanceKinds } from '../../gate/provenance.ts';
import type { Method } from './server.ts';

const checkParams = z.object({ request: z.unknown(), session: z.optional(z.string().check(z.maxLength(200))) });
const idParams = z.object({ id: z.string().check(z.maxLength(200)) });

const text = z.string().check(z.minLength(1), z.maxLength(4096));
const noteParams = z.object({
  file: z.object({ path: text, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)), size: z.number().check(z.int(), z.minimum(0)), kind: z.enum(provenanceKinds), label: z.optional(text) }),
  by: z.string().check(z.maxLength(200)),
});

/** Who made a change that came through the endpoint, for the record */
const by = 'command line';

/** All that is known of who calls is that it is a program of this user; the name it goes by is its own word */
function claimed(name: string): string {
  return `another program, which says it is ${visible(name)}`;
}

/**
 * What the endpoint offers of a gate. Answers to open questions are not among it: they are given by a person in the
 * editor, or through a paired channel. Nor is the state: it holds what no other program has a use for.
 */
export function gateMethods(gate: Gate): Readonly<Record<string, Method>> {
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
    noteFile: (params) => {
      const { file, by: who } = noteParams.parse(params);
      const { label, ...others } = file;
      return gate.noteFile({ ...others, ...(label === undefined ? {} : { label }), claimed: true }, claimed(who));
    },
    // The gate reads drafts, changes and ids by schema itself
    addRule: (params) => gate.addRule(params as RuleDraft, by),
    removeRule: (params) => gate.removeRule(idParams.parse(params).id, by),
    changeSettings: (params) => gate.changeSettings(params as SettingsChange, by),
  };
}
