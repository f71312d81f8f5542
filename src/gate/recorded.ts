import type { Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { RecordedAction } from './entry.ts';
import type { Approval } from './ports.ts';
import { secretMark, withoutSecrets } from './secretText.ts';

/** Characters of one value that the record keeps; a written file's text is not the record's business */
const longestValue = 4_096;
/** Characters of a whole input, as JSON, that the record keeps */
const longestInput = 65_536;
const mostActions = 200;
const deepest = 8;
/** Keys whose value is a credential, whatever it looks like */
const secretKey = /^(?:proxy-)?authorization$|^cookie$|password|passwd|secret|api[_-]?key|(?:access|refresh|auth|bearer)[_-]?token|^token$/i;

/** The request as the record keeps it: long values cut with a count, credentials removed */
export function recordedRequest(request: Request): Request {
  const { input, ...rest } = request;
  const head = recordedData(rest);
  if (input === undefined) return head;
  const short = recordedData(input);
  const length = JSON.stringify(short).length;
  return { ...head, input: length <= longestInput ? short : { omitted: `${length} characters` } };
}

/** The question as the record keeps it; losing rules are left out, they can be found again by deciding again */
export function recordedApproval(approval: Approval): Approval {
  const { evaluation } = approval;
  const actions = evaluation.actions.slice(0, mostActions).map((evaluated) => ({ ...evaluated, losing: [] }));
  return { ...approval, request: recordedRequest(approval.request), evaluation: recordedData({ ...evaluation, actions }) };
}

/** The actions of an evaluation as the record keeps them */
export function recordedActions(evaluation: Evaluation): readonly RecordedAction[] {
  const kept = evaluation.actions.slice(0, mostActions).map(({ action, decision, reason, rule }) => ({
    kind: action.kind,
    target: recordedText(action.target),
    decision,
    reason: recordedData(reason),
    ...(rule === undefined ? {} : { rule: rule.id }),
  }));
  const more = evaluation.actions.length - kept.length;
  if (more <= 0) return kept;
  return [...kept, { kind: 'more', target: `${more} more actions`, decision: evaluation.decision, reason: recordedData(evaluation.reason) }];
}

/** Data of ours as the record keeps it: of the same shape, its texts cut and without credentials */
export function recordedData<Data extends object>(data: Data): Data {
  return recordedValue(data, 0) as Data;
}

/** One text as the record keeps it */
export function recordedText(text: string): string {
  const clean = withoutSecrets(text.length > 4 * longestValue ? text.slice(0, 4 * longestValue) : text);
  return clean.length <= longestValue ? clean : `${clean.slice(0, longestValue)}… (${text.length} characters)`;
}

/** Whether two values are the same data, whatever the order of keys */
export function sameData(a: unknown, b: unknown): boolean {
  return stableText(a) === stableText(b);
}

function stableText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

function recordedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return recordedText(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= deepest) return '…';
  if (Array.isArray(value)) return value.slice(0, 1_000).map((item) => recordedValue(item, depth + 1));
  const kept = Object.entries(value).slice(0, 1_000);
  return Object.fromEntries(kept.map(([key, item]) => [key, typeof item === 'string' && secretKey.test(key) ? secretMark : recordedValue(item, depth + 1)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
