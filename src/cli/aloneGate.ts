import { randomUUID } from 'node:crypto';
import type { Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { RuleScope } from '../core/rules/rule.ts';
import { createGate, type Gate } from '../gate/gate.ts';
import type { Problem, Verdict } from '../gate/ports.ts';
import { openScriptRunner } from '../node/script/openScriptRunner.ts';
import { type FolderStore, openStore } from '../node/store/openStore.ts';
import { clock } from './clock.ts';
import { surroundingsOf } from './place.ts';

/** The gate of a workspace that no editor has open, for one use; or why there is none (`busy`: another program keeps it right now) */
export type AloneGate<Result> = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly problem: Problem };

/**
 * Opens the gate on the state on disk, uses it and closes it again. The state counts as far as this user sealed it, and the
 * repository's rules as far as a person has reviewed them.
 *
 * @param workspace absolute
 */
export async function withAloneGate<Result>(workspace: string, userFolder: string, use: (gate: Gate, store: FolderStore) => Promise<Result>): Promise<AloneGate<Result>> {
  const store = await openStore({ folder: workspace, userFolder, clock, watch: false });
  try {
    const { closedBecause } = store.state;
    if (closedBecause !== undefined) return { ok: false, problem: closedBecause };
    const surroundings = { ...surroundingsOf(workspace), userFolder };
    const gate = createGate({ store, clock, ids: randomUUID, trusted: () => true, surroundings: () => surroundings, scripts: openScriptRunner() });
    try {
      return { ok: true, result: await use(gate, store) };
    } finally {
      await gate.dispose();
    }
  } finally {
    await store.close();
  }
}

/** Asks a gate before which nobody sits: what asks is withdrawn at once, on record, and the denial says how to allow it */
export async function checkAlone(gate: Gate, request: Request, workspace: string): Promise<Verdict> {
  const evaluation = gate.evaluate(request);
  const verdict = await gate.check(request, { signal: AbortSignal.abort() });
  return verdict.settledBy === 'withdrawn' ? { ...verdict, message: askingDenied(evaluation, workspace) } : verdict;
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
