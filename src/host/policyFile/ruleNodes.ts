import { parseTree, type Node } from 'jsonc-parser';
import type { Place } from '../../core/policy/place.ts';
import { readManifest } from '../../core/schema/manifest.ts';
import { placedFingerprint } from '../../node/store/manifest.ts';

/** A part of the text, in characters */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A rule where it stands in `permissions.json` */
export interface RuleNode extends Span {
  /** Its place in the list of rules, from 0 */
  readonly index: number;
  /** What tells it from other rules, with paths made absolute; absent where it cannot be read */
  readonly fingerprint?: string;
  /** Where its effect stands */
  readonly effect?: Span;
  /** Where the text of its scope stands: the prefix, the path, the host, the name */
  readonly main?: Span;
}

/** Names of the text that a scope is mainly about */
const mainKeys: ReadonlySet<string> = new Set(['prefix', 'path', 'domain', 'serverName', 'toolName']);
/** Longer files are left to the schema; the editor asks at every key */
const longest = 1_000_000;

/** The rules of a text, as far as it can be read; none for one that is very long */
export function ruleNodes(text: string, place: Place): readonly RuleNode[] {
  if (text.length > longest) return [];
  const root = parseTree(text, [], { allowTrailingComma: true });
  const list = root === undefined ? undefined : valueOf(root, 'rules');
  return (list?.type === 'array' ? list.children ?? [] : []).map((node, index) => {
    const scope = valueOf(node, 'scope');
    const effect = valueOf(node, 'effect');
    const main = scope?.children?.find(({ children: [key] = [] }) => mainKeys.has(String(key?.value)))?.children?.[1];
    const fingerprint = fingerprintOf(text.slice(node.offset, node.offset + node.length), place);
    return {
      index, ...spanOf(node), ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(effect === undefined ? {} : { effect: spanOf(effect) }), ...(main === undefined ? {} : { main: spanOf(main) }),
    };
  });
}

/** The rule that a place of the text belongs to */
export function ruleAt(rules: readonly RuleNode[], offset: number): RuleNode | undefined {
  return rules.find((rule) => offset >= rule.offset && offset <= rule.offset + rule.length);
}

function valueOf(node: Node, wanted: string): Node | undefined {
  const property = node.type === 'object' ? node.children?.find(({ children: [key] = [] }) => key?.value === wanted) : undefined;
  return property?.children?.[1];
}

function spanOf({ offset, length }: Node): Span {
  return { offset, length };
}

function fingerprintOf(text: string, place: Place): string | undefined {
  const [rule] = readManifest(`{"version":1,"rules":[${text}]}`).rules;
  return rule === undefined ? undefined : placedFingerprint(rule, place);
}
