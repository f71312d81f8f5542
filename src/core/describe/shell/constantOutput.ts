import type { Command, CommandNode, PipelineNode, Redirection, Script, Word as Node } from 'unbash';
import type { Scope } from './scope.ts';

/** Decoded text longer than this is not followed */
const longest = 16_384;

/**
 * What a script prints, where all of it is constant (`echo rm`, `base64 -d <<< …`, `printf %b '\x72'`, `… | rev`), else
 * `undefined`. Only ever a guess to look behind an encoding: what is run from it stays unreadable for rules.
 */
export function constantOutput(script: Pick<Script, 'commands'>, scope: Scope): string | undefined {
  let out = '';
  if (script.commands.length === 0 || script.commands.length > 16) return undefined;
  for (const { command, background } of script.commands) {
    if (background === true || command.type === 'AndOr') return undefined;
    const text = pipelineOutput(command, scope);
    if (text === undefined) return undefined;
    out += text;
  }
  return out.length > longest ? undefined : out;
}

function pipelineOutput(node: PipelineNode, scope: Scope): string | undefined {
  const commands = node.type === 'Pipeline' ? node.commands : [node];
  let text: string | undefined = '';
  for (const command of commands) {
    text = commandOutput(command, text, scope);
    if (text === undefined) return undefined;
  }
  return text;
}

/** Output of one command of a pipeline that is fed `input`, where constant */
export function commandOutput(node: CommandNode, input: string, scope: Scope): string | undefined {
  if (node.type !== 'Command') return undefined;
  const words = constantWords(node, scope);
  const fed = words === undefined ? false : redirectedInput(node, scope);
  return words === undefined || fed === false ? undefined : outputOf(words, fed ?? input);
}

/** The words of a command that has no assignments before it, where all are constant */
export function constantWords(node: Command, scope: Scope): string[] | undefined {
  if (node.name === undefined || node.prefix.some((item) => item.type === 'Assignment')) return undefined;
  const words: string[] = [];
  for (const item of [node.name, ...node.args]) {
    const text = item.type === 'Word' ? constantWord(item, scope) : item.text;
    if (text === undefined) return undefined;
    words.push(text);
  }
  return words;
}

/** Text of a here-document or here-string, undefined without one, false where something else is redirected */
function redirectedInput(node: Command, scope: Scope): string | undefined | false {
  let text: string | undefined;
  for (const redirect of node.redirects) {
    const found = hereText(redirect, scope);
    if (found === undefined) {
      if (redirect.type === 'Redirect' && redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value === 2) continue;
      return false;
    }
    text = found;
  }
  return text;
}

/** Constant text of a here-document or here-string, else undefined */
export function hereText(redirect: Redirection, scope: Scope): string | undefined {
  if (redirect.type === 'HereDoc') {
    if (redirect.delimiter?.quoted === true || redirect.body.parts === undefined) return redirect.body.text;
    let text = '';
    for (const part of redirect.body.parts) {
      if (part.type !== 'Literal') return undefined;
      text += part.value;
    }
    return text;
  }
  if (redirect.type !== 'HereString' || redirect.target === undefined) return undefined;
  const text = constantWord(redirect.target, scope);
  return text === undefined ? undefined : `${text}\n`;
}

/** Text of a word that holds no expansion but variables set to constants */
function constantWord(node: Node, scope: Scope): string | undefined {
  if (node.parts === undefined) return node.value;
  let text = '';
  for (const part of node.parts) {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        text += part.value;
        break;
      case 'DoubleQuoted':
        for (const child of part.parts) {
          const piece = child.type === 'Literal' ? child.value : child.type === 'SimpleExpansion' ? variable(child.text, scope) : undefined;
          if (piece === undefined) return undefined;
          text += piece;
        }
        break;
      case 'SimpleExpansion': {
        const piece = variable(part.text, scope);
        if (piece === undefined) return undefined;
        text += piece;
        break;
      }
      default:
        text += part.text;
    }
  }
  return text;
}

function variable(text: string, scope: Scope): string | undefined {
  return scope.state.variables?.get(text.slice(1))?.text ?? undefined;
}

function outputOf([program = '', ...words]: string[], input: string): string | undefined {
  switch (program.slice(program.lastIndexOf('/') + 1)) {
    case 'echo': {
      const options = words[0] !== undefined && /^-[neE]+$/.test(words[0]) ? words.shift() : '';
      const text = words.join(' ');
      return (options?.includes('e') ? escapes(text) : text) + (options?.includes('n') ? '' : '\n');
    }
    case 'printf':
      return words[0] === '-v' ? undefined : formatted(words[0] === '--' ? words.slice(1) : words);
    case 'cat':
    case 'tee':
      return words.length === 0 || words.join() === '-' ? input : undefined;
    case 'base64':
    case 'base64url':
      return words.length === 1 && /^(?:-[dDi]+|--decode)$/.test(words[0] ?? '') ? base64(input) : undefined;
    case 'base32':
      return undefined;
    case 'openssl':
      return /^(?:base64|enc -base64) -d(?: -A)?$|^base64 -A -d$/.test(words.join(' ')) ? base64(input) : undefined;
    case 'xxd':
      return /^-(?:r -p|p -r|rp|pr|r -ps|ps -r)$/.test(words.join(' ')) ? hex(input) : undefined;
    case 'rev':
      return words.length === 0 ? input.split('\n').map((row) => [...row].reverse().join('')).join('\n') : undefined;
    case 'tac':
      return words.length === 0 ? `${input.replace(/\n$/, '').split('\n').reverse().join('\n')}\n` : undefined;
    case 'tr':
      return words.length === 2 ? translated(input, words[0] ?? '', words[1] ?? '') : undefined;
    default:
      return undefined;
  }
}

/** `printf` with `%s %b %d %c %%`; the format is used again while arguments are left */
function formatted([format = '', ...values]: string[]): string | undefined {
  let out = '';
  let next = 0;
  do {
    const start = next;
    const piece = format.replace(/%(?:%|-?\d*(?:\.\d+)?([sbdc]))|\\(?:x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|.)/g, (match, kind: string | undefined) => {
      if (match === '%%') return '%';
      if (kind === undefined) return escapes(match);
      const value = values[next++] ?? '';
      return kind === 'b' ? escapes(value) : value;
    });
    out += piece;
    if (next === start) break;
  } while (next < values.length && out.length <= longest);
  return out;
}

const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b', '\\': '\\', "'": "'", '"': '"' };

/** The backslash escapes of `echo -e` and `printf %b` */
function escapes(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|(0?[0-7]{1,3})|([^]))/g, (match, hexadecimal?: string, unicode?: string, octal?: string, letter?: string) => {
    const code = hexadecimal ?? unicode;
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
    return named[letter ?? ''] ?? match;
  });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(text: string): string | undefined {
  const digits = text.replace(/[\s=]/g, '').replace(/-/g, '+').replace(/_/g, '/');
  if (digits.length > longest) return undefined;
  let out = '';
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value === -1) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += String.fromCharCode((bits >> count) & 0xff);
    }
  }
  return out;
}

function hex(text: string): string | undefined {
  const digits = text.replace(/\s/g, '');
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits) || digits.length > longest) return undefined;
  return digits.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

/** `tr` between two sets of the same length, ranges unfolded (rot13 and the like) */
function translated(text: string, from: string, to: string): string | undefined {
  const source = unfolded(from);
  const target = unfolded(to);
  if (source.length !== target.length) return undefined;
  return text.replace(/[^]/g, (character) => {
    const at = source.lastIndexOf(character);
    return at === -1 ? character : target.charAt(at);
  });
}

function unfolded(set: string): string {
  return set.replace(/([a-zA-Z0-9])-([a-zA-Z0-9])/g, (_, first: string, last: string) => {
    let out = '';
    for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code += 1) out += String.fromCharCode(code);
    return out;
  });
}
