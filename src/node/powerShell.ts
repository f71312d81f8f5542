import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SyntaxNode } from '../core/surroundings.ts';
import { readPressed } from './readPressed.ts';
import type * as TreeSitter from '@vscode/tree-sitter-wasm';

/** Longer lines are read without a tree */
const longest = 2_048;
/** Deeper trees are not handed on */
const deepest = 400;

type Parse = (text: string) => SyntaxNode | undefined;

let parser: TreeSitter.Parser | undefined;
let loading: Promise<boolean> | undefined;

/**
 * Parses PowerShell. The grammar is loaded on the first call, which itself gets no tree: what has none is read
 * conservatively. A line that does not parse without fault gives none either.
 */
export const parsePowerShell: Parse = (text) => {
  if (parser === undefined) {
    void loadPowerShell();
    return undefined;
  }
  if (text.length > longest) return undefined;
  const tree = parser.parse(text);
  if (tree === null) return undefined;
  try {
    return tree.rootNode.hasError ? undefined : copy(tree.rootNode, 0);
  } finally {
    tree.delete();
  }
};

/** Loads the grammar, once. False where that fails: there are no trees then, which is tighter and loses convenience only */
export function loadPowerShell(): Promise<boolean> {
  loading ??= load().then(() => true, () => false);
  return loading;
}

async function load(): Promise<void> {
  const { folder, read } = grammar();
  const { Parser, Language } = createRequire(path.join(folder, 'tree-sitter.js'))('./tree-sitter.js') as typeof TreeSitter;
  // Its types know only the first
  const options = { locateFile: (file: string) => path.join(folder, file), wasmBinary: read(path.join(folder, 'tree-sitter.wasm')) };
  await Parser.init(options);
  const language = await Language.load(read(path.join(folder, 'tree-sitter-powershell.wasm')));
  const made = new Parser();
  made.setLanguage(language);
  parser = made;
}

/** Beside the bundle, pressed, or in the package when run from source */
function grammar(): { readonly folder: string; readonly read: (file: string) => Buffer } {
  const beside = path.join(import.meta.dirname, 'tree-sitter');
  if (existsSync(beside)) return { folder: beside, read: readPressed };
  return { folder: path.join(import.meta.dirname, '../../node_modules/@vscode/tree-sitter-wasm/wasm'), read: (file) => readFileSync(file) };
}

function copy(node: TreeSitter.Node, depth: number): SyntaxNode | undefined {
  if (depth > deepest) return undefined;
  const children: SyntaxNode[] = [];
  for (const child of node.namedChildren) {
    const made = child === null ? undefined : copy(child, depth + 1);
    if (made === undefined) return undefined;
    children.push(made);
  }
  return { type: node.type, text: node.text, children };
}
