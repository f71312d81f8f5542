import assert from 'node:assert/strict';
import { proposedText } from '../../../src/host/prompt/proposedText.ts';

describe('The new side of a diff', () => {
  const cases: [string, string, Record<string, unknown>, string | undefined, string | undefined][] = [
    ['is the content of a write', 'write_file', { path: 'a', content: 'new' }, 'old', 'new'],
    ['is the content of a write to a file that is not there', 'write_file', { path: 'a', content: 'new' }, undefined, 'new'],
    ['has the first find replaced', 'edit_file', { file_path: 'a', old_string: 'b', new_string: 'X' }, 'a b b', 'a X b'],
    ['has every find replaced where the edit says so', 'edit_file', { file_path: 'a', old_string: 'b', new_string: 'X', replace_all: true }, 'a b b', 'a X X'],
    ['takes several edits in order', 'edit_file', { file_path: 'a', edits: [{ old_string: 'a', new_string: 'b' }, { old_string: 'b', new_string: 'c' }] }, 'a', 'c'],
    ['keeps dollar signs of a replacement as they are', 'edit_file', { file_path: 'a', old_string: 'b', new_string: '$&' }, 'b', '$&'],
    ['is not guessed where the text to replace is not there', 'edit_file', { file_path: 'a', old_string: 'zz', new_string: 'X' }, 'a', undefined],
    ['is not guessed for a delete', 'delete_file', { path: 'a', content: 'new' }, 'old', undefined],
    ['is not guessed without a path', 'write_file', { content: 'new' }, 'old', undefined],
  ];
  for (const [name, tool, input, current, text] of cases) {
    it(name, () => assert.equal(proposedText({ tool, input }, tool, current)?.text, text));
  }
});
