import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { answers, type Answer } from '../../../core/decide/evaluation.ts';
import type { Approval } from '../../../gate/ports.ts';
import { promptText, type ExportFacts } from '../../../gate/promptText.ts';
import type { PendingApproval, PendingRequests, PendingSlice } from '../../../shared/pending.ts';
import type { OpenFolder } from '../../folders.ts';
import { shownRules, shownTarget } from '../../fromFolder.ts';
import { answerName } from '../../prompt/answerRow.ts';
import type { HandlersOf } from '../handler.ts';

/** The open questions, oldest first, those together that the same rule would answer */
export function pendingSlice({ gate, path }: OpenFolder): PendingSlice {
  const groups = new Map<string, { readonly covers?: string; readonly approvals: PendingApproval[] }>();
  for (const approval of gate.pending) {
    const covers = lasting(approval) ? shownRules(approval, path) : '';
    const key = covers === '' ? `alone ${approval.id}` : `${approval.evaluation.suggestions.join()} ${covers}`;
    const group = groups.get(key) ?? { ...(covers === '' ? {} : { covers }), approvals: [] };
    group.approvals.push(shown(approval, path));
    groups.set(key, group);
  }
  return { groups: [...groups.values()] };
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
  const text = promptText(approval);
  const rule = shownRules(approval, folder);
  const offered = (answer: Answer): PendingApproval['answers'][number] => ({ answer, label: answerName(answer, vscode.l10n), ...(answer.endsWith('_once') ? {} : { rule }) });
  return {
    id: approval.id,
    title: text.title,
    target: shownTarget(approval, folder),
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
