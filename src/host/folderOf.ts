import { isAbsolute, relative, resolve } from 'node:path';
import type { Request } from '../core/request.ts';

const pathKeys = ['path', 'file_path', 'filePath', 'targetPath', 'notebook_path'];

/**
 * Which of the open folders a request belongs to: the one that holds its `cwd`, else the one that holds its path, else the
 * first. The choice picks whose policy answers; a path outside every folder stays outside for that policy too.
 *
 * @param folders absolute paths of the open folders, in the editor's order
 * @returns index into `folders`, or -1 when no folder is open
 */
export function folderOf(request: Partial<Pick<Request, 'cwd' | 'input'>>, folders: readonly string[]): number {
  const first = folders[0];
  if (first === undefined) return -1;
  if (typeof request.cwd === 'string') {
    const index = innermost(resolve(first, request.cwd), folders);
    if (index >= 0) return index;
  }
  for (const key of pathKeys) {
    const value = request.input?.[key];
    if (typeof value !== 'string' || !isAbsolute(value)) continue;
    const index = innermost(resolve(value), folders);
    if (index >= 0) return index;
  }
  return 0;
}

function innermost(path: string, folders: readonly string[]): number {
  let best = -1;
  for (const [index, folder] of folders.entries()) {
    const way = relative(folder, path);
    const inside = way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\'));
    if (inside && (best < 0 || folder.length > (folders[best]?.length ?? 0))) best = index;
  }
  return best;
}
