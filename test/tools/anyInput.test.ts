import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { gatedTools, inputSchemaOf } from '../../src/node/tools/catalogue.ts';
import { type ToolLab, openLab } from './toolLab.ts';

describe('Gated tools, whatever they are given', () => {
  let lab: ToolLab;
  before(() => {
    lab = openLab();
    // What is outside is denied by a rule, since this mode allows to read it; lines are for another test
    lab.denies({ kind: 'path', path: lab.outside }, { kind: 'tool', toolName: 'run_command' });
    lab.answers('deny_once');
    mkdirSync(lab.at('sub'));
    writeFileSync(lab.at('sub/a.txt'), 'a');
    writeFileSync(path.join(lab.outside, 'a.txt'), 'outside');
    symlinkSync(lab.outside, lab.at('out'));
  });
  after(() => lab.end());

  const paths = fc.constantFrom('a.txt', 'sub', 'sub/a.txt', 'out', 'out/a.txt', '..', '../outside/a.txt', '.', '/', '', '~', '\0', 'a\nb', 'sub/../../outside', '.git/config', '.env', 'con', 'x'.repeat(5_000), '/proc/self/root', 'file:///etc/passwd', 'http://h.example.com/');
  const value = fc.oneof({ weight: 4, arbitrary: paths }, fc.jsonValue({ maxDepth: 2 }), fc.array(paths, { maxLength: 3 }), fc.integer(), fc.boolean(), fc.constant([{ oldText: 'a', newText: 'b' }]));

  for (const tool of gatedTools) {
    it(`${tool.name} gives a result or a reason, and touches nothing outside`, async () => {
      const { properties } = inputSchemaOf(tool) as { readonly properties: Readonly<Record<string, unknown>> };
      const known = fc.record(Object.fromEntries(Object.keys(properties).map((key) => [key, value])), { requiredKeys: [] });
      const network = { resolve: () => Promise.reject(new Error('there is none')), connect: () => assert.fail('nothing may be connected to') };
      await fc.assert(fc.asyncProperty(fc.oneof({ weight: 6, arbitrary: known }, fc.anything()), async (input) => {
        const result = await lab.run(tool.name, input, { network });
        assert.equal(typeof (result.ok ? result.text : result.message), 'string');
        assert.ok(!JSON.stringify(result).includes('"outside"'));
      }), { numRuns: 150, seed: 7 });
      assert.deepEqual(readdirSync(lab.outside), ['a.txt']);
      assert.equal(readFileSync(path.join(lab.outside, 'a.txt'), 'utf8'), 'outside');
    });
  }
});
