import type { Answer } from '../core/decide/evaluation.ts';
import type { Approval } from '../gate/ports.ts';
import { promptText } from '../gate/promptText.ts';
import type { Sendable } from './sendable.ts';

/** The answers that are given from afar: for once and for the session. What lasts longer is for the editor, where rules are seen */
const remoteAnswers = ['allow_once', 'allow_session', 'deny_once'] as const satisfies readonly Answer[];
export type RemoteAnswer = (typeof remoteAnswers)[number];

/** Characters of a question that fit on every platform under buttons, marks for its markup included */
const longestQuestion = 900;

/** A question as it is put in a chat */
export interface OfferText {
  /** In one line, for lists and for what is left when it is settled */
  readonly title: string;
  readonly text: string;
  /** What may be answered here; none means only in the editor */
  readonly answers: readonly RemoteAnswer[];
  /** What a button says */
  readonly labels: Readonly<Record<RemoteAnswer, string>>;
}

/** Whether a question is about data that leaves or the location, which are for the editor unless switched on (spec 8) */
export function isSensitive({ evaluation }: Approval): boolean {
  return evaluation.actions.some(({ action, decision }) => decision === 'ask' && (action.kind === 'export' || action.kind === 'locate'));
}

/**
 * The question with the same facts as in the editor: what, on what, why, and what a lasting answer covers.
 *
 * INVARIANT: nobody allows what they do not see: where anything of the question had to be taken out or left out, it can be denied
 * here and allowed only in the editor.
 *
 * @param clean makes a text fit to leave
 */
export function offerText(approval: Approval, sensitiveAllowed: boolean, clean: (text: string) => Sendable): OfferText {
  const prompt = promptText(approval);
  const session = prompt.rules.allow_session;
  const reads = prompt.exportFacts?.recentReads ?? [];
  const facts = [
    prompt.full ?? prompt.target,
    '',
    ...prompt.why.map((line) => `• ${line}`),
    ...(reads.length === 0 ? [] : [`Read before: ${reads.join(', ')}`]),
    ...(session === undefined ? [] : [`“For this session” covers: ${session}`]),
  ].join('\n');
  const labels = { ...usualLabels, ...prompt.answerNames };
  const whole = clean(`${prompt.title}:\n${facts}`);
  const title = firstLine(clean(`${prompt.title}: ${prompt.target}`).text);
  if (isSensitive(approval) && !sensitiveAllowed) return { title, text: `${short(whole.text)}\n\nThis can only be answered in the editor.`, answers: [], labels };
  const offered = remoteAnswers.filter((answer) => prompt.answers.includes(answer));
  if (whole.masked || whole.text.length > longestQuestion) {
    return { title, text: `${short(whole.text)}\n\nNot all of it can be shown here, so it can be allowed only in the editor.`, answers: offered.filter((answer) => answer === 'deny_once'), labels };
  }
  return { title, text: whole.text, answers: offered, labels };
}

/** What buttons say where a question has no words of its own */
const usualLabels: Readonly<Record<RemoteAnswer, string>> = { allow_once: 'Allow once', allow_session: 'Allow for this session', deny_once: 'Deny' };

function short(text: string): string {
  return text.length <= longestQuestion ? text : `${text.slice(0, longestQuestion).toWellFormed()}…`;
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}
