import type { Draft } from './draft.ts';
import { isWholeTree } from './wholeTree.ts';

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
  for (const match of code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/gu)) {
    const literal = (match[1] ?? match[2] ?? match[3] ?? '').replace(/\\(['"`\\])/gu, '$1');
    if (literal === '') continue;
    if (destroys && isWholeTree(literal)) draft.block('destructive_deletion', `Its code deletes everything in ${literal}.`);
    const before = code.slice(Math.max(0, match.index - 40), match.index);
    if (runsCommand.test(before) || (match[3] !== undefined && !literal.includes('${'))) {
      draft.run({ kind: 'script', text: literal, namedAt: at, shell: 'bash' });
    } else if (literal.length < 512 && /^(?:\.{0,2}\/|~\/|\.env)/u.test(literal)) {
      draft.path('read', literal, undefined, at, { recursive: false });
    }
  }
}
