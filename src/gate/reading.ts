import { compilePolicy } from '../core/policy/compilePolicy.ts';
import { answers } from '../core/decide/evaluation.ts';
import type { Actor, Request } from '../core/request.ts';
import { defaultSettings } from '../core/policy/policy.ts';
import type { Place } from '../core/policy/place.ts';
import type { Rule } from '../core/rules/rule.ts';
import { normaliseScope } from '../core/rules/ruleScope.ts';
import { firstIssue } from '../core/schema/firstIssue.ts';
import { readRequest as readRequestShape } from '../core/schema/requestSchema.ts';
import { exact, ruleSchema } from '../core/schema/ruleSchema.ts';
import { visible } from '../core/visible.ts';
import type { ApprovalAnswer } from './ports.ts';
import { recordedText } from './recorded.ts';
import { perDollar } from './taskUse.ts';

/** Characters of a request, as JSON; a bigger one is refused, not read */
const longestRequest = 8_000_000;
const longestComment = 2_000;
const longestName = 200;

type Refused = { readonly ok: false; readonly reason: string };

/**
 * Reads what claims to be a request. It is copied as JSON first, so that what is decided is what was given: no getter
 * answers differently the second time, nobody changes it while a person looks at it.
 */
export function readRequest(given: unknown): { readonly ok: true; readonly request: Request } | (Refused & { readonly id?: string | number }) {
  const copied = copy(given);
  if (!copied.ok) return copied;
  const read = readRequestShape(copied.value);
  if (read.ok) return { ok: true, request: read.value };
  const id = isRecord(copied.value) ? copied.value['id'] : undefined;
  return { ok: false, reason: `This is no request: ${read.message}`, ...(typeof id === 'string' || typeof id === 'number' ? { id } : {}) };
}

/** Reads a person's answer, whichever face it comes from */
export function readGivenAnswer(given: unknown, place: Place): { readonly ok: true; readonly answer: ApprovalAnswer } | Refused {
  const copied = copy(given);
  if (!copied.ok) return copied;
  const { value } = copied;
  if (!isRecord(value)) return no('An answer is an object with "answer" and "by".');
  const answer = answers.find((known) => known === value['answer']);
  if (answer === undefined) return no(`"answer" has to be one of ${answers.join(', ')}.`);
  const by = value['by'];
  if (typeof by !== 'string' || by.trim() === '' || by.length > longestName) return no(`"by" has to say who answers, in 1 to ${longestName} characters.`);
  const comment = value['comment'];
  if (comment !== undefined && (typeof comment !== 'string' || comment.length > longestComment)) return no(`A comment is a text of at most ${longestComment} characters.`);
  const scopes = readScopes(value['scopes'], place);
  if (!scopes.ok) return scopes;
  const edited = value['edited'] === undefined ? undefined : readRequest(value['edited']);
  if (edited?.ok === false) return no(`The edited request cannot be read. ${edited.reason}`);
  return {
    ok: true,
    answer: {
      answer,
      by: visible(by),
      ...(comment === undefined ? {} : { comment }),
      ...(scopes.scopes === undefined ? {} : { scopes: scopes.scopes }),
      ...(edited === undefined ? {} : { edited: edited.request }),
    },
  };
}

/** Reads a rule a person wrote; the gate has put in id and time. What would match nothing, or everything, is refused */
export function readRuleDraft(given: unknown, place: Place): { readonly ok: true; readonly rule: Rule } | Refused {
  const copied = copy(given);
  if (!copied.ok) return copied;
  const parsed = ruleSchema.safeParse(copied.value);
  if (!parsed.success) return no(`This rule cannot be kept. ${firstIssue(parsed.error)}`);
  const rule: Rule = exact(parsed.data);
  if (rule.source !== 'session' && rule.source !== 'workspace_db' && rule.source !== 'profile') return no('A rule of your own belongs to the session, the workspace or the profile.');
  const { scope, problem } = normaliseScope(rule.scope, place);
  if (scope === undefined || problem !== undefined) return no(`This rule cannot be kept. ${problem?.message ?? 'Its scope cannot be read.'}`);
  const kept = { ...rule, scope };
  const [wrong] = compilePolicy({ ...defaultSettings, rules: [kept] }, place, { repositoryAllows: false }).problems;
  return wrong === undefined ? { ok: true, rule: kept } : no(`This rule cannot be kept. ${wrong.message}`);
}

/** What somebody reports of an allowed request */
export interface Result {
  readonly requestId: string | number;
  readonly ok: boolean;
  readonly summary?: string;
  /** Whole numbers: tokens, and millionths of a US dollar */
  readonly use?: { readonly tokens: number; readonly cost: number };
  /** Whose task used it, where that is said */
  readonly actor?: Actor;
}

/** Reads what an agent reports of an allowed request; numbers that cannot be are refused, none is put right */
export function readResult(given: unknown): { readonly ok: true; readonly result: Result } | Refused {
  const copied = copy(given);
  if (!copied.ok) return copied;
  const { value } = copied;
  if (!isRecord(value)) return no('A result is an object with "requestId" and "ok".');
  const { requestId, ok, summary } = value;
  const named = typeof requestId === 'number' || (typeof requestId === 'string' && requestId !== '' && requestId.length <= longestName);
  if (!named) return no(`"requestId" has to be the id of the request, at most ${longestName} characters.`);
  if (typeof ok !== 'boolean') return no('"ok" has to be true or false.');
  if (summary !== undefined && typeof summary !== 'string') return no('"summary" has to be a text.');
  const use = readUse(value['use']);
  if (!use.ok) return use;
  const asker = value['actor'] === undefined ? undefined : readRequestShape({ tool: 'report', actor: value['actor'] });
  if (asker?.ok === false) return no(`"actor" cannot be read: ${asker.message}`);
  const actor = asker?.value.actor;
  return { ok: true, result: { requestId, ok, ...(summary === undefined ? {} : { summary: recordedText(summary) }), ...(use.use === undefined ? {} : { use: use.use }), ...(actor === undefined ? {} : { actor }) } };
}

/** Most that one report may tell of; more is a mistake, or meant to harm */
export const mostReported = { tokens: 100_000_000, costUsd: 10_000 } as const;

function readUse(given: unknown): { readonly ok: true; readonly use?: { readonly tokens: number; readonly cost: number } } | Refused {
  if (given === undefined) return { ok: true };
  if (!isRecord(given)) return no('"use" is an object with "tokens", "costUsd", or both.');
  const { tokens = 0, costUsd = 0, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return no(`"use" has no ${JSON.stringify(visible(unknown).slice(0, 60))}; it takes "tokens" and "costUsd".`);
  if (typeof tokens !== 'number' || !Number.isInteger(tokens) || tokens < 0 || tokens > mostReported.tokens) return no(`"use.tokens" has to be a whole number from 0 to ${mostReported.tokens}.`);
  if (typeof costUsd !== 'number' || !(costUsd >= 0 && costUsd <= mostReported.costUsd)) return no(`"use.costUsd" has to be a number of US dollars from 0 to ${mostReported.costUsd}.`);
  // Rounded up, so that no sum of small amounts is nothing
  return { ok: true, use: { tokens: Math.abs(tokens), cost: Math.abs(Math.ceil(Number((costUsd * perDollar).toFixed(3)))) } };
}

function readScopes(given: unknown, place: Place): { readonly ok: true; readonly scopes?: readonly Rule['scope'][] } | Refused {
  if (given === undefined) return { ok: true };
  if (!Array.isArray(given)) return no('"scopes" has to be a list.');
  const scopes: Rule['scope'][] = [];
  for (const [index, scope] of (given as readonly unknown[]).entries()) {
    const read = readRuleDraft({ id: `scope ${index + 1}`, source: 'session', effect: 'allow', createdAt: 0, scope }, place);
    if (!read.ok) return read;
    scopes.push(read.rule.scope);
  }
  return { ok: true, scopes };
}

function copy(given: unknown): { readonly ok: true; readonly value: unknown } | Refused {
  try {
    const text = JSON.stringify(given);
    if (text === undefined) return no('This is no request: there is nothing in it.');
    if (text.length > longestRequest) return no(`This is ${text.length} characters long; at most ${longestRequest} are read.`);
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    // A circle, a BigInt, a getter or toJSON that throws
    return no(`This cannot be read as JSON: ${visible(error instanceof Error ? error.message : String(error)).slice(0, 200)}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function no(reason: string): Refused {
  return { ok: false, reason };
}
