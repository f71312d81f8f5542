import { readPath } from '../path.ts';
import type { CommandReading, Word } from './command.ts';
import type { Scope } from './scope.ts';

/** Names that a line links, moves or copies in ways that keep links: what lies behind them is not known beforehand */
export function rememberLinks(reading: CommandReading, words: readonly Word[], scope: Scope): void {
  const program = reading.reading[0] ?? '';
  if (!/^(?:ln|mv|cp|rsync|mklink|new-item|unzip|tar|bsdtar)$/.test(program)) return;
  if (program === 'cp' && !words.some((word) => /^-[a-zA-Z]*[adPrRs]|^--(?:arch|rec|no-d|sym|pres)/.test(word.text ?? ''))) return;
  const { state, line } = scope;
  for (const effect of reading.effects) {
    if (effect.kind !== 'write') continue;
    for (const folder of state.folders ?? [line.surroundings.workspace]) {
      const path = readPath(effect.text, folder, line.surroundings);
      if (path.ok && path.path !== line.surroundings.workspace) state.remakes(path.named ?? path.path);
    }
  }
}
