// The texts that people see, as the code has them: from every call of the translator in the host, the gate and the panel
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';

/** Calls of the translator: `vscode.l10n.t(`, `l10n.t(` in the host; `sentence(` for what the gate says and the schema of a file; `words.t(` in the gate, which knows no editor; `t(` alone in the panel */
const calls = { 'src/core/schema': /\bsentence\(\s*/g, 'src/host': /\b(?:l10n\.t|sentence)\(\s*/g, 'src/gate': /\bwords\.t\(\s*/g, webview: /(?<![\w$.])t\(\s*/g };
/** Hand on texts that stand elsewhere */
const translators = ['src/core/schema/permissionsSchema.ts', 'src/host/gateTexts.ts', 'src/host/said.ts', 'src/host/hostWords.ts'];
const literal = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;

/**
 * Every text, sorted, and calls whose text is not written out and so cannot be translated, as sentences.
 *
 * @param {string} root folder of the project
 * @returns {{ texts: string[], problems: string[] }}
 */
export function textsOf(root) {
  const texts = new Set();
  const problems = [];
  for (const [folder, call] of Object.entries(calls)) {
    for (const file of globSync(`${folder}/**/*.ts`, { cwd: root })) {
      // Without comments and types, every text in double or single quotes
      const { code } = transformSync(readFileSync(path.join(root, file), 'utf8'), { loader: 'ts', charset: 'utf8' });
      for (const { index, 0: start } of code.matchAll(call)) {
        literal.lastIndex = index + start.length;
        const found = literal.exec(code)?.[0];
        if (found === undefined && translators.includes(file)) continue;
        if (found === undefined) problems.push(`${file}: the text of ${code.slice(index, index + 60).split('\n')[0]}… is not written out`);
        else texts.add(textOf(found));
      }
    }
  }
  return { texts: [...texts].sort((a, b) => (a < b ? -1 : 1)), problems };
}

/** The text that a literal stands for */
function textOf(quoted) {
  const inside = quoted.slice(1, -1).replaceAll(/\\(['"])|"/g, (all, quote) => (all === '"' || quote === '"' ? '\\"' : "'"));
  return JSON.parse(`"${inside}"`);
}

/** The bundle that translators begin with: each text stands for itself */
export function bundleOf(texts) {
  return `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), undefined, 2)}\n`;
}
