import { isInside, readPath } from '../path.ts';
import type { Scope } from './scope.ts';

/** Characters that look like nothing, like a space, or turn the reading direction: never part of an honest program name */
const unseen = /[\s\p{C}\p{Z}\u2800\u3164\u115f\u1160\uffa0\u034f\u180e\ufe00-\ufe0f]/u;

const systemFolders = /^(?:\/usr(?:\/local)?|\/opt\/homebrew|\/opt\/local|\/nix\/var\/nix\/profiles\/default|\/run\/current-system\/sw)?\/s?bin\/[^/]+$/;
const toolFolders = /(?:^|\/)(?:node_modules\/\.bin|\.?venv\/bin|vendor\/bin)\/[^/]+$/;

/**
 * What the spelling of a program word says beside its name: `hidden` characters that nobody sees, a program `foreign` to
 * the system's folders, one of the workspace's `own` installed tools, or nothing.
 */
export function programKind(program: string, scope: Scope): 'hidden' | 'foreign' | 'own' | undefined {
  if (!/^[\x21-\x7e]+$/.test(program) && (program === '' || unseen.test(program))) return 'hidden';
  if (!program.includes('/') || systemFolders.test(program)) return undefined;
  if (!toolFolders.test(program) || scope.state.folders === null) return 'foreign';
  const { surroundings } = scope.line;
  const inside = scope.state.folders.every((folder) => {
    const path = readPath(program, folder, surroundings);
    return isInside(path.ok ? (path.named ?? path.path) : '', surroundings.workspace, surroundings.platform);
  });
  return inside ? 'own' : 'foreign';
}
