import { readPath } from '../path.ts';
import type { Run } from './interpret.ts';
import { doubt, worsen } from './line.ts';
import { noStdin } from './scope.ts';
import type { ExpandedWord } from './fields.ts';

/** What running downloaded text runs into (spec 4) */
export const downloadGuardrail = { id: 'download_to_interpreter', summary: 'It would run what it downloads.' } as const;

const interpreters = /^(?:(?:ba|da|z|k|a|fi|c|tc)?sh|source|\.|python[\d.]*|pypy\d*|node|nodejs|deno|bun|perl|ruby|php|lua|luajit|Rscript|osascript|pwsh|powershell|tclsh|awk|gawk)$/;

/** `bash <(…)`, `source <(…)`: the program is what another command prints */
export function feedInterpreter(words: readonly ExpandedWord[], run: Run): void {
  const program = words[0]?.text ?? '';
  if (!interpreters.test(program.slice(program.lastIndexOf('/') + 1))) return;
  const { exec } = run.owner;
  const fed = words.find((word) => word.fed !== undefined);
  if (fed === undefined) {
    if (!words.some((word) => /^\/(?:dev|proc\/self)\/(?:stdin|fd\/\d+)$/.test(word.text ?? ''))) return;
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It runs text that is only known when it runs.');
    if (run.stdin.download) exec.guardrail ??= downloadGuardrail;
    if (run.stdin.text !== null) run.scope.readText(run.stdin.text, { state: run.scope.state.forNewShell(), stdin: noStdin, guessed: 'It is what an encoded text says.', parent: run.owner.index });
    return;
  }
  worsen(exec, 'unreadable', Infinity);
  doubt(exec, 'It runs what another command prints.');
  if (run.scope.downloads()) exec.guardrail ??= downloadGuardrail;
  if (typeof fed.fed === 'string') run.scope.readText(fed.fed, { state: run.scope.state.forNewShell(), guessed: 'It is what an encoded text says.', parent: run.owner.index });
}

/** `curl -o x … && sh x`, `… && ./x`: the file that runs was downloaded by this line */
export function runsDownloaded(words: readonly ExpandedWord[], { scope }: Run): boolean {
  const program = words[0]?.text ?? '';
  const runs = interpreters.test(program.slice(program.lastIndexOf('/') + 1)) ? words.slice(1) : program.includes('/') ? words.slice(0, 1) : [];
  return runs.some(({ text }) => {
    if (text === null || text === '') return false;
    return (scope.state.folders ?? []).some((folder) => {
      const path = readPath(text, folder, scope.line.surroundings);
      return path.ok && scope.line.downloaded.has(path.path);
    });
  });
}
