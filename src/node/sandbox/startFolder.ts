import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** The folder a command starts in, canonical; refused where it is none or lies outside the workspace */
export function startFolder(workspace: string, wanted = workspace): { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string } {
  try {
    const real = realpathSync.native(wanted);
    const root = realpathSync.native(workspace);
    if (!isWithin(real, root)) return { ok: false, reason: `${wanted} lies outside the workspace; start the command in it.` };
    if (!statSync(real).isDirectory()) return { ok: false, reason: `${wanted} is no folder.` };
    return { ok: true, path: real };
  } catch (error) {
    return { ok: false, reason: `${wanted} cannot be opened (${(error as NodeJS.ErrnoException).code ?? String(error)}).` };
  }
}

/** Whether the path is the folder or lies in it; both canonical */
export function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}
