import assert from 'node:assert/strict';
import { terminalText } from '../../../src/host/tools/terminalText.ts';

describe('Output in the terminal of agents’ commands', () => {
  const cases: readonly (readonly [what: string, output: string, shown: string])[] = [
    ['keeps text, tabs and colours', 'a\tb \u001b[1;38:5:196mred\u001b[0m', 'a\tb \u001b[1;38:5:196mred\u001b[0m'],
    ['ends lines as terminals want them', 'a\nb\r\nc', 'a\r\nb\r\nc'],
    ['shows a return that would overwrite the line', 'rm -rf x\rls', 'rm -rf x\\rls'],
    ['renames no terminal', '\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['fills no clipboard', '\u001b]52;c;ZXZpbA==\u001b\\', '\\x1b]52;c;ZXZpbA==\\x1b\\'],
    ['asks the terminal nothing, so that nothing is typed', '\u001b[6n\u001b[c\u0005', '\\x1b[6n\\x1b[c\\x05'],
    ['moves no cursor and clears no screen', '\u001b[2J\u001b[1A\b\u009b2K', '\\x1b[2J\\x1b[1A\\x08\\x9b2K'],
    ['takes no colour that hides another sequence', '\u001b[0;\u001b[6nm', '\\x1b[0;\\x1b[6nm'],
  ];
  for (const [what, output, shown] of cases) {
    it(what, () => assert.equal(terminalText(output), shown));
  }
});
