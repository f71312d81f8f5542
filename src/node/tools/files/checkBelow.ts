import path from 'node:path';
import type { Request } from '../../../core/request.ts';
import { visible } from '../../../core/visible.ts';
import type { Granted } from '../tool.ts';
import { ToolError } from '../toolError.ts';
import { entriesBelow } from './entriesBelow.ts';
import type { HeldFolder } from './heldFolder.ts';

/** Entries below a folder that one call may act on */
const mostEntries = 10_000;

/** A part of a call that acts on a whole folder, as a call by itself */
export type Part = (below: string) => Pick<Request, 'tool' | 'input'>;

/**
 * Decides a call on a whole folder again for each entry in it: the answer about the folder was given without knowing them. What a
 * rule or a protected place says of an entry holds: denied is denied, and a question is put. What only the mode asks about was
 * answered with the folder.
 *
 * @param parts given the path of an entry relative to the folder
 */
export async function checkBelow(folder: HeldFolder, parts: readonly Part[], granted: Granted): Promise<void> {
  const answered: Answered[] = [];
  let count = 0;
  for (const entry of entriesBelow(folder)) {
    count += 1;
    if (count > mostEntries) throw new ToolError('too_large', `${folder.path} holds more than ${mostEntries} entries; act on parts of it.`);
    const below = path.relative(folder.path, path.join(entry.folder.path, entry.name));
    for (const [index, part] of parts.entries()) await checkPart({ part: index, below, asked: part(below) }, answered, granted);
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
}

async function checkPart({ part, below, asked }: Question, answered: Answered[], { request, context }: Granted): Promise<void> {
  const { gate, ids, signal } = context;
  const whole: Request = { ...request, ...asked, id: ids() };
  const { decision, reason } = await gate.evaluate(whole);
  if (decision === 'allow' || (decision === 'ask' && reason.type === 'mode')) return;
  const why = reason.pattern ?? reason.rule ?? reason.type;
  const known = answered.some((each) => each.part === part && each.reason === why && below.startsWith(`${each.below}${path.sep}`));
  if (decision === 'ask' && known) return;
  const verdict = await gate.check(whole, signal === undefined ? {} : { signal });
  if (verdict.decision !== 'allow' || verdict.edited !== undefined) throw new ToolError('denied', `Nothing was done, because of what lies in the folder: ${visible(verdict.message)}`);
  answered.push({ part, below, reason: why });
}
