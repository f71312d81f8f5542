import type { Redirection } from 'unbash';
import { emitPath, emitUnknown, type Owner } from './effects.ts';
import { isSecretVariable } from './environment.ts';
import type { Scope, Stdin } from './scope.ts';
import { expandParts, expandWhole, expandWords } from './words.ts';

/** Adds what a redirection does to files; gives what it puts on standard input, if it does */
export function redirect(item: Redirection, scope: Scope, owner: Owner | undefined): Stdin | undefined {
  const { descriptor } = item;
  if (descriptor?.type === 'FileDescriptorVariable') scope.assign(descriptor.name, { text: null, number: true }, `{${descriptor.name}}`);
  const onStdin = descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 0);
  if (item.type === 'HereDoc') {
    const { parts, text } = item.body;
    if (item.closing === undefined) scope.line.breaks('A here-document is not closed.');
    const known = item.delimiter?.quoted === true || parts === undefined ? text : expandParts(parts, text, scope).text;
    if (known === null) showsSecret(text, scope);
    return onStdin ? { kind: 'text', text: known, download: scope.downloads() } : undefined;
  }
  if (item.type === 'HereString') {
    const word = item.target === undefined ? undefined : expandWhole(item.target, scope);
    const text = word?.text ?? word?.guess;
    if (word?.text === null) showsSecret(word.raw, scope);
    return onStdin ? { kind: 'text', text: typeof text === 'string' ? `${text}\n` : null, download: scope.downloads() } : undefined;
  }
  const { operator, target } = item;
  if (target === undefined) {
    scope.line.breaks('A redirection has no target.');
    return undefined;
  }
  if ((operator === '>&' || operator === '<&') && /^\d*-?$/.test(target.value) && target.parts === undefined) {
    return operator === '<&' && onStdin ? { kind: 'pipe', text: null, download: scope.line.downloads > 0 } : undefined;
  }
  const words = expandWords([target], scope);
  const word = words[0];
  const reads = operator === '<' || operator === '<>' || operator === '<&';
  const writes = operator !== '<' && operator !== '<&';
  if (word === undefined || words.length !== 1 || word.text === null) {
    if (typeof word?.guess === 'string' && word.guess !== '') {
      if (writes) emitPath({ kind: 'write', text: word.guess, namedAt: Infinity }, scope, owner, 'The file is only known when it runs.');
      if (reads) emitPath({ kind: 'read', text: word.guess, namedAt: Infinity }, scope, owner, 'The file is only known when it runs.');
    }
    emitUnknown(`${operator} ${target.text}`, writes ? 'The file it writes to is only known when it runs.' : 'The file it reads is only known when it runs.', scope);
  } else {
    const text = word.plainTilde === true ? `./${word.text}` : word.text;
    const glob = word.glob ? { glob: true } : undefined;
    if (reads) emitPath({ kind: 'read', text, namedAt: Infinity, ...glob }, scope, owner);
    if (writes) emitPath({ kind: 'write', text, namedAt: Infinity, ...glob }, scope, owner);
  }
  if (!reads || !(onStdin || operator === '<>')) return undefined;
  if (word?.fed !== undefined) return { kind: 'pipe', text: word.fed, download: scope.downloads() };
  return { kind: 'file', text: null, download: false };
}

/** A here-document that a secret of the environment is written into */
function showsSecret(raw: string, scope: Scope): void {
  for (const [, name = ''] of raw.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
    if (isSecretVariable(name) && scope.state.variables?.has(name) !== true) emitUnknown(`$${name}`, `It shows ${name}, which looks like a secret.`, scope);
  }
}
