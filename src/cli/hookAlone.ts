import type { Ruling } from '../agents/hookCall.ts';
import type { Request } from '../core/request.ts';
import { errorText } from '../gate/errorText.ts';
import { sessionOf } from '../gate/sessions.ts';
import { checkAlone, withAloneGate } from './aloneGate.ts';

/** A call that no editor can be asked about */
export interface AloneCall {
  readonly request: Request;
  /** Canonical workspace folder */
  readonly workspace: string;
  readonly userFolder: string;
  /** Whether the client's own "ask" may take the place of ours */
  readonly mayAsk: boolean;
}

/** What became of it; `busy`: another program keeps the policy of this folder right now */
export type AloneResult = { readonly kind: 'ruled'; readonly ruling: Ruling } | { readonly kind: 'busy'; readonly message: string };

/**
 * Decides a call by the workspace's state on disk, and records it there, because no editor has the folder open. The state
 * counts as far as this user sealed it, and the repository's rules as far as a person has reviewed them.
 *
 * INVARIANT: what cannot be recorded is denied, and what needs a person is never an allow.
 */
export async function decideAlone({ request, workspace, userFolder, mayAsk }: AloneCall): Promise<AloneResult> {
  try {
    const decided = await withAloneGate(workspace, userFolder, async (gate, store): Promise<Ruling> => {
      const { decision, edited, message, settledBy, evaluation } = await checkAlone(gate, request, workspace);
      // Asked of the gate like any other, so that it is counted, and a task that was stopped or used up its budget leaves nothing to its agent
      if (settledBy === 'withdrawn' && mayAsk) {
        await store.commit([{ type: 'problem', code: 'asked_by_agent', message: `${request.actor?.name ?? 'The agent'} was left to ask its user itself, because no editor had the workspace open: ${request.tool} (${sessionOf(request)})` }]);
        return { decision: 'ask', message: `${evaluation.reason.summary} No editor has this workspace open, so you are asked here.` };
      }
      return decision === 'allow' && edited === undefined ? { decision, message } : denial(message);
    });
    if (decided.ok) return { kind: 'ruled', ruling: decided.result };
    return decided.problem.code === 'busy' ? { kind: 'busy', message: decided.problem.message } : { kind: 'ruled', ruling: denial(decided.problem.message) };
  } catch (error) {
    return { kind: 'ruled', ruling: denial(`the policy of this workspace could not be asked. ${errorText(error)}`) };
  }
}

function denial(message: string): Ruling {
  return { decision: 'deny', message: message.startsWith('Denied') ? message : `Denied: ${message}` };
}
