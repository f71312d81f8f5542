import assert from 'node:assert/strict';
import { plainLabel } from '../../../src/host/plainLabel.ts';

/** How the editor reads a label: the shape of its own expression, an optional backslash keeps the text */
function shown(label: string): string {
  return label.replace(/(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g, (_all, kept: string | undefined, name: string) => (kept ? `$(${name})` : '<icon>'));
}

describe('A label made of text from outside', () => {
  for (const text of ['echo $(trash)', '$(rm)$(sync~spin)', '\\$(trash)', '$$(trash)', 'echo "$(ls -l)"', 'plain']) {
    it(`shows ${text} as it is, never as an icon`, () => assert.equal(shown(plainLabel(text)), text));
  }
});
