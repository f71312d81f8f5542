import type { CommandNode } from 'unbash';
import { globCouldName } from './globName.ts';

/** Hidden files with secrets that a pattern of `find`, unlike one of the shell, matches without naming the dot */
const hidden = ['.env', '.env.local', '.env.production', '.env.test', '.netrc', '.npmrc', '.pypirc', '.git-credentials', '.pgpass', '.htpasswd', '.envrc', '.dockercfg'];

/**
 * File-name patterns for what `find FOLDER… -name PATTERN -print0` prints, so that what `xargs -0` hands on can be judged;
 * `undefined` for anything less certain.
 */
export function pipedNames(node: CommandNode): readonly string[] | undefined {
  if (node.type !== 'Command' || node.name?.value !== 'find') return undefined;
  const words: string[] = [];
  for (const item of node.args) {
    if (item.type !== 'Word' || (item.parts !== undefined && !item.parts.every((part) => part.type === 'SingleQuoted' || part.type === 'Literal' || (part.type === 'DoubleQuoted' && part.parts.every((child) => child.type === 'Literal'))))) return undefined;
    words.push(item.value);
  }
  const test = words.findIndex((word) => word.startsWith('-'));
  const roots = words.slice(0, test);
  const tests = words.slice(test).join('\0');
  const pattern = /^(?:-(?:type\0f|maxdepth\0\d+|mindepth\0\d+)\0)*-i?name\0([^\0/]+)\0-print0$/.exec(tests)?.[1];
  if (test < 1 || pattern === undefined || !roots.every((root) => /^[\w.]/.test(root) && !root.includes('..') && !/[*?[]/.test(root))) return undefined;
  if (hidden.some((name) => globCouldName(pattern, name))) return undefined;
  return roots.map((root) => `${root.replace(/\/$/, '')}/${pattern}`);
}
