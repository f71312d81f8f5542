import { forEachChild } from 'unbash';
import type { Function as FunctionNode, SyntaxNode } from 'unbash';
import type { Line } from './line.ts';

/** What a call of such a function runs into (spec 4) */
export const forkBomb = { id: 'fork_bomb', summary: 'It would start copies of itself without end.' } as const;

/**
 * Whether a function multiplies when it is called: it calls itself twice from pipes or the background (`:(){ :|:& };:`),
 * or once in the background. One call in a pipe (`walk "$d" | sort`) is ordinary recursion.
 */
export function callsItselfTwice(node: FunctionNode, name: string, line: Line): boolean {
  let calls = 0;
  const search = (child: SyntaxNode, forked: boolean): void => {
    if (!line.spend(0.1)) return;
    if (child.type === 'Command' && child.name?.value === name && forked) calls += 1;
    const background = child.type === 'Statement' && child.background === true;
    if (background) calls += mentions(child, name, line) ? 1 : 0;
    const inner = forked || background || (child.type === 'Pipeline' && child.commands.length > 1) || child.type === 'CommandExpansion';
    forEachChild(child, (next) => search(next, inner));
  };
  search(node.body, false);
  return calls >= 2;
}

function mentions(node: SyntaxNode, name: string, line: Line): boolean {
  if (!line.spend(0.1)) return false;
  if (node.type === 'Command' && node.name?.value === name) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= mentions(child, name, line);
  });
  return found;
}
