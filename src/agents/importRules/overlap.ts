import { readPrefix } from '../../core/rules/commandWords.ts';
import { readDomainText } from '../../core/rules/domainText.ts';
import { isGlob, wildcardMatches } from '../../core/rules/globMatch.ts';
import type { RuleScope } from '../../core/rules/rule.ts';

/**
 * Whether two canonical scopes (`normaliseScope`) may both match one action. Says yes where it cannot tell, or where telling
 * would take more than `steps`, which it counts down.
 */
export function mayOverlap(a: RuleScope, b: RuleScope, steps: { left: number }): boolean {
  if (!textsMayMeet(toolOf(a), toolOf(b))) return false;
  if (a.kind === 'tool' || b.kind === 'tool') return true;
  if (a.kind === 'path' && b.kind === 'path') return pathsMayMeet(a.path, b.path, steps);
  if (a.kind === 'domain' && b.kind === 'domain') return hostsMayMeet(a.domain, b.domain);
  if (a.kind === 'command_prefix' && b.kind === 'command_prefix') return commandsMayMeet(readPrefix(a.prefix).words, readPrefix(b.prefix).words);
  if (a.kind === 'mcp_server' && b.kind === 'mcp_server') return a.serverName === b.serverName && textsMayMeet(a.toolName ?? '*', b.toolName ?? '*');
  // A path, a host and a command are different actions of one call, and each is decided by itself
  return false;
}

/** The tools that a scope is about, as a name with wildcards */
function toolOf(scope: RuleScope): string {
  switch (scope.kind) {
    case 'tool': return scope.toolName;
    case 'path': return scope.toolName ?? '*';
    case 'domain': return scope.toolName ?? (scope.toolPrefix === undefined ? '*' : `${scope.toolPrefix}*`);
    case 'command_prefix': return 'run_command';
    // The name of a server may be written in more than one way
    case 'mcp_server': return 'mcp_*';
  }
}

function textsMayMeet(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  if (isGlob(left)) return isGlob(right) || wildcardMatches(left, right);
  return isGlob(right) ? wildcardMatches(right, left) : left === right;
}

/** Each covers what lies below it */
function pathsMayMeet(a: string, b: string, steps: { left: number }): boolean {
  const left = [...partsOf(a), '**'];
  const right = [...partsOf(b), '**'];
  steps.left -= left.length * right.length;
  if (steps.left < 0) return true;
  // meet[j]: the parts of `left` so far and the first j of `right` can stand for one path
  let meet = right.map((_, j) => right.slice(0, j).every((part) => part === '**'));
  meet.push(right.every((part) => part === '**'));
  for (const part of left) {
    const next: boolean[] = [part === '**' && meet[0] === true];
    for (const [j, other] of right.entries()) {
      const isWild = part === '**' || other === '**';
      next.push(isWild ? (part === '**' && (meet[j + 1] === true || next[j] === true)) || (other === '**' && (next[j] === true || meet[j + 1] === true)) : meet[j] === true && textsMayMeet(part, other));
    }
    meet = next;
  }
  return meet[right.length] === true;
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

function hostsMayMeet(a: string, b: string): boolean {
  const left = readDomainText(a);
  const right = readDomainText(b);
  if (left === undefined || right === undefined || left.hostClass === 'loopback' || right.hostClass === 'loopback') return true;
  if ([left.kind, right.kind].some((kind) => kind === 'any' || kind === 'pattern')) return true;
  return left.host === right.host || (left.kind !== 'host' && right.host.endsWith(`.${left.host}`)) || (right.kind !== 'host' && left.host.endsWith(`.${right.host}`));
}

/** What is denied holds through wrappers, paths and options between, so it is enough that all its words stand in the other in their order */
function commandsMayMeet(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [a.map(bare), b.map(bare)];
  return standsIn(left, right) || standsIn(right, left);
}

function standsIn(words: readonly string[], longer: readonly string[]): boolean {
  let found = 0;
  for (const word of longer) if (word === words[found]) found += 1;
  return found === words.length;
}

function bare(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).toLowerCase();
}
