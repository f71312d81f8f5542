import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Evaluation } from '../../../core/decide/evaluation.ts';
import { explainAction } from '../../../core/decide/explain.ts';
import { modes } from '../../../core/decision.ts';
import { describe } from '../../../core/describe/describe.ts';
import { evaluate } from '../../../core/evaluate.ts';
import type { Request } from '../../../core/request.ts';
import type { Rule } from '../../../core/rules/rule.ts';
import { visible } from '../../../core/visible.ts';
import { readRequest } from '../../../gate/reading.ts';
import type { PolicyEdit } from '../../../gate/replay.ts';
import { triedKinds, type DecisionTree, type TriedEdit, type TriedRequest, type TryItRequests, type TryItSlice } from '../../../shared/tryIt.ts';
import type { OpenFolder } from '../../folders.ts';
import { said, saidDetail } from '../../said.ts';
import { deedWord } from '../deedWord.ts';
import { shownActionTarget } from '../../fromFolder.ts';
import { modeName } from '../../tree/treeNodes.ts';
import type { HandlersOf } from '../handler.ts';
import { draftSchema, editedPolicy, effectOf, readDraft } from '../trying.ts';

const longestText = 65_536;

export function tryItSlice({ gate }: OpenFolder): TryItSlice {
  return { mode: gate.policy().settings.mode, modes: modes.map((mode) => ({ mode, name: modeName(mode, vscode.l10n) })) };
}

const edit = z.strictObject({
  mode: z.optional(z.enum(modes)),
  add: z.array(draftSchema).check(z.maxLength(50)),
  remove: z.array(z.string().check(z.maxLength(40_000))).check(z.maxLength(50)),
});

export const tryItHandlers: HandlersOf<TryItRequests> = {
  tryRequest: {
    params: z.strictObject({ request: z.strictObject({ kind: z.enum(triedKinds), text: z.string().check(z.maxLength(longestText)) }), edit: z.optional(edit) }),
    run({ request: tried, edit: given }, { folder }) {
      const read = requestOf(tried);
      if ('problem' in read) return read;
      const { request } = read;
      const now = treeOf(folder, request, folder.gate.evaluate(request));
      if (given === undefined || isNothing(given)) return { now };
      const changed = readEdit(folder, given);
      if ('problem' in changed) return changed;
      const standing = editedPolicy(folder, changed.edit);
      const session = request.actor?.session;
      const rules = session === undefined ? undefined : standing.sessionRules(session);
      const script = folder.gate.scriptRuling(request, standing.current());
      const evaluation = evaluate(request, folder.surroundings, standing.current(), { now: Date.now(), holds: [], ...(rules === undefined ? {} : { rules }), ...(script === undefined ? {} : { script }) });
      return { now, edited: treeOf(folder, request, evaluation) };
    },
  },
  tryEdit: {
    params: z.strictObject({ edit }),
    async run({ edit: given }, { folder }) {
      const changed = readEdit(folder, given);
      return 'problem' in changed ? changed : effectOf(folder, changed.edit);
    },
  },
};

function isNothing({ mode, add, remove }: TriedEdit): boolean {
  return mode === undefined && add.length + remove.length === 0;
}

function readEdit(folder: OpenFolder, { mode, add, remove }: TriedEdit): { readonly edit: PolicyEdit } | { readonly problem: string } {
  const rules: Rule[] = [];
  for (const draft of add) {
    const read = readDraft(folder, draft);
    if ('problem' in read) return read;
    rules.push(read.rule);
  }
  return { edit: { add: rules, remove, ...(mode === undefined ? {} : { settings: { mode } }) } };
}

/** The request that a person means */
function requestOf({ kind, text }: TriedRequest): { readonly request: Request } | { readonly problem: string } {
  if (text.trim() === '') return { problem: vscode.l10n.t('Type what the request is about.') };
  switch (kind) {
    case 'command': return { request: { tool: 'run_command', input: { command: text } } };
    case 'read': return { request: { tool: 'read_file', input: { path: text } } };
    case 'write': return { request: { tool: 'write_file', input: { path: text, content: '' } } };
    case 'delete': return { request: { tool: 'delete_file', input: { path: text } } };
    case 'fetch': return { request: { tool: 'web_fetch', input: { url: text } } };
    case 'send': return { request: { tool: 'http_request', input: { url: text, method: 'POST', body: '…' } } };
    case 'request': return readJson(text);
  }
}

function readJson(text: string): { readonly request: Request } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: vscode.l10n.t('This is not yet JSON: {0}', visible(error.message)) };
    throw error;
  }
  const read = readRequest(value);
  return read.ok ? { request: read.request } : { problem: visible(read.reason) };
}

function treeOf(folder: OpenFolder, request: Request, evaluation: Evaluation): DecisionTree {
  return {
    decision: evaluation.decision,
    reason: said(evaluation.reason.summary, vscode.l10n),
    tool: visible(describe(request, folder.surroundings).tool),
    actions: evaluation.actions.map((evaluated) => ({
      decision: evaluated.decision, kind: deedWord(evaluated.action.kind), target: shownActionTarget(evaluated.action, folder.path), owned: evaluated.action.owner !== undefined || evaluated.action.parent !== undefined, details: explainAction(evaluated, evaluation.actions).map((line) => saidDetail(line, vscode.l10n)),
    })),
  };
}
