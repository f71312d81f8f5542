import type { CommandNode } from 'unbash';
import { globCouldName } from './globName.ts';

/** Hidden files with secrets that a pattern of `find`, unlike one of the shell, matches without naming the dot */
const hidden = ['.env', '.env.local', '.env.production', '.env.test', '.netrc', '.npmrc', '.pypirc', '.git-credentials', '.pgpass', '.htpasswd', '.envrc', '.dockercfg'];

/** Tests of `find` that only choose, with how many words each takes */
const choosing: ReadonlyMap<string, number> = new Map([
  ...['-type', '-maxdepth', '-mindepth', '-path', '-ipath', '-wholename', '-size', '-mtime', '-mmin', '-atime', '-ctime', '-perm'].map((name): [string, number] => [name, 1]),
  ...['-not', '!', '-a', '-and', '-empty', '-readable', '-xdev', '-mount'].map((name): [string, number] => [name, 0]),
]);

/**
 * File-name patterns for what `find FOLDER… -name PATTERN … -print0` or `git ls-files -z -- PATTERN…` prints, so that what
 * `xargs -0` hands on can be judged; `undefined` for anything less certain. Lists without NUL are never certain: a folder
 * called `x ` makes of one name two, and the second may be any path.
 */
export function pipedNames(node: CommandNode): readonly string[] | undefined {
  if (node.type !== 'Command' || node.prefix.length > 0) return undefined;
  const words: string[] = [];
  for (const item of node.args) {
    if (item.type !== 'Word' || (item.parts !== undefined && !item.parts.every((part) => part.type === 'SingleQuoted' || part.type === 'Literal' || (part.type === 'DoubleQuoted' && part.parts.every((child) => child.type === 'Literal'))))) return undefined;
    words.push(item.value);
  }
  const names = node.name?.value === 'find' ? foundNames(words) : node.name?.value === 'git' ? trackedNames(words) : undefined;
  return names?.some((name) => hidden.some((secret) => globCouldName(name.slice(name.lastIndexOf('/') + 1), secret))) === false ? names : undefined;
}

function foundNames(words: readonly string[]): readonly string[] | undefined {
  const test = words.findIndex((word) => word.startsWith('-') || word === '!');
  const roots = words.slice(0, test);
  if (test < 1 || words.at(-1) !== '-print0' || !roots.every((root) => /^[\w.]/.test(root) && !root.includes('..') && !/[*?[]/.test(root))) return undefined;
  let name: string | undefined;
  for (let at = test; at < words.length - 1; at += 1) {
    const word = words[at] ?? '';
    if (/^-i?name$/.test(word)) {
      const negated = words[at - 1] === '-not' || words[at - 1] === '!';
      at += 1;
      if (!negated) name ??= words[at];
      continue;
    }
    const count = choosing.get(word);
    if (count === undefined) return undefined;
    at += count;
  }
  return name === undefined || name === '' || name.includes('/') ? undefined : roots.map((root) => `${root.replace(/\/$/, '')}/${name}`);
}

/** Names that git tracks, by patterns that end in a plain extension; like those of the shell, they may name a file that looks like an option */
function trackedNames(words: readonly string[]): readonly string[] | undefined {
  const [verb, option, ...rest] = words;
  const patterns = rest[0] === '--' ? rest.slice(1) : rest;
  if (verb !== 'ls-files' || option !== '-z' || patterns.length === 0 || !patterns.every((pattern) => /^[\w*][\w*./-]*\.\w+$/.test(pattern) && !pattern.includes('..'))) return undefined;
  return patterns;
}
