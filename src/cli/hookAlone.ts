import { randomUUID } from 'node:crypto';
import type { Ruling } from '../agents/hookCall.ts';
import type { Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { RuleScope } from '../core/rules/rule.ts';
import { createGate } from '../gate/gate.ts';
import { errorText } from '../gate/errorText.ts';
import { sessionOf } from '../gate/sessions.ts';
import { openStore } from '../node/store/openStore.ts';
import { clock } from './clock.ts';
import { surroundingsOf } from './place.ts';

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
  const store = await openStore({ folder: workspace, userFolder, clock, watch: false });
  try {
    const { closedBecause } = store.state;
    if (closedBecause?.code === 'busy') return { kind: 'busy', message: closedBecause.message };
    if (closedBecause !== undefined) return deny(closedBecause.message);
    const surroundings = { ...surroundingsOf(workspace), userFolder };
    const gate = createGate({ store, clock, ids: randomUUID, trusted: () => true, surroundings: () => surroundings });
    try {
      const evaluation = gate.evaluate(request);
      if (evaluation.decision === 'ask' && mayAsk) {
        const message = `${evaluation.reason.summary} No editor has this workspace open, so you are asked here.`;
        await store.commit([{ type: 'problem', code: 'asked_by_agent', message: `${request.actor?.name ?? 'The agent'} was left to ask its user itself, because no editor had the workspace open: ${request.tool} (${sessionOf(request)})` }]);
        return { kind: 'ruled', ruling: { decision: 'ask', message } };
      }
      // Nobody is there to be asked: what asks is withdrawn at once, on record
      const verdict = await gate.check(request, { signal: AbortSignal.abort() });
      if (verdict.settledBy === 'withdrawn') return deny(askingDenied(evaluation, workspace));
      if (verdict.decision === 'allow' && verdict.edited === undefined) return { kind: 'ruled', ruling: { decision: 'allow', message: verdict.message } };
      return deny(verdict.message);
    } finally {
      await gate.dispose();
    }
  } catch (error) {
    return deny(`Denied: the policy of this workspace could not be asked. ${errorText(error)}`);
  } finally {
    await store.close();
  }
}

function deny(message: string): AloneResult {
  return { kind: 'ruled', ruling: { decision: 'deny', message: message.startsWith('Denied') ? message : `Denied: ${message}` } };
}

function askingDenied({ reason, actions }: Evaluation, workspace: string): string {
  const scopes = actions.flatMap(({ decision, remember }) => (decision === 'ask' && remember !== undefined ? [remember] : []));
  const asking = actions.filter(({ decision }) => decision === 'ask');
  const options = new Set(scopes.map(optionOf));
  const rule = scopes.length < asking.length || options.size !== 1 ? '' : ` To allow it from now on, the user can run: cowork-policy rules add allow ${[...options].join('')}`;
  return `Denied: it needs the user's answer, and no editor with CoWork Policy has ${workspace} open. ${reason.summary} The user can open the folder in VS Code and you can try again.${rule}`;
}

function optionOf(scope: RuleScope): string {
  const tool = 'toolName' in scope && scope.toolName !== undefined && scope.kind !== 'tool' ? ` --tool ${quoted(scope.toolName)}` : '';
  switch (scope.kind) {
    case 'command_prefix':
      return `--command ${quoted(scope.prefix)}`;
    case 'path':
      return `--path ${quoted(scope.path)}${tool}`;
    case 'domain':
      return `--domain ${quoted(scope.domain)}${tool}`;
    case 'mcp_server':
      return `--mcp ${quoted(scope.serverName)}${tool}`;
    case 'tool':
      return `--tool ${quoted(scope.toolName)}`;
  }
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
