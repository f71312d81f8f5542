import type { Decision } from '../../core/decision.ts';
import { exactly, leftOut, wider, type Fitted } from './preview.ts';

/** Tools by what they do to a path: an allow is written for each of them, anything else for all tools at once */
export const readTools: readonly string[] = ['read_file', 'grep', 'glob', 'list_directory'];
export const editTools: readonly string[] = ['edit_file', 'write_file'];

/** Characters of patterns that a path rule does not know: classes, braces, negation, escapes */
const foreign = /[[\]{}!\\]/;

/**
 * What a path pattern in the manner of `.gitignore` says: `*` and `?` within a part, `**` any parts, a pattern without a
 * slash at any depth, and what lies below a match with it.
 *
 * @param base in front of a pattern that is not absolute: '' for the workspace, else a folder with a slash at its end
 */
export function fitIgnorePattern(pattern: string, base: string, effect: Decision, tools: readonly string[]): Fitted {
  const isAnchored = /^\/|^~(?:\/|$)|^\.\.?\/|\/./.test(pattern);
  const rest = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
  if (/^(?:\*\*?|\.)?$/.test(rest)) return forTools(base === '' ? '.' : base, effect, tools);
  const path = isAnchored ? rest : `**/${rest}`;
  return fitPath(/^[/~]/.test(path) ? path : base + path, effect, tools);
}

/** What a path with wildcards says (`*` and `?` within a part, `**` any parts), and what lies below a match with it */
export function fitPath(path: string, effect: Decision, tools: readonly string[]): Fitted {
  if (!foreign.test(path)) return forTools(path, effect, tools);
  if (effect === 'allow') return leftOut('Its path has signs that a path rule does not know: [ ] { } ! \\. What it allows is asked about.');
  const parts = path.split('/');
  const kept = parts.slice(0, parts.findIndex((part) => foreign.test(part)));
  return wider('Its path has signs that a path rule does not know, so it covers the whole folder.', { kind: 'path', path: kept.join('/') || (path.startsWith('/') ? '/' : '.') });
}

/** One rule for each tool that is allowed; what is denied or asked about is so for every tool, since many can do the same */
function forTools(path: string, effect: Decision, tools: readonly string[]): Fitted {
  if (effect === 'allow') return exactly(...tools.map((toolName) => ({ kind: 'path', path, toolName }) as const));
  return { ...wider('It covers every tool that reads or writes there.', { kind: 'path', path }), ...(tools.length === 0 ? {} : { tools }) };
}
