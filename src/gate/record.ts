import type { Request } from '../core/request.ts';
import type { Entry } from './entry.ts';
import type { Store } from './ports.ts';
import type { UntrustedSource } from './provenance.ts';
import { recordedActions, recordedData, recordedRequest, recordedText } from './recorded.ts';
import type { Settled } from './settled.ts';

/** Secrets of one request that are kept by name; one is as good as many for deciding */
const mostSecrets = 50;

/** What an allowed request reads that a session remembers */
export interface Reads {
  /** Canonical paths */
  readonly secrets: readonly string[];
  readonly untrusted: readonly UntrustedSource[];
}

export const noReads: Reads = { secrets: [], untrusted: [] };

/** Records what became of a request; resolves when it is on disk, and only then may the verdict leave (design: record) */
export async function record(store: Store, request: Request, session: string, settled: Settled, read: Reads = noReads): Promise<void> {
  await store.commit([decisionEntry(request, session, settled, read)]);
}

/** The line of the journal for a settled request */
export function decisionEntry(request: Request, session: string, settled: Settled, { secrets, untrusted }: Reads): Entry {
  const { decision, settledBy, evaluated, evaluation, approval, answer, by, comment, edited, part } = settled;
  return {
    type: 'decision',
    request: recordedRequest(request),
    session,
    decision,
    evaluated,
    reason: recordedData(evaluation.reason),
    ...(evaluation.scope === undefined ? {} : { scope: recordedData(evaluation.scope) }),
    actions: recordedActions(evaluation),
    settledBy,
    ...(approval === undefined ? {} : { approval }),
    ...(answer === undefined ? {} : { answer }),
    ...(by === undefined ? {} : { by }),
    ...(comment === undefined ? {} : { comment: recordedText(comment) }),
    ...(edited === undefined ? {} : { edited: recordedRequest(edited) }),
    fingerprint: recordedText(evaluation.fingerprint),
    ...(secrets.length === 0 ? {} : { secrets: secrets.slice(0, mostSecrets) }),
    ...(untrusted.length === 0 ? {} : { untrusted: untrusted.map(({ path }) => path) }),
    ...(part === undefined ? {} : { part }),
  };
}
