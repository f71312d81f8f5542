import type { Draft } from './draft.ts';
import { isWholeTree, wholeTreeName } from './wholeTree.ts';

/** Calls that remove whole trees, in the languages agents use for one-liners */
const removes = /\b(?:rmtree|rmSync|rmdirSync|rm_rf|rm_r|remove_tree|removeSync|remove_dir_all|RemoveAll|rimraf|rmdir|unlink_tree|deleteRecursive|fs(?:\.promises)?\.rm)\b/u;
const runsCommand = /(?:\bsystem|\bpopen\w*|\bexec(?:Sync|File|FileSync|v|ve|vp)?|\bspawn(?:Sync)?|\brun|\bcall|\bcheck_(?:call|output)|\bgetoutput|\bProcess\.start|\bshell_exec|\bpassthru|\bqx|\bdo shell script)\s*[({ ]?\s*\[?\s*$/u;
/** `run(['git', 'push'])`, `spawn('git', ['push'])` */
const callsWithList = /\b(?:run|call|check_call|check_output|Popen|spawn(?:Sync)?|execFile(?:Sync)?|execv?p?|system)\s*\(([^()]{0,500})/gu;

/**
 * Looks through code of another language for what a guardrail or a deny rule would stop: tree removals of a root, and
 * constant shell commands. The code counts as unreadable all the same, so what this misses is still asked about.
 */
export function scanCode(code: string | null, at: number, draft: Draft): void {
  if (code === null || code.length > 65_536) return;
  const destroys = removes.test(code);
  for (const match of code.matchAll(callsWithList)) {
    const parts = [...(match[1] ?? '').matchAll(/'([^'\\]*)'|"([^"\\]*)"/gu)].map((part) => part[1] ?? part[2] ?? '');
    if (parts.length > 1) draft.run({ kind: 'script', text: parts.join(' '), namedAt: at, shell: 'bash' });
  }
  for (const { quote, text, index } of literalsIn(code)) {
    const literal = text.replace(/\\(['"`\\])/gu, '$1');
    if (literal === '') continue;
    if (destroys && isWholeTree(literal)) draft.block('destructive_deletion', `Its code deletes everything in ${wholeTreeName(literal)}.`);
    const before = code.slice(Math.max(0, index - 40), index);
    if (runsCommand.test(before) || (quote === '`' && !literal.includes('${'))) {
      draft.run({ kind: 'script', text: literal, namedAt: at, shell: 'bash' });
    } else if (literal.length < 512 && /^(?:\.{0,2}\/|~\/|\.env)/u.test(literal)) {
      draft.path('read', literal, undefined, at, { recursive: false });
    }
  }
}

interface Literal {
  readonly quote: string;
  readonly text: string;
  readonly index: number;
}

/**
 * The texts in quotes of a code; those in `'` and `"` end in their line. One pass: behind a quote that nothing closes, others
 * of its kind in that line are escaped and close nothing either.
 */
function literalsIn(code: string): readonly Literal[] {
  const found: Literal[] = [];
  const open: Record<string, number> = { "'": 0, '"': 0, '`': 0 };
  for (let at = 0; at < code.length; at += 1) {
    const quote = code[at] ?? '';
    if (at < (open[quote] ?? Infinity)) continue;
    const line = quote === '`' ? -1 : code.indexOf('\n', at);
    const most = line < 0 ? code.length : line;
    let end = at + 1;
    while (end < most && code[end] !== quote) {
      if (code[end] !== '\\') end += 1;
      else if (code[end + 1] === '\n') break;
      else end += 2;
    }
    if (end < most && code[end] === quote) {
      found.push({ quote, text: code.slice(at + 1, end), index: at });
      at = end;
    } else {
      open[quote] = end;
    }
  }
  return found;
}
