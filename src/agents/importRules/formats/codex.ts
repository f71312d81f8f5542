import type { Decision } from '../../../core/decision.ts';
import { readDomainText } from '../../../core/rules/domainText.ts';
import { startingWith, widened } from '../commandPattern.ts';
import { exactly, leftOut, noRule, wider, type Fitted, type FoundEntry } from '../preview.ts';
import { readStarlark, type StarlarkCall, type StarlarkValue } from './starlark.ts';

const decisions: Readonly<Record<string, Decision>> = { allow: 'allow', prompt: 'ask', forbidden: 'deny' };

/** Rules that the alternatives of one pattern multiply to */
const mostWays = 64;

/** Codex's `*.rules`: `prefix_rule(pattern=["git", ["status", "log"]], decision="allow")`, and `network_rule`; the strictest decides there */
export function readCodexRules(text: string): readonly FoundEntry[] {
  return readStarlark(text).map((found): FoundEntry => {
    const at = `line ${found.line}`;
    if (found.name === 'prefix_rule') return ruleEntry(at, found, ['pattern', 'match', 'not_match'], fitPattern);
    if (found.name === 'network_rule') return ruleEntry(at, found, ['host', 'protocol'], fitHost);
    if (found.name === 'host_executable') return noRule(at, found.text, 'It says where a program lies; rules here know programs by their names.');
    // It might deny, and what it is about cannot be told
    return found.name === undefined
      ? { at, text: found.text, effect: 'ask', fitted: { ...widened([]), why: 'It is more than a plain rule and cannot be read. So that nothing of it is lost, every shell command is asked about.' } }
      : noRule(at, found.text, 'It is no rule that is known here.');
  });
}

function ruleEntry(at: string, call: StarlarkCall, known: readonly string[], fit: (call: StarlarkCall, effect: Decision) => Fitted): FoundEntry {
  const given = call.values.get('decision');
  const effect = typeof given === 'string' && Object.hasOwn(decisions, given) ? decisions[given] : given === undefined ? 'allow' : given === 'deny' ? 'deny' : undefined;
  // An unknown word is taken for the strictest
  const strange = [...call.values.keys()].find((key) => !['decision', 'justification', ...known].includes(key));
  if (effect === 'allow' && strange !== undefined) return { at, text: call.text, effect, fitted: leftOut(`What “${strange}” says of it is not known here. What it allows is asked about.`) };
  return effect === undefined ? { at, text: call.text, effect: 'deny', fitted: fit(call, 'deny') } : { at, text: call.text, effect, fitted: fit(call, effect) };
}

function fitPattern({ values }: StarlarkCall, effect: Decision): Fitted {
  const pattern = values.get('pattern');
  if (!Array.isArray(pattern) || pattern.length === 0) return effect === 'allow' ? leftOut('It names no words.') : widened([]);
  let ways: readonly (readonly string[])[] = [[]];
  for (const part of pattern as readonly StarlarkValue[]) {
    const words = typeof part === 'string' ? [part] : Array.isArray(part) ? (part as readonly StarlarkValue[]) : [];
    const plain = words.filter((word): word is string => typeof word === 'string' && word !== '' && !/[*?\n]/.test(word));
    if (plain.length !== words.length || plain.length === 0 || ways.length * plain.length > mostWays) {
      if (effect === 'allow') return leftOut('Its words cannot all be held. What it allows is asked about.');
      return ways.length === 1 ? widened(ways[0] ?? []) : wider('It cannot be held more narrowly, so it covers all that begins like this.', ...ways.map(startingWith));
    }
    ways = ways.flatMap((way) => plain.map((word) => [...way, word]));
  }
  return exactly(...ways.map(startingWith));
}

function fitHost({ values }: StarlarkCall, effect: Decision): Fitted {
  const host = values.get('host');
  const protocol = values.get('protocol');
  const isHost = typeof host === 'string' && readDomainText(host) !== undefined && !host.includes('/');
  if (effect !== 'allow') return isHost ? wider('It covers every protocol.', { kind: 'domain', domain: host }) : wider('It names no host, so it covers all.', { kind: 'domain', domain: '*' });
  if (!isHost || (protocol !== 'https' && protocol !== 'http')) return leftOut('Only hosts that are reached by http or https can be allowed here. What it allows is asked about.');
  return exactly({ kind: 'domain', domain: `${protocol}://${host}` });
}
