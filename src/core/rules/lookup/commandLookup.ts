import type { ExecAction } from '../../action.ts';
import type { CompiledRule } from '../compiledRule.ts';

interface WordNode {
  children?: Map<string, WordNode>;
  rules?: CompiledRule[];
}

/** Command prefixes by words: allows over the words as they stand, denies and asks also over every reading of the command */
export class CommandLookup {
  readonly #allows: WordNode = {};
  readonly #blocks: WordNode = {};

  add(rule: CompiledRule): void {
    let node = rule.effect === 'allow' ? this.#allows : this.#blocks;
    for (const word of rule.words ?? []) {
      node.children ??= new Map();
      let next = node.children.get(word);
      if (next === undefined) node.children.set(word, (next = {}));
      node = next;
    }
    (node.rules ??= []).push(rule);
  }

  collect(action: ExecAction, into: CompiledRule[]): void {
    walk(this.#allows, action.argv, into);
    if (this.#blocks.children === undefined) return;
    const blocks: CompiledRule[] = [];
    walk(this.#blocks, action.argv, blocks);
    for (const reading of action.readings) walk(this.#blocks, reading, blocks);
    if (blocks.length > 1) for (const rule of new Set(blocks)) into.push(rule);
    else for (const rule of blocks) into.push(rule);
  }
}

function walk(root: WordNode, words: readonly (string | null)[], into: CompiledRule[]): void {
  let node: WordNode | undefined = root;
  for (const word of words) {
    if (word === null) return;
    node = node.children?.get(word);
    if (node === undefined) return;
    if (node.rules !== undefined) for (const rule of node.rules) into.push(rule);
  }
}
