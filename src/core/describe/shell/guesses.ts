import { interpret, position, type Run } from './interpret.ts';
import { type ExecDraft, worsen } from './line.ts';
import type { ExpandedWord } from './fields.ts';

/** Reads the command once more with the words it is likely to have, so that guardrails and denies hold for it */
export function readGuess(words: readonly ExpandedWord[], run: Run): void {
  const likely: ExpandedWord[] = [];
  let changed = false;
  for (const word of words) {
    if (word.text !== null || word.guess === null) {
      likely.push(word);
      continue;
    }
    changed = true;
    if (word.guess === '' && !word.quoted) continue;
    const pieces = word.quoted ? [word.guess] : word.guess.split(/\s+/).filter((piece) => piece !== '');
    for (const text of pieces) likely.push({ ...word, text, glob: word.glob || (!word.quoted && /[*?[]/.test(text)) });
  }
  if (changed && likely.length > 0) readAlso(likely, run, 'Part of the command is only known when it runs.');
}

/** macOS and Windows run `rm` for `RM` */
export function readLowered(words: readonly ExpandedWord[], run: Run): void {
  const [first, ...rest] = words;
  if (first === undefined || first.text === null) return;
  worsen(run.owner.exec, 'other', position(run, 0));
  readAlso([{ ...first, text: first.text.toLowerCase() }, ...rest], run, 'On this system upper and lower case name the same program.');
}

/** Reads other words that a command may turn out to have: their readings, effects and guardrails count, for no allow */
function readAlso(likely: readonly ExpandedWord[], run: Run, why: string): void {
  if (!run.scope.line.spend(1)) return;
  const { exec } = run.owner;
  const guess: ExecDraft = { kind: 'exec', target: exec.target, argv: likely.map((word) => word.text), class: 'read', namedAt: 0, readings: [] };
  const scope = run.scope.with({ state: run.scope.state.fork() });
  interpret(likely, { ...run, scope, owner: { ...run.owner, exec: guess }, keepsShell: false, uncertain: why });
  exec.readings.push(...guess.readings);
  if (guess.guardrail !== undefined) exec.guardrail ??= guess.guardrail;
}
