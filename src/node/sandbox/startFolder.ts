import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** The folder a command starts in, canonical as it is wanted; refused where it is none, leads elsewhere, or lies outside the workspace */
export function startFolder(workspace: string, wanted = workspace): { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string } {
  try {
    const real = realpathSync.native(wanted);
    const root = realpathSync.native(workspace);
    // It is canonical, so that a link on its way was put there since
    if (real !== path.resolve(wanted)) return { ok: false, reason: `${wanted} leads elsewhere than when this was decided; nothing was run.` };
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
