import { isInside, readPath } from '../path.ts';
import type { Scope } from './scope.ts';

/** Characters that look like nothing, like a space, or turn the reading direction: never part of an honest program name */
const unseen = /[\s\p{C}\p{Z}\u2800\u3164\u115f\u1160\uffa0\u034f\u180e\ufe00-\ufe0f]/u;

const systemFolders = /^(?:\/usr(?:\/local)?|\/opt\/homebrew|\/opt\/local|\/nix\/var\/nix\/profiles\/default|\/run\/current-system\/sw)?\/s?bin\/[^/]+$/;
const toolFolders = /(?:^|\/)(?:(?:node_modules\/\.bin|\.?venv\/bin|vendor\/bin)\/[^/]+|gradlew|mvnw)$/;

/**
 * What the spelling of a program word says beside its name: `hidden` characters that nobody sees; a program `foreign` to
 * the system's folders; one `outside` the workspace that is named by where the shell happens to be, so that no rule can
 * mean it; one of the workspace's `own` installed tools; or nothing.
 */
export function programKind(program: string, scope: Scope): 'hidden' | 'foreign' | 'outside' | 'own' | undefined {
  if (!/^[\x21-\x7e]+$/.test(program) && (program === '' || unseen.test(program))) return 'hidden';
  if (!program.includes('/') || systemFolders.test(program)) return undefined;
  const { surroundings } = scope.line;
  const { folders } = scope.state;
  const inside = folders?.every((folder) => {
    const path = readPath(program, folder, surroundings);
    return path.ok && isInside(path.named ?? path.path, surroundings.workspace, surroundings.platform);
  }) === true;
  if (inside) return toolFolders.test(program) ? 'own' : 'foreign';
  return program.startsWith('/') ? 'foreign' : 'outside';
}

/** Whether a program is named by its place relative to the workspace folder itself, the one place a rule can mean */
export function isAtHome(program: string, scope: Scope): boolean {
  return program.startsWith('/') || (scope.state.folders ?? []).every((folder) => folder === scope.line.surroundings.workspace);
}

/** Whether the folder a command runs in is known, and in the workspace */
export function isInWorkspace({ line, state }: Scope): boolean {
  const { workspace, platform } = line.surroundings;
  return state.folders?.every((folder) => isInside(folder, workspace, platform)) === true;
}

/** Whether the packages of the present folder, or of one between it and the workspace's, bring a program of that name: `npx` runs that one and fetches nothing */
export function isInstalled(name: string, { line, state }: Scope): boolean {
  const { workspace, platform, files } = line.surroundings;
  const [start, ...others] = state.folders ?? [];
  if (start === undefined || others.length > 0 || !/^\w[\w.-]*$/.test(name) || !isInside(start, workspace, platform)) return false;
  for (let folder = start; isInside(folder, workspace, platform); folder = folder.slice(0, folder.lastIndexOf('/'))) {
    if (files.readText(`${folder}/node_modules/.bin/${name}`) !== undefined) return true;
  }
  return false;
}
