import type { Draft } from './draft.ts';

type Token = { readonly kind: 'name' | 'number' | 'string' | 'regex' | 'sign' | 'line'; readonly text: string };

/**
 * Reads an `awk` program and adds to the draft what it does beyond computing and printing: `system()`, pipes and
 * `"cmd" | getline` run programs, `print > file` writes, `getline < file` reads. What is not constant is unknown, and so
 * is a program whose words cannot be told apart with certainty.
 *
 * `{print $1}` → nothing · `{print > "out"}` → writes `out` · `{system($0)}` → unknown
 */
export function analyseAwk(program: string | null, at: number, draft: Draft): void {
  const unknown = (why: string): void => {
    draft.worsen('other', at);
    draft.unknown(why, at);
  };
  if (program === null) {
    unknown('its program is only known when it runs');
    return;
  }
  const tokens = tokenise(program);
  if (tokens === undefined) {
    unknown('its program could not be read');
    return;
  }
  const runs = (target: string | undefined): void => {
    if (target === undefined) {
      unknown('it runs a command that is only known when it runs');
      return;
    }
    draft.worsen('other', at);
    draft.run({ kind: 'script', text: target, namedAt: at, shell: 'bash' });
  };
  let printing = false;
  let depth = 0;
  let printDepth = 0;
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token === undefined) break;
    const { kind, text } = token;
    if (kind === 'line') {
      const before = tokens[i - 1]?.text;
      if (before !== ',' && before !== '&&' && before !== '||') printing = false;
    } else if (kind === 'name') {
      if (text === 'print' || text === 'printf') {
        printing = true;
        printDepth = depth;
      } else if (text === 'system') {
        runs(constantIn(tokens, i + 1, ')'));
      } else if (text === 'getline') {
        let next = i + 1;
        if (tokens[next]?.kind === 'name') next += 1;
        if (tokens[next]?.text === '[' || tokens[next]?.text === '$') {
          unknown('it reads into a computed place');
          continue;
        }
        if (tokens[next]?.text !== '<') continue;
        const file = tokens[next + 1];
        const after = tokens[next + 2];
        if (file?.kind !== 'string' || (after !== undefined && after.kind !== 'line' && ![')', '}', ';', '>'].includes(after.text))) unknown('it reads a file that is only known when it runs');
        else if (file.text !== '-') draft.path('read', file.text, undefined, at);
      } else if (text === 'ENVIRON' || text === 'ARGV' || text === 'ARGC' || text === 'PROCINFO' || text === 'SYMTAB' || text === 'FUNCTAB') {
        if (text === 'ENVIRON') draft.worsen('other', at);
        else unknown(`it uses ${text}`);
      }
    } else if (kind === 'sign') {
      if (text === '(' || text === '[') depth += 1;
      else if (text === ')' || text === ']') depth -= 1;
      else if (text === ';' || text === '{' || text === '}') printing = false;
      else if (text === '@' || text === '|&') unknown('it loads code or talks to another program');
      else if (text === '|') {
        if (tokens[i + 1]?.text === 'getline') runs(constantBefore(tokens, i));
        else runs(constantIn(tokens, i, ''));
      } else if ((text === '>' || text === '>>') && printing && depth <= printDepth) {
        const target = constantIn(tokens, i, '');
        if (target === undefined) unknown('it writes a file that is only known when it runs');
        else if (target.startsWith('/inet')) unknown('it opens a network connection');
        else if (target !== '/dev/stderr' && target !== '/dev/stdout' && target !== '-' && target !== '/dev/null') {
          draft.worsen('other', at);
          draft.path('write', target, undefined, at);
        }
      } else if (text === '>>') unknown('its program could not be read');
    }
  }
}

/** The constant string after token `i` (past an opening parenthesis), where the whole operand is that one string */
function constantIn(tokens: readonly Token[], i: number, close: string): string | undefined {
  let at = i + 1;
  let opened = false;
  if (close === ')') {
    if (tokens[i]?.text !== '(') return undefined;
  } else if (tokens[at]?.text === '(') {
    opened = true;
    at += 1;
  }
  const value = tokens[at];
  if (value?.kind !== 'string') return undefined;
  if (opened && tokens[at + 1]?.text !== ')') return undefined;
  const after = tokens[at + (opened ? 2 : 1)];
  if (close === ')') return after?.text === ')' ? value.text : undefined;
  return after === undefined || after.kind === 'line' || after.text === ';' || after.text === '}' ? value.text : undefined;
}

/** The constant string right before token `i`, where nothing is joined to it */
function constantBefore(tokens: readonly Token[], i: number): string | undefined {
  const value = tokens[i - 1];
  if (value?.kind !== 'string') return undefined;
  const before = tokens[i - 2];
  return before === undefined || before.kind === 'line' || ['(', '{', ';', '}', '&&', '||', '!'].includes(before.text) ? value.text : undefined;
}

const signs = /\|&|\|\||&&|>>|>=|<=|==|!=|!~|\+\+|--|\*\*=?|\+=|-=|\*=|%=|\^=|[-+*%^!<>|?:~$=,;(){}[\]@&]/uy;

/** Words that end an operand, after which `/` divides */
function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'number' || token.kind === 'string' || token.kind === 'regex') return true;
  if (token.kind === 'name') return !['print', 'printf', 'return', 'in', 'if', 'while', 'else', 'do', 'delete', 'exit', 'case', 'BEGIN', 'END', 'function', 'func'].includes(token.text);
  return token.text === ')' || token.text === ']';
}

/** `undefined`: the words cannot be told apart with certainty */
function tokenise(program: string): Token[] | undefined {
  const tokens: Token[] = [];
  let i = 0;
  while (i < program.length) {
    const c = program[i] ?? '';
    const before = tokens.at(-1);
    if (c === '\n') {
      tokens.push({ kind: 'line', text: '\n' });
      i += 1;
    } else if (c === ' ' || c === '\t' || c === '\r') {
      i += 1;
    } else if (c === '\\') {
      if (!/^\\\r?\n/u.test(program.slice(i, i + 3))) return undefined;
      i += program[i + 1] === '\r' ? 3 : 2;
    } else if (c === '#') {
      const end = program.indexOf('\n', i);
      i = end < 0 ? program.length : end;
    } else if (c === '"') {
      const end = endOfQuoted(program, i + 1, '"');
      if (end < 0) return undefined;
      const inner = program.slice(i + 1, end);
      // Escapes are left to awk: a text that holds any is not a constant we know
      tokens.push(inner.includes('\\') ? { kind: 'number', text: inner } : { kind: 'string', text: inner });
      i = end + 1;
    } else if (c === '/') {
      if (before?.kind === 'name' && (before.text === 'getline' || before.text === 'length')) return undefined;
      if (before?.text === '++' || before?.text === '--') return undefined;
      if (endsOperand(before)) {
        tokens.push({ kind: 'sign', text: '/' });
        i += program[i + 1] === '=' ? 2 : 1;
      } else {
        const end = endOfQuoted(program, i + 1, '/');
        if (end < 0 || /\[[^\]]*$/u.test(program.slice(i + 1, end))) return undefined;
        tokens.push({ kind: 'regex', text: program.slice(i + 1, end) });
        i = end + 1;
      }
    } else {
      const word = /^(?:[A-Za-z_]\w*|(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))/u.exec(program.slice(i, i + 200))?.[0];
      if (word !== undefined) {
        tokens.push({ kind: /^[A-Za-z_]/u.test(word) ? 'name' : 'number', text: word });
        i += word.length;
      } else {
        signs.lastIndex = i;
        const sign = signs.exec(program)?.[0];
        if (sign === undefined) return undefined;
        tokens.push({ kind: 'sign', text: sign });
        i += sign.length;
      }
    }
    if (tokens.length > 20_000) return undefined;
  }
  return tokens;
}

function endOfQuoted(program: string, from: number, quote: string): number {
  for (let k = from; k < program.length; k += 1) {
    const c = program[k];
    if (c === '\\') k += 1;
    else if (c === quote) return k;
    else if (c === '\n') return -1;
  }
  return -1;
}
