import * as vscode from 'vscode';
import type { Method, Requests } from '../../shared/messages.ts';
import { exact } from '../../core/schema/ruleSchema.ts';
import { said } from '../said.ts';
import type { Handler, Handling, HandlersOf } from './handler.ts';
import { agentsHandlers } from './sections/agents.ts';
import { auditHandlers } from './sections/audit.ts';
import { channelsHandlers } from './sections/channels.ts';
import { guardrailsHandlers } from './sections/guardrails.ts';
import { importingHandlers } from './sections/importing.ts';
import { limitsHandlers } from './sections/limits.ts';
import { overviewHandlers } from './sections/overview.ts';
import { pendingHandlers } from './sections/pending.ts';
import { rulesHandlers } from './sections/rules.ts';
import { tryItHandlers } from './sections/tryIt.ts';

/** Everything the panel may ask for */
export const handlers: HandlersOf<Requests> = { ...overviewHandlers, ...pendingHandlers, ...rulesHandlers, ...importingHandlers, ...tryItHandlers, ...guardrailsHandlers, ...auditHandlers, ...limitsHandlers, ...channelsHandlers, ...agentsHandlers };

/** Checks the params and does the request; rejects with a sentence for people */
export async function handle(method: Method, params: unknown, handling: Handling): Promise<unknown> {
  // The table pairs each method with its own params, which the compiler cannot follow through an index
  const handler = handlers[method] as Handler<Method>;
  const read = handler.params.safeParse(params);
  if (!read.success) throw new Error(vscode.l10n.t('The panel sent something that cannot be read. Reload the window; nothing was changed.'));
  return inOurWords(await handler.run(exact(read.data), handling));
}

/** A refusal of the gate, in the person's language */
function inOurWords(result: unknown): unknown {
  const refused = typeof result === 'object' && result !== null && 'ok' in result && result.ok === false && 'reason' in result && typeof result.reason === 'string';
  return refused ? { ...result, reason: said(String(result.reason), vscode.l10n) } : result;
}
