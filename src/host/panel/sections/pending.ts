import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Described } from '../../../core/action.ts';
import { answers, type Answer } from '../../../core/decide/evaluation.ts';
import type { Approval } from '../../../gate/ports.ts';
import { promptText, type ExportFacts } from '../../../gate/promptText.ts';
import type { PendingApproval, PendingGroup, PendingRequests, PendingSlice } from '../../../shared/pending.ts';
import type { OpenFolder } from '../../folders.ts';
import { shownRules, shownTarget } from '../../fromFolder.ts';
import { answerName } from '../../prompt/answerRow.ts';
import { recentRequests } from '../../prompt/coverage.ts';
import { scopeFits } from '../../prompt/scopeFits.ts';
import type { HandlersOf } from '../handler.ts';
import { hostWords } from '../../hostWords.ts';

/** The open questions, oldest first, those together that the same rule would answer */
export async function pendingSlice(folder: OpenFolder): Promise<PendingSlice> {
  const { gate, path } = folder;
  const groups = new Map<string, { readonly covers?: string; readonly approvals: [Approval, ...Approval[]] }>();
  for (const approval of gate.pending) {
    const covers = lasting(approval) ? shownRules(approval, path, vscode.l10n) : '';
    const key = covers === '' ? `alone ${approval.id}` : `${approval.evaluation.suggestions.join()} ${covers}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...(covers === '' ? {} : { covers }), approvals: [approval] });
    else group.approvals.push(approval);
  }
  const recent = [...groups.values()].some(({ approvals }) => approvals.length > 1) ? await recentRequests(folder) : [];
  return { groups: [...groups.values()].map(({ approvals, ...group }): PendingGroup => ({
    ...group, approvals: approvals.map((approval) => shown(approval, path)), ...(approvals.length === 1 ? {} : { fits: { count: fitted(approvals[0], recent, folder), of: recent.length } }),
  })) };
}

/** How many of the requests have something that a lasting answer to the approval would be for */
function fitted({ evaluation }: Approval, recent: readonly Described[], { surroundings }: OpenFolder): number {
  const scopes = evaluation.actions.flatMap(({ decision, remember }) => (decision === 'ask' && remember !== undefined ? [remember] : []));
  return recent.filter((described) => scopes.some((scope) => scopeFits(scope, described, surroundings))).length;
}

export const pendingHandlers: HandlersOf<PendingRequests> = {
  answerApproval: {
    params: z.strictObject({ id: z.string().check(z.maxLength(200)), answer: z.enum(answers), comment: z.optional(z.string().check(z.maxLength(2_000))) }),
    async run({ id, answer, comment }, { folder: { gate } }) {
      const preview = gate.previewAnswer(id, answer);
      const outcome = await gate.answer(id, { answer, by: 'editor', ...(comment === undefined ? {} : { comment }) });
      switch (outcome.outcome) {
        case 'settled': return { ok: true, also: preview.ok ? preview.alsoSettles.length : 0 };
        case 'late': return { ok: false, reason: outcome.message };
        case 'invalid':
        case 'failed': return { ok: false, reason: outcome.reason };
      }
    },
  },
};

function lasting({ evaluation }: Approval): boolean {
  return evaluation.suggestions.some((answer) => !answer.endsWith('_once'));
}

function shown(approval: Approval, folder: string): PendingApproval {
  const text = promptText(approval, hostWords);
  const rule = shownRules(approval, folder, vscode.l10n);
  const offered = (answer: Answer): PendingApproval['answers'][number] => ({ answer, label: text.answerNames?.[answer] ?? answerName(answer, vscode.l10n), ...(answer.endsWith('_once') ? {} : { rule }) });
  return {
    id: approval.id,
    title: text.title,
    target: shownTarget(approval, folder, hostWords),
    ...(text.full === undefined ? {} : { full: text.full }),
    why: text.why,
    answers: text.answers.map(offered),
    facts: text.exportFacts === undefined ? [] : facts(text.exportFacts),
    askedAt: approval.askedAt,
    expiresAt: approval.expiresAt,
  };
}

function facts({ destination, method, provider, source, recentReads }: ExportFacts): PendingApproval['facts'] {
  const all: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('To'), destination], [vscode.l10n.t('Method'), method], [vscode.l10n.t('Provider'), provider], [vscode.l10n.t('File'), source],
    [vscode.l10n.t('Read before'), recentReads.length === 0 ? undefined : recentReads.join(', ')],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
