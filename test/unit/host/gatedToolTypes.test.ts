import assert from 'node:assert/strict';
import { gatedTools, inputSchemaOf } from '../../../src/node/tools/catalogue.ts';
import type { GatedTools } from '../../../src/host/gatedToolTypes.ts';

/** An input that uses every key that the types have; the compiler holds it against `GatedTools` */
type Everything = { readonly [Name in keyof GatedTools]: Required<GatedTools[Name]['input']> };

const everything: Everything = {
  read_file: { path: 'a', encoding: 'utf8', startLine: 1, lineCount: 1, maxBytes: 1 },
  read_files: { paths: ['a'], maxBytes: 1 },
  list_directory: { path: 'a', maxEntries: 1 },
  search_files: { path: 'a', query: 'a', regex: true, caseSensitive: true, include: '*', maxResults: 1 },
  write_file: { path: 'a', content: '', encoding: 'base64' },
  edit_file: { path: 'a', edits: [{ oldText: 'a', newText: 'b', replaceAll: true }] },
  copy_file: { source: 'a', destination: 'b', overwrite: true },
  move_file: { source: 'a', destination: 'b', overwrite: true },
  rename_file: { oldPath: 'a', newPath: 'b', overwrite: true },
  import_file: { source: 'a', destination: 'b' },
  create_directory: { path: 'a' },
  delete_file: { path: 'a' },
  run_command: { command: 'a', cwd: 'a', timeoutSeconds: 1 },
  parse_document: { path: 'a', maxChars: 1 },
  web_fetch: { url: 'a', format: 'source', maxChars: 1, timeoutSeconds: 1 },
  http_request: { url: 'a', method: 'GET', headers: { a: 'b' }, body: 'a', timeoutSeconds: 1, maxChars: 1, followRedirects: false },
};

describe('The types of the gated tools', () => {
  it('name the tools that there are', () => {
    assert.deepEqual(Object.keys(everything), gatedTools.map(({ name }) => name));
  });

  for (const tool of gatedTools) {
    it(`have the input that ${tool.name} takes, key for key`, () => {
      const input = (everything as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[tool.name] ?? {};
      assert.ok(tool.input.safeParse(input).success);
      const { properties } = inputSchemaOf(tool) as { readonly properties: Readonly<Record<string, unknown>> };
      assert.deepEqual(Object.keys(input).toSorted(), Object.keys(properties).toSorted());
    });
  }
});
