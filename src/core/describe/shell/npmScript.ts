import { isInside, readPath } from '../path.ts';
import type { Inner } from './command.ts';
import type { Owner } from './effects.ts';
import { worsen } from './line.ts';
import type { Scope } from './scope.ts';

/** Longest chain of scripts that start scripts */
const longestChain = 8;

/**
 * Reads the script of `package.json` that a package manager would run, with its pre and post hooks, as lines of their own:
 * what they do counts, and the text is kept on the command so that an allow can be tied to it (`ExecAction.script`).
 */
export function readNpmScript(inner: Inner & { kind: 'npm_script' }, scope: Scope, owner: Owner, namedAt: number): void {
  const { line, state } = scope;
  const { exec } = owner;
  const { surroundings } = line;
  const folder = state.folders?.length === 1 ? state.folders[0] : undefined;
  const place = folder === undefined ? undefined : readPath(inner.cwd ?? '.', folder, surroundings);
  // what cannot be shown can be tied to nothing, so it is asked about every time
  if (place?.ok !== true || inner.elsewhere === true) {
    worsen(exec, 'other', Infinity);
    return;
  }
  if (!isInside(place.path, surroundings.workspace, surroundings.platform)) worsen(exec, 'other', namedAt);
  const scripts = scriptsOf(nearest(place.path, scope));
  if (scripts === undefined) return;
  const hooks = [`pre${inner.name}`, inner.name, `post${inner.name}`];
  const texts = hooks.flatMap((name) => (scripts.has(name) ? [`${name}: ${scripts.get(name) ?? ''}`] : []));
  if (texts.length === 0) return;
  exec.target = `${exec.target} (${texts.join('; ')})`;
  exec.script = [exec.script, ...texts].filter((text) => text !== undefined).join('\n');
  if (exec.script.split('\n').length > longestChain) {
    worsen(exec, 'other', namedAt);
    return;
  }
  for (const name of hooks) {
    const text = scripts.get(name);
    if (text === undefined) continue;
    const draft = { ...exec, readings: [], class: 'read' as const, namedAt: 0 };
    scope.readText(text, { state: scope.state.forNewShell(), fold: { exec: draft, owner: owner.index, namedAt } });
    // scripts that it starts in turn
    if (draft.script !== undefined) exec.script = draft.script;
    exec.readings.push(...draft.readings);
    if (draft.guardrail !== undefined) exec.guardrail ??= draft.guardrail;
  }
}

/** Text of the `package.json` that counts in a folder: its own or the next one above, inside the workspace */
function nearest(folder: string, scope: Scope): string | undefined {
  const { files, workspace, platform } = scope.line.surroundings;
  let at = folder;
  while (true) {
    const text = files.readText(at === '/' ? '/package.json' : `${at}/package.json`);
    if (text !== undefined || at === workspace || !isInside(at, workspace, platform)) return text;
    at = at.slice(0, Math.max(at.lastIndexOf('/'), 0)) || '/';
  }
}

function scriptsOf(text: string | undefined): ReadonlyMap<string, string> | undefined {
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const scripts = typeof parsed === 'object' && parsed !== null && 'scripts' in parsed ? parsed.scripts : undefined;
  const found = new Map<string, string>();
  if (typeof scripts === 'object' && scripts !== null) {
    for (const [name, value] of Object.entries(scripts)) if (typeof value === 'string') found.set(name, value);
  }
  return found;
}
