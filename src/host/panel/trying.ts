import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { scopeSchema } from '../../core/schema/ruleSchema.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { visible } from '../../core/visible.ts';
import type { RuleDraft as GateDraft } from '../../gate/changes.ts';
import { createStandingPolicy, type StandingPolicy } from '../../gate/standingPolicy.ts';
import { editedState, type PolicyEdit, replay, type Replay } from '../../gate/replay.ts';
import { commandText } from '../../gate/promptText.ts';
import { readRuleDraft } from '../../gate/reading.ts';
import { holdsSecret } from '../../gate/secretText.ts';
import { scopeTexts, withoutDoubles } from '../../gate/answering.ts';
import type { Request } from '../../core/request.ts';
import type { EditEffect, RuleDraft } from '../../shared/rules.ts';
import type { OpenFolder } from '../folders.ts';
import { recentDecisions } from '../folderRecord.ts';
import { said } from '../said.ts';

/** Flips that are shown; the rest is counted */
const mostShown = 100;
const longestShown = 300;

const time = z.number().check(z.minimum(0));

/** A rule as the panel sends it */
export const draftSchema = z.strictObject({
  effect: z.enum(['allow', 'ask', 'deny']),
  source: z.enum(['session', 'workspace_db', 'profile']),
  scope: scopeSchema,
  reason: z.optional(z.string().check(z.maxLength(2_000))),
  expiresAt: z.optional(time),
  usesLeft: z.optional(time),
  session: z.optional(z.string().check(z.maxLength(4_096))),
});

/** The draft as the gate takes it */
export function gateDraft({ session, reason, ...draft }: RuleDraft): GateDraft {
  return { ...draft, ...(reason === undefined || reason.trim() === '' ? {} : { reason: reason.trim() }), ...(session === undefined ? {} : { metadata: { session } }) };
}

/** The rule that a draft would become, or why it cannot be kept; the same that the gate would say, before it is asked */
export function readDraft(folder: OpenFolder, draft: RuleDraft, replaces?: string): { readonly rule: Rule } | { readonly problem: string } {
  const read = readRuleDraft({ ...gateDraft(draft), id: `tried:${crypto.randomUUID()}`, createdAt: Date.now() }, folder.surroundings);
  if (!read.ok) return { problem: said(read.reason, vscode.l10n) };
  const { rule } = read;
  if (rule.effect === 'allow' && !vscode.workspace.isTrusted) return { problem: vscode.l10n.t('Rules that allow can be added once you trust this workspace.') };
  if (rule.source === 'session' && (draft.session ?? '') === '') return { problem: vscode.l10n.t('Choose the session that the rule is for.') };
  if ([...scopeTexts(rule.scope), rule.reason ?? ''].some(holdsSecret)) return { problem: vscode.l10n.t('The rule would keep a credential. Write it without.') };
  if (rule.expiresAt !== undefined && rule.expiresAt <= Date.now()) return { problem: vscode.l10n.t('That time is over already. Choose a later one.') };
  const { workspaceRules, profileRules } = folder.store.state;
  const known = [...workspaceRules, ...profileRules].filter(({ id }) => id !== replaces);
  if (withoutDoubles([rule], known).length === 0) return { problem: vscode.l10n.t('This rule is there already.') };
  return { rule };
}

/** The policy of a folder as an edit would leave it */
export function editedPolicy(folder: OpenFolder, edit: PolicyEdit): StandingPolicy {
  const state = editedState(folder.store.state, edit);
  return createStandingPolicy(() => state, () => vscode.workspace.isTrusted, () => folder.surroundings);
}

/** What an edit would have changed among the newest decisions */
export async function effectOf(folder: OpenFolder, edit: PolicyEdit): Promise<EditEffect> {
  const before = editedPolicy(folder, {});
  const effect = shownEffect(await replay(await recentDecisions(folder), folder.surroundings, Date.now(), before, editedPolicy(folder, edit), setImmediate));
  const { script } = folder.store.state;
  return { ...effect, ...(script === undefined || script.review === 'new' ? {} : { withoutScript: true } as const) };
}

function shownEffect({ tried, leftOut, flips }: Replay): EditEffect {
  return {
    tried, leftOut, changed: flips.length,
    flips: flips.slice(0, mostShown).map(({ request, reason, ...flip }) => ({ ...flip, request: requestText(request), reason: said(reason.summary, vscode.l10n) })),
  };
}

/** A request in a line: its command, or its tool and what it is given */
function requestText(request: Request): string {
  const command = commandText(request);
  const text = command ?? `${request.tool} ${Object.entries(request.input ?? {}).map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ')}`;
  return visible(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
}
