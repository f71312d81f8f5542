import type { Policy } from '../core/policy/compilePolicy.ts';
import type { Evaluation } from '../core/decide/evaluation.ts';
import { pathSegments } from '../core/rules/ruleIndex.ts';
import type { Store } from './ports.ts';
import type { Sessions } from './sessions.ts';

/** Decisions of the record that are looked through for what sessions have read */
const mostDecisions = 2_000;

/** The secrets that a request reads, as canonical paths */
export function secretsRead({ actions }: Evaluation, policy: Policy): readonly string[] {
  const { places, place } = policy;
  return actions.flatMap(({ action }) => (action.kind === 'read' && places.forRead(action, pathSegments(action.path, place)) !== undefined ? [action.path] : []));
}

/**
 * Gives sessions back what they held before the window was closed; an agent outside lives on and still knows what it read.
 * Where the record cannot be read, every session counts as holding a secret.
 */
export async function restoreReads(store: Store, sessions: Sessions): Promise<void> {
  try {
    const decisions = await store.history({ types: ['decision'], limit: mostDecisions });
    for (const { entry, at } of [...decisions].reverse()) {
      if (entry.type !== 'decision' || entry.decision !== 'allow') continue;
      for (const path of entry.untrusted ?? []) sessions.of(entry.session).noteRead(path, 'untrusted', at);
      for (const path of entry.secrets ?? []) sessions.of(entry.session).noteRead(path, 'secret', at);
    }
  } catch (error) {
    sessions.doubt();
    throw error;
  }
}
