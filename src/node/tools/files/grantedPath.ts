import path from 'node:path';
import type { PathAction } from '../../../core/action.ts';
import { type PathReading, readPath } from '../../../core/describe/path.ts';
import { visible } from '../../../core/visible.ts';
import type { Granted } from '../tool.ts';
import { ToolError } from '../toolError.ts';

/**
 * The canonical path of the file or folder that a text of the input means now, links followed. Throws where the gate decided
 * about another one: a link on the way was changed since.
 *
 * INVARIANT: tools touch no path but those that this and `grantedEntry` gave, and what lies below them.
 */
export function grantedPath(text: string, kind: PathAction['kind'], granted: Granted): string {
  return decided(text, read(text, granted).path, kind, granted);
}

/** As `grantedPath`, of the entry itself where it is a link: what is deleted or moved is the link, not what it leads to */
export function grantedEntry(text: string, kind: PathAction['kind'], granted: Granted): string {
  const found = read(text, granted);
  if (found.named === undefined) return decided(text, found.path, kind, granted);
  const folder = read(path.posix.dirname(found.named), granted);
  return decided(text, path.posix.join(folder.path, path.posix.basename(found.named)), kind, granted);
}

function read(text: string, { request, context }: Granted): PathReading & { readonly ok: true } {
  const { surroundings } = context;
  const base = request.cwd === undefined ? undefined : readPath(request.cwd, surroundings.workspace, surroundings);
  if (base?.ok === false) throw new ToolError('bad_input', `The folder it runs in cannot be used. ${base.why}`);
  const found = readPath(text, base?.path ?? surroundings.workspace, surroundings);
  if (!found.ok) throw new ToolError('bad_input', `“${shown(text)}” cannot be used. ${found.why}`);
  return found;
}

function decided(text: string, canonical: string, kind: PathAction['kind'], { evaluation }: Granted): string {
  const wasDecided = evaluation.actions.some(({ action }) => action.kind === kind && action.path === canonical && action.uncertain === undefined);
  if (!wasDecided) throw new ToolError('changed', `“${shown(text)}” leads elsewhere than when this was decided; nothing was done. Ask again, or name it by its real path.`);
  return canonical;
}

function shown(text: string): string {
  return visible(text.slice(0, 200));
}
