import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { languageModelTools } from '../../house/languageModelTools.ts';
import { root } from '../../house/root.ts';

describe('the gated tools in the manifest', () => {
  it('are those of the catalogue; node test/house/languageModelTools.ts writes them', () => {
    const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly contributes: { readonly languageModelTools: unknown } };
    const texts = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
    const { tools, titles } = languageModelTools();
    assert.deepEqual(contributes.languageModelTools, JSON.parse(JSON.stringify(tools)));
    assert.deepEqual(Object.fromEntries(Object.entries(texts).filter(([key]) => key.startsWith('tool.'))), titles);
  });
});
