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
  let count = 0;
  for (const entry of entriesBelow(folder)) {
    count += 1;
    if (count > mostEntries) throw new ToolError('too_large', `${folder.path} holds more than ${mostEntries} entries; act on parts of it.`);
    const below = path.relative(folder.path, path.join(entry.folder.path, entry.name));
    for (const part of parts) await checkPart(part(below), granted);
  }
}

async function checkPart(part: Pick<Request, 'tool' | 'input'>, { request, context }: Granted): Promise<void> {
  const { gate, ids, signal } = context;
  const asked: Request = { ...request, ...part, id: ids() };
  const { decision, reason } = await gate.evaluate(asked);
  if (decision === 'allow' || (decision === 'ask' && reason.type === 'mode')) return;
  const verdict = await gate.check(asked, signal === undefined ? {} : { signal });
  if (verdict.decision !== 'allow' || verdict.edited !== undefined) throw new ToolError('denied', `Nothing was done, because of what lies in the folder: ${visible(verdict.message)}`);
}
