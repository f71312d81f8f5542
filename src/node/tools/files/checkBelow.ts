import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Evaluation } from '../../../core/decide/evaluation.ts';
import { isStricter } from '../../../core/decision.ts';
import type { Request } from '../../../core/request.ts';
import type { Granted } from '../tool.ts';
import { ToolError } from '../toolError.ts';
import { type Entry, entriesBelow } from './entriesBelow.ts';
import type { HeldFolder } from './heldFolder.ts';

/** Entries below a folder that one call may act on */
const mostEntries = 10_000;

/** A part of a call that acts on a whole folder, as a call by itself on one entry below it; nothing where it does not touch such an entry */
export type Part = (below: string, kind: Entry['kind']) => Pick<Request, 'tool' | 'input'> | undefined;

/**
 * Decides a call on a whole folder again for each entry in it: the answer about the folder was given without knowing them. What a
 * rule or a protected place says of an entry holds: denied is denied, and a question is put. What only the mode asks about was
 * answered with the folder. Of a link only the link counts: what it leads to is not touched.
 *
 * @param parts given the path of an entry relative to the folder, and what it is
 */
export async function checkBelow(folder: HeldFolder, parts: readonly Part[], granted: Granted): Promise<void> {
  const answered: Answered[] = [];
  let count = 0;
  for (const entry of entriesBelow(folder)) {
    count += 1;
    if (count > mostEntries) throw new ToolError('too_large', `${folder.path} holds more than ${mostEntries} entries; act on parts of it.`);
    // In the editor others wait meanwhile
    await nextTurn();
    const own = path.join(entry.folder.path, entry.name);
    const below = path.relative(folder.path, own);
    for (const [index, part] of parts.entries()) {
      const asked = part(below, entry.kind);
      if (asked !== undefined) await checkPart({ part: index, below, asked, link: entry.kind === 'link' ? own : undefined }, answered, granted);
    }
  }
}

/** A person allowed an entry that this place protects, and with it what lies in the entry for the same reason */
interface Answered {
  readonly part: number;
  readonly below: string;
  readonly reason: string;
}

interface Question {
  readonly part: number;
  readonly below: string;
  readonly asked: Pick<Request, 'tool' | 'input'>;
  /** Path of the entry where it is a link */
  readonly link: string | undefined;
}

async function checkPart({ part, below, asked, link }: Question, answered: Answered[], { request, context }: Granted): Promise<void> {
  const { gate, ids, signal } = context;
  const whole: Request = { ...request, ...asked, id: ids() };
  const evaluation = await gate.evaluate(whole);
  const { decision, reason } = link === undefined ? evaluation : ofLink(evaluation, link);
  if (decision === 'allow' || (decision === 'ask' && reason.type === 'mode')) return;
  const why = reason.pattern ?? reason.rule ?? reason.type;
  const known = answered.some((each) => each.part === part && each.reason === why && below.startsWith(`${each.below}${path.sep}`));
  if (decision === 'ask' && known) return;
  const verdict = await gate.check(whole, { part: true, ...(signal === undefined ? {} : { signal }) });
  if (verdict.decision !== 'allow' || verdict.edited !== undefined) throw new ToolError('denied', `Nothing was done, because of what lies in the folder: ${verdict.message}`);
  answered.push({ part, below, reason: why });
}

/** What an evaluation says of a link itself, without the place that it leads to */
function ofLink({ actions }: Evaluation, link: string): Pick<Evaluation, 'decision' | 'reason'> {
  const own = link.replaceAll(path.sep, '/');
  let strictest: Pick<Evaluation, 'decision' | 'reason'> = { decision: 'allow', reason: { type: 'mode', summary: 'It is a link.' } };
  for (const { action, decision, reason } of actions) {
    const isTarget = 'throughLink' in action && action.throughLink && action.path !== own;
    if (!isTarget && isStricter(decision, strictest.decision)) strictest = { decision, reason };
  }
  return strictest;
}
