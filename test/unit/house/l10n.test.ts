import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleOf, textsOf } from '../../../l10n/texts.mjs';
import { root } from '../../house/root.ts';

type Texts = Readonly<Record<string, string>>;

function readTexts(file: string): Texts {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Texts;
}

/** The places where a text takes what changes: `{0}`, `{1}` */
function placeholders(text: string): readonly string[] {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].toSorted((a, b) => a.localeCompare(b));
}

describe('the texts that people see', () => {
  const { texts, problems } = textsOf(root);

  it('are all written out in the code, so that they can be found and translated', () => {
    assert.ok(texts.length > 300, `${texts.length} texts were found`);
    assert.deepEqual(problems, []);
  });

  it('are all in the bundle that the build writes: npm run build, and check it in', () => {
    assert.equal(readFileSync(path.join(root, 'l10n/bundle.l10n.json'), 'utf8'), bundleOf(texts));
  });
});

describe('every translation', () => {
  const pairs = [
    ...globSync('l10n/bundle.l10n.*.json', { cwd: root }).map((file) => [file, 'l10n/bundle.l10n.json'] as const),
    ...globSync('package.nls.*.json', { cwd: root }).map((file) => [file, 'package.nls.json'] as const),
  ];

  it('comes as a bundle and as texts of the manifest', () => {
    const languages = pairs.map(([file]) => /\.(\w+)\.json$/.exec(file)?.[1] ?? '');
    for (const language of languages) assert.equal(languages.filter((other) => other === language).length, 2, language);
    assert.ok(languages.includes('de'));
  });

  for (const [file, of] of pairs) {
    it(`${file} says each text of ${of}, with everything that changes in it, and no other`, () => {
      const [translated, original] = [readTexts(file), readTexts(of)];
      assert.deepEqual(Object.keys(original).filter((key) => (translated[key] ?? '').trim() === ''), [], 'not translated');
      assert.deepEqual(Object.keys(translated).filter((key) => !Object.hasOwn(original, key)), [], 'of no text');
      const wrong = Object.entries(translated).filter(([key, text]) => placeholders(text).join() !== placeholders(original[key] ?? '').join());
      assert.deepEqual(wrong, [], 'other placeholders');
    });
  }
});
