import type { Draft } from './draft.ts';
import { certainStart, maySplit } from './readByRow.ts';
import type { Parsed, Row } from './row.ts';

/** Commands that are part of the shell, and those beside them that only print what they are told */
export const builtinRows: readonly Row[] = [
  { names: 'echo :', class: 'read', anyOption: true, style: 'words', examples: ['echo done → read', 'echo "$x" → read', 'echo $x → read', 'echo "rm -rf /" → read', 'echo * → read', ': → read'] },
  {
    names: 'printf', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      const first = parsed.words[1];
      if (first === undefined) return;
      if (first.text === null ? certainStart(first) === '' || certainStart(first).startsWith('-') : first.text.startsWith('-v')) {
        const name = first.text === '-v' ? parsed.words[2]?.text ?? null : first.text?.slice(2) ?? null;
        setsVariable(name, parsed.at + 1, draft);
      }
    },
    examples: ["printf '%s\\n' a → read", 'printf "$fmt" → other@1 unknown change:unknown', "printf -v 'a[$(rm -rf .)]' x → other@1 unknown change:unknown", 'printf -v x %s y → read change:assign:x', 'printf "%s\\n" "$x" → read'],
  },
  { names: 'test [', class: 'read', style: 'words', operands: 'noted*', also: tests, examples: ['[ -f package.json ] → read', 'test "$x" = y → read', '[ -n "$x" ] → read', "test -v 'a[$(x)]' → other@2 unknown", '[ "$x" y ] → other', '[ -v "$x" ] → other unknown', '[ -v x ] → read', '[ "$a" -gt 3 -a -n "$b" ] → read', '[ "$x" ] → read', '[ ! -d "$x" ] → read', '[ $x = y ] → other', '[ $? -eq 0 ] → read', 'test "$@" → other'] },
  {
    names: 'cd pushd popd', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      const name = parsed.words[0]?.text;
      const at = parsed.words.findIndex((word, index) => index > 0 && !/^-(?:[LPen@]+|-)$/u.test(word.text ?? ''));
      const to = at < 0 ? undefined : parsed.words[at]?.text ?? null;
      if (name === 'popd' || (name === 'pushd' && (to === undefined || (to !== null && /^[-+]\d+$/u.test(to))))) draft.change({ kind: 'cd', to: null });
      else draft.change({ kind: 'cd', to: to === undefined ? '~' : parsed.words[at]?.glob ? null : to });
    },
    examples: ['cd src → read change:cd:src', 'cd → read change:cd:~', 'cd - → read change:cd:-', 'cd "$X" → read change:cd:?', 'popd → read change:cd:?', 'cd -P a → read change:cd:a', 'cd -- a → read change:cd:a', 'cd */ → read change:cd:?'],
  },
  { names: 'export declare typeset local readonly', class: 'read', style: 'words', operands: 'noted*', also: declares, examples: ['export LANG=C → read change:assign:LANG', 'declare -x PATH=./evil → read change:assign:PATH', 'export -p → other@Infinity', 'export → other@Infinity', 'export X=$(a) → read change:assign:X', 'export X → read change:export:X', "declare -i x='a[$(b)]' → other unknown change:assign:x", 'declare "a[$(x)]=1" → other unknown change:unknown', 'export "$x" → other unknown change:unknown', 'local x → read', 'export -f f → read change:redefine:f', 'declare -n x=y → other unknown change:assign:x', 'declare → other@Infinity', 'export -n X → read change:unset:X'] },
  { names: 'unset', class: 'read', style: 'words', operands: 'noted*', also: unsets, examples: ['unset X → read change:unset:X', 'unset -f ls → read change:redefine:ls', "unset 'a[$(x)]' → other unknown change:unknown"] },
  {
    names: 'alias', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      for (const word of parsed.words.slice(1)) {
        const start = word.text ?? certainStart(word);
        const equals = start.indexOf('=');
        if (equals > 0) draft.change({ kind: 'alias', name: start.slice(0, equals), value: word.text === null ? null : word.text.slice(equals + 1) });
        else if (word.text === null) draft.change({ kind: 'redefine', name: null });
      }
    },
    examples: ["alias ll='ls -l' → read change:alias:ll", 'alias → read', 'alias "$x" → read change:redefine:*'],
  },
  {
    names: 'unalias', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      for (const word of parsed.words.slice(1)) draft.change({ kind: 'unalias', name: word.text === '-a' ? null : word.text });
    },
    examples: ['unalias ll → read change:unalias:ll', 'unalias -a → read change:unalias:*'],
  },
  { names: 'set', class: 'read', style: 'words', operands: 'noted*', also: setsOptions, examples: ['set -e → read change:option:e', 'set -euo pipefail → read change:option:e change:option:u change:option:pipefail', 'set → other@Infinity', 'set -- a b → read change:positional', 'set -k → other@1 change:option:k', 'set +x → read change:option:x', 'set "$x" → read change:positional'] },
  {
    names: 'shopt setopt unsetopt', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      const on = parsed.words[0]?.text === 'setopt' || parsed.words.some((word) => word.text === '-s');
      for (const word of parsed.words.slice(1)) if (!word.text?.startsWith('-')) draft.change({ kind: 'option', name: word.text ?? '?', on });
    },
    examples: ['shopt -s extglob → read change:option:extglob', 'shopt → read'],
  },
  { names: 'shift', class: 'read', style: 'words', operands: 'data*', also: (_, draft) => draft.change({ kind: 'positional' }), examples: ['shift 2 → read change:positional'] },
  {
    names: 'source .', class: 'unreadable', style: 'words', operands: 'read data*', named: 'last',
    also: (_, draft) => {
      draft.run({ kind: 'script', text: null, namedAt: 1, shell: 'bash' });
      draft.change({ kind: 'unknown', why: 'a file was run in this shell' });
    },
    examples: ['source venv/bin/activate → unreadable read:venv/bin/activate script:? change:unknown', '. ./x a → unreadable read:./x script:? change:unknown'],
  },
  {
    names: 'eval', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      const parts = parsed.words.slice(parsed.words[1]?.text === '--' ? 2 : 1).map((word) => word.text);
      if (parts.length > 0) draft.run({ kind: 'script', text: parts.includes(null) ? null : parts.join(' '), namedAt: parsed.words.length - 1, shell: 'bash' });
    },
    examples: ['eval "git push" → read script:git_push', 'eval git push → read script:git_push', 'eval "$x" → read script:?'],
  },
  { names: 'exec', class: 'read', stops: true, options: '-cl -a=', operands: 'command', examples: ['exec git push → read runs:1', 'exec -a ls rm -rf . → read runs:3', 'exec → read'] },
  { names: 'builtin noglob nocorrect', class: 'read', style: 'words', operands: 'command', examples: ["builtin eval 'rm -rf .' → read runs:1"] },
  {
    names: 'command', class: 'read', stops: true, options: '-pvV', operands: 'noted*',
    also: (parsed, draft) => {
      const from = parsed.operands[0];
      if (from !== undefined && !parsed.has('v') && !parsed.has('V')) draft.run({ kind: 'words', from });
    },
    examples: ['command -v node → read', 'command -p rm -rf . → read runs:2', 'command rm -r src → read runs:1'],
  },
  { names: 'type which whereis whatis apropos where', class: 'read', anyOption: true, examples: ['which node python3 → read', 'type -t ls → read'] },
  {
    names: 'hash', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      if (!parsed.words.slice(1).some((word) => word.text === null || word.text.startsWith('-p'))) return;
      draft.worsen('other', parsed.words.length - 1);
      draft.change({ kind: 'redefine', name: parsed.words.at(-1)?.text ?? null });
    },
    examples: ['hash -r → read', 'hash -p ./x ls → other@3 change:redefine:ls'],
  },
  {
    names: 'enable', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      if (parsed.words.length === 1) return;
      draft.worsen(parsed.words.some((word) => word.text === null || /^-[a-z]*f/u.test(word.text)) ? 'unreadable' : 'other', parsed.words.length - 1);
      draft.change({ kind: 'redefine', name: null });
    },
    examples: ['enable -n test → other@2 change:redefine:*', 'enable -f ./x.so y → unreadable change:redefine:*'],
  },
  {
    names: 'trap', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      const at = parsed.words[1]?.text === '--' ? 2 : 1;
      const text = parsed.words[at]?.text;
      if (text === undefined || text === '-' || text === '' || text === '-p' || text === '-l' || (parsed.words.length === at + 1 && text !== null)) return;
      draft.run({ kind: 'script', text, namedAt: at, shell: 'bash' });
    },
    examples: ["trap 'rm -rf .' DEBUG → read script:rm_-rf_.", 'trap - EXIT → read', 'trap → read', 'trap "$x" EXIT → read script:?'],
  },
  {
    names: 'read', class: 'read', options: '-rse -a=:noted -d= -i= -n= -N= -p= -t= -u=', operands: 'noted*',
    also: (parsed, draft) => {
      const array = parsed.option('a');
      if (array !== undefined) setsVariable(array.value ?? null, array.valueAt, draft);
      for (const at of parsed.operands) setsVariable(parsed.words[at]?.text ?? null, at, draft);
      if (parsed.operands.length === 0) draft.change({ kind: 'assign', name: 'REPLY', value: null, exported: false });
    },
    examples: ["read 'a[$(rm -rf .)]' → other@1 unknown change:unknown", 'read -r x y → read change:assign:x change:assign:y', 'read → read change:assign:REPLY'],
  },
  {
    names: 'mapfile readarray', class: 'read', options: '-t -d= -n= -O= -s= -u= -C=:runs -c=', operands: 'noted*',
    also: (parsed, draft) => setsVariable(parsed.operands.length === 0 ? 'MAPFILE' : parsed.operand(0) ?? null, parsed.operands[0] ?? 0, draft),
    examples: ['mapfile -t a → read change:assign:a', "mapfile -C 'rm x' -c 1 a → other@2 script:rm_x change:assign:a"],
  },
  { names: 'let', named: 'last', style: 'words', operands: 'noted*', also: (parsed, draft) => {
    if (parsed.words.some((word) => word.text === null || /[[`$]/u.test(word.text))) draft.unknown('arithmetic on it may run commands', parsed.words.length - 1);
  }, examples: ['let i++ → other@1', "let 'a[$(x)]' → other unknown"] },
  {
    names: 'getopts', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => setsVariable(parsed.words[2]?.text ?? null, 2, draft), examples: ['getopts ab: opt → read change:assign:opt'],
  },
  { names: 'wait', class: 'read', anyOption: true, options: '-p=:noted', also: (parsed, draft) => {
    for (const option of parsed.options) if (option.id === 'p') draft.change({ kind: 'assign', name: option.value ?? 'PATH', value: null, exported: false });
  }, examples: ['wait → read', 'wait -n → read', 'wait -p PATH → read change:assign:PATH'] },
  { names: 'exit return break continue jobs fg bg disown dirs times caller help umask ulimit logout suspend compopt', class: 'read', anyOption: true, examples: ['exit 1 → read', 'umask 022 → read'] },
  { names: 'kill pkill killall xkill', named: 'last', anyOption: true, style: 'words', examples: ['kill -9 123 → other@2'] },
  { names: 'complete compgen bind fc history zmodload autoload emulate zle vared functions whence print sched zcompile', named: 'all', anyOption: true, style: 'words', examples: ['history → other@0', 'compgen -C x → other@2'] },
];

/** A variable set by name; a name with a subscript is evaluated by the shell and may run commands */
function setsVariable(name: string | null, at: number, draft: Draft): void {
  if (name !== null && /^[A-Za-z_]\w*$/u.test(name)) {
    draft.change({ kind: 'assign', name, value: null, exported: false });
    return;
  }
  draft.worsen('other', at);
  draft.unknown('the shell evaluates this name, which may run commands', at);
  draft.change({ kind: 'unknown', why: 'which variable was set is only known when it runs' });
}

const binaryTests = new Set(['=', '==', '!=', '<', '>', '=~', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef', '-a', '-o']);
const unaryTest = /^-[abcdefghknoprstuwxzGLNOS]$/u;

/** `test`: only `-v` and `-R` evaluate a name. A word only known at run time may stand where its neighbour shows it is an operand */
function tests(parsed: Parsed, draft: Draft): void {
  const { words } = parsed;
  const end = words[0]?.text === '[' && words.at(-1)?.text === ']' ? words.length - 1 : words.length;
  const count = end - 1;
  for (let i = 1; i < end; i += 1) {
    const word = words[i];
    const text = word?.text ?? null;
    if (text === '-v' || text === '-R') {
      const name = words[i + 1]?.text ?? null;
      if (i + 1 < end && (name === null || !/^\w+$/u.test(name))) {
        draft.worsen('other', i + 1);
        draft.unknown('the shell evaluates this name, which may run commands', i + 1);
      }
    } else if (text === null) {
      const before = i > 1 ? words[i - 1]?.text ?? null : undefined;
      const after = i + 1 < end ? words[i + 1]?.text ?? null : undefined;
      const placed = (typeof before === 'string' && (unaryTest.test(before) || binaryTests.has(before))) || (typeof after === 'string' && binaryTests.has(after)) || count === 1 || (count === 2 && before === '!');
      if (!placed || (word !== undefined && maySplit(word))) draft.worsen('other', i);
    }
  }
}

function declares(parsed: Parsed, draft: Draft): void {
  const { words } = parsed;
  const program = words[0]?.text ?? '';
  let flags = '';
  let i = 1;
  for (; i < words.length; i += 1) {
    const text = words[i]?.text;
    if (text === '--') {
      i += 1;
      break;
    }
    if (typeof text !== 'string' || !/^[-+][A-Za-z]+$/u.test(text)) break;
    flags += text.startsWith('+') ? text.slice(1).toUpperCase() : text.slice(1);
  }
  const exported = program === 'export' || flags.includes('x');
  if (i >= words.length) {
    if (program === 'local' || flags.includes('f') || flags.includes('F')) return;
    draft.worsen('other', Infinity);
    return;
  }
  for (; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) continue;
    const known = word.text ?? certainStart(word);
    const match = /^([A-Za-z_]\w*)(\+?=|$)/u.exec(known);
    const name = match?.[1];
    if (name === undefined || (word.text === null && match?.[2] === '')) {
      draft.worsen('other', i);
      draft.unknown('which variable it sets is only known when it runs', i);
      draft.change({ kind: 'unknown', why: 'which variable was set is only known when it runs' });
      continue;
    }
    if (flags.includes('f')) {
      draft.change({ kind: 'redefine', name });
      continue;
    }
    const assigns = match?.[2] !== '';
    const value = word.text === null || match?.[2] === '+=' ? null : word.text.slice(name.length + 1);
    if (flags.includes('n') && program !== 'export' || (flags.includes('i') && assigns && (value === null || !/^[-+]?\d*$/u.test(value)))) {
      draft.worsen('other', i);
      draft.unknown('the shell evaluates this value, which may run commands', i);
    }
    if (flags.includes('p')) {
      draft.worsen('other', i);
      continue;
    }
    if (program === 'export' && flags.includes('n')) draft.change({ kind: 'unset', name });
    else if (assigns) draft.change({ kind: 'assign', name, value, exported });
    else if (exported) draft.change({ kind: 'export', name });
  }
}

function unsets(parsed: Parsed, draft: Draft): void {
  let functions = false;
  parsed.words.forEach((word, at) => {
    if (at === 0) return;
    if (word.text !== null && /^-[fvn]$/u.test(word.text)) functions ||= word.text === '-f';
    else if (word.text === null || !/^[^[\]]+$/u.test(word.text)) setsVariable(word.text, at, draft);
    else draft.change(functions ? { kind: 'redefine', name: word.text } : { kind: 'unset', name: word.text });
  });
}

function setsOptions(parsed: Parsed, draft: Draft): void {
  const { words } = parsed;
  if (words.length === 1) {
    draft.worsen('other', Infinity);
    return;
  }
  for (let i = 1; i < words.length; i += 1) {
    const text = words[i]?.text ?? null;
    if (text === null || text === '--' || text === '-' || !/^[-+]/u.test(text)) {
      draft.change({ kind: 'positional' });
      return;
    }
    const on = text.startsWith('-');
    for (const letter of text.slice(1)) {
      if (letter === 'k') draft.worsen('other', i);
      if (letter !== 'o') draft.change({ kind: 'option', name: letter, on });
      else if (i + 1 < words.length) {
        i += 1;
        draft.change({ kind: 'option', name: words[i]?.text ?? '?', on });
      }
    }
  }
}
