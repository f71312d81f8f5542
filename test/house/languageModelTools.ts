import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gatedTools, inputSchemaOf } from '../../src/node/tools/catalogue.ts';
import { root } from './root.ts';

/** What stands in front of the names of gated tools in VS Code, where every extension's tools share one list */
export const prefix = 'coworkPolicy_';

/** The manifest's `languageModelTools`, and their titles in `package.nls.json`, as the catalogue of gated tools wants them */
export function languageModelTools(): { readonly tools: readonly object[]; readonly titles: Readonly<Record<string, string>> } {
  const tools = gatedTools.map((tool) => {
    const { $schema: _, ...inputSchema } = inputSchemaOf(tool);
    return {
      name: `${prefix}${tool.name}`, toolReferenceName: `cowork${wordsOf(tool.name).join('')}`, displayName: `%tool.${tool.name}%`, modelDescription: tool.description,
      icon: '$(shield)', canBeReferencedInPrompt: true, inputSchema,
    };
  });
  return { tools, titles: Object.fromEntries(gatedTools.map(({ name }) => [`tool.${name}`, `CoWork: ${wordsOf(name).join(' ')}`])) };
}

function wordsOf(name: string): readonly string[] {
  return name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** Writes them, a tool a line: `node test/house/languageModelTools.ts` */
function write(): void {
  const { tools, titles } = languageModelTools();
  const [manifestFile, textsFile] = ['package.json', 'package.nls.json'].map((name) => path.join(root, name)) as [string, string];
  const text = readFileSync(manifestFile, 'utf8');
  const lines = `"languageModelTools": [\n${tools.map((tool) => `      ${JSON.stringify(tool)}`).join(',\n')}\n    ]`;
  const written = /"languageModelTools": \[.*?\n    \]/s.exec(text);
  if (written === null) throw new Error('package.json has no languageModelTools to take the place of');
  writeFileSync(manifestFile, text.replace(written[0], () => lines));
  const texts = Object.entries(JSON.parse(readFileSync(textsFile, 'utf8')) as Record<string, string>).filter(([key]) => !key.startsWith('tool.'));
  writeFileSync(textsFile, `${JSON.stringify({ ...Object.fromEntries(texts), ...titles }, null, 2)}\n`);
}

if (import.meta.main) write();
