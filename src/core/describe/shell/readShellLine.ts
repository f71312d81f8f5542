import type { Action } from '../../action.ts';
import type { ShellKind } from '../../request.ts';
import type { Surroundings } from '../../surroundings.ts';
import { readCommandPrompt } from './commandPrompt.ts';
import { Line, TooMuchError } from './line.ts';
import { parseScript } from './parseScript.ts';
import { readPowerShell } from './powerShell.ts';
import { Scope } from './scope.ts';
import { ShellState } from './state.ts';
import { walkScript } from './walk.ts';
import { zshForm } from './zsh.ts';

/** Longer lines are not read: 64 KiB */
const longest = 65_536;

/**
 * Reads a shell line as the shell would, and gives everything it would do, one action each, in order; an `owner` is an
 * index into this list. Total: never throws; what cannot be read for certain gives an `unreadable` action, and whatever
 * could be read stands beside it so that denies and guardrails still hold.
 *
 * @param cwd folder the line starts in, canonical and absolute
 */
export function readShellLine(text: string, cwd: string, surroundings: Surroundings, shell: ShellKind): { actions: Action[] } {
  const line = new Line(surroundings, shell === 'zsh', text.length);
  if (text.length > longest) {
    line.breaks('It is longer than 64 KiB.');
  } else {
    try {
      if (shell === 'pwsh') readPowerShell(text, cwd, line);
      else if (shell === 'cmd') readCommandPrompt(text, cwd, line);
      else readBash(text, cwd, line);
    } catch (error) {
      // too much of it, deep recursion, or a fault of ours: in any case the line was not read
      line.breaks(error instanceof TooMuchError ? error.message : error instanceof RangeError ? 'It is nested too deep to read.' : 'It could not be read.');
    }
  }
  const odd = oddCharacters(text) ?? (shell === 'zsh' ? zshForm(text) : undefined);
  if (odd !== undefined) line.breaks(odd);
  if (line.broken !== undefined) {
    line.actions.push({ kind: 'exec', target: text, argv: [null], class: 'unreadable', namedAt: Infinity, readings: [], uncertain: line.broken });
  } else if (line.actions.length === 0) {
    line.add({ kind: 'exec', target: text, argv: [], class: 'read', namedAt: 0, readings: [] });
  }
  return { actions: line.actions };
}

function readBash(text: string, cwd: string, line: Line): void {
  const scope = new Scope(line, new ShellState([cwd]), text);
  const script = parseScript(text, line);
  if (script !== undefined) walkScript(script, scope);
  line.finish();
}

/** Characters that a shell and a reader take differently: NUL anywhere, a carriage return or other control outside quotes */
function oddCharacters(text: string): string | undefined {
  if (!/[\0\r\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)) return undefined;
  if (text.includes('\0')) return 'It holds a NUL character.';
  const bare = text.replace(/'[^']*'|"(?:[^"\\]|\\[^])*"/g, '');
  if (bare.includes('\r')) return 'It holds a carriage return.';
  return /[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(bare) ? 'It holds control characters.' : undefined;
}
