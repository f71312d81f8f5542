import type { Inner, Word } from '../command.ts';
import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';

/** Name that the rows give this product's own command line, however it was started */
export const ownProgramName = 'cowork-policy';

/** `cowork-policy`, as a package with its version too */
const ownName = /^cowork-policy(?:@[^/\s]*)?$/u;
/** The program file of an installed or unpacked copy: `…/cowork.cowork-policy-0.1.0/dist/cli.js` */
const ownFile = /(?:^|[/\\])[^/\\]*cowork-policy[^/\\]*[/\\](?:.*[/\\])?(?:cli\.[cm]?js|main\.ts)$/iu;
/** The same from inside its folder */
const nearFile = /(?:^|[/\\])(?:dist[/\\]cli\.[cm]?js|src[/\\]cli[/\\]main\.ts)$|^cli\.[cm]?js$/iu;

/**
 * Whether a program or script word starts this product's own command line. A file that only looks like it counts where
 * its next words are ones that no other program has.
 */
export function isOwnProgram(written: string, next: readonly (string | null | undefined)[]): boolean {
  const name = written.slice(Math.max(written.lastIndexOf('/'), written.lastIndexOf('\\')) + 1).replace(/\.(?:exe|cmd|ps1)$/iu, '');
  if (ownName.test(name) || ownFile.test(written)) return true;
  return nearFile.test(written) && /^(?:(?:rules|commands) (?:add|remove)|mode set)$/u.test(next.slice(0, 2).join(' '));
}

/** Programs that run a script file by its name */
const runners = /^(?:node|nodejs|iojs|bun|deno|tsx|ts-node|ts-node-esm|esno|jiti|swc-node)$/u;

/** The call of this product's own program file that a runner of scripts is given (`node …/cowork-policy/dist/cli.js`) */
export function ownProgramIn(runner: string, words: readonly Word[]): Inner | undefined {
  if (!runners.test(runner)) return undefined;
  for (let at = 1; at < words.length; at += 1) {
    const { text } = words[at] ?? {};
    if (typeof text !== 'string' || text.startsWith('-') || !isOwnProgram(text, words.slice(at + 1, at + 3).map((word) => word.text))) continue;
    return { kind: 'words', from: at, words: [{ text: ownProgramName, raw: text, glob: false, quoted: false }, ...words.slice(at + 1)] };
  }
  return undefined;
}

const common = '--workspace= --json -h,--help:shows';
const standing = `${common} --policy=:read --mode= --trusted --untrusted`;
/** Verbs that change nothing, and those that look after themselves */
const known = /^(?:decide|explain|help|doctor|hook|rules|commands|mode|tasks|audit)$/u;

/**
 * This product's own command line. What is not known to only read changes what the policy says or whom it guards, which no
 * tool may do: the same as writing into the policy folder (spec 5).
 */
export const ownProgramRows: readonly Row[] = [
  {
    names: ownProgramName, options: common,
    commands: [
      { names: 'decide', class: 'read', options: standing, examples: ['cowork-policy decide --mode plan → read', 'cowork-policy decide --policy p.json → read read:p.json'] },
      { names: 'explain', class: 'read', options: standing, operands: 'data*', examples: ['cowork-policy explain -- rm x → read', 'cowork-policy@1.0.0 explain --json {} → read', 'node x/cowork.cowork-policy-0.1.0/dist/cli.js explain -- rm x → other runs:cowork-policy_explain_--_rm_x'] },
      { names: 'help', class: 'read', operands: 'data*', examples: ['cowork-policy help → read'] },
      { names: 'doctor hook', anyOption: true, operands: 'data*', examples: ['cowork-policy doctor → other@1', 'cowork-policy hook claude → other@1'] },
      { names: 'rules', class: readsWith(/^list$/u), options: `${common} --tool= --domain= --path= --command= --mcp= --profile --reason=`, operands: 'data*', named: 'last', also: changesUnless(/^list$/u), examples: [
        'cowork-policy rules list --json → read', 'cowork-policy rules add allow --command rm → other write:.cowork/policy', 'cowork-policy rules remove r1 → other@3 write:.cowork/policy', 'cowork-policy rules → other write:.cowork/policy', 'cowork-policy rules --help → read',
        'cowork-policy rules --reason list add allow --tool x → other write:.cowork/policy', 'npx cowork-policy rules add allow --tool x → other runs:1', 'dist/cli.js rules add allow --tool x → other write:.cowork/policy', 'node ~/.vscode/extensions/cowork.cowork-policy-0.1.0/dist/cli.js rules remove r → other runs:cowork-policy_rules_remove_r',
        'node dist/cli.js rules remove r → other runs:cowork-policy_rules_remove_r', 'node dist/cli.js build → other@1',
      ] },
      { names: 'commands', class: readsWith(/^list$/u), options: common, operands: 'data*', named: 'last', also: changesUnless(/^list$/u), examples: [
        'cowork-policy commands list --json → read', `cowork-policy commands add '{"command":"x"}' → other@3 write:.cowork/policy`, 'cowork-policy commands remove x → other@3 write:.cowork/policy', 'cowork-policy commands → other write:.cowork/policy', 'dist/cli.js commands remove x → other write:.cowork/policy',
      ] },
      { names: 'tasks', class: readsWith(/^list$/u), options: common, operands: 'data*', named: 'last', also: changesUnless(/^list$/u), examples: ['cowork-policy tasks list --json → read', 'cowork-policy tasks more agent/a → other@3 write:.cowork/policy', 'cowork-policy tasks "$X" → other write:.cowork/policy'] },
      { names: 'mode', class: readsWith(/^get$/u), options: common, operands: 'data*', named: 'last', also: changesUnless(/^get$/u), examples: ['cowork-policy mode get → read', 'cowork-policy mode set bypass_permissions → other@3 write:.cowork/policy', 'cowork-policy mode "$X" → other write:.cowork/policy'] },
      { names: 'audit', class: readsWith(/^(?:list|verify)$/u), options: `${common} --limit= --type=`, operands: 'data*', named: 'last', examples: ['cowork-policy audit list --limit 5 → read', 'cowork-policy audit export --out x → other'] },
    ],
    also: (parsed, draft) => {
      const verb = parsed.operand(0);
      if (verb !== undefined && !(verb !== null && known.test(verb))) changesPolicy(parsed, draft);
    },
    examples: ['cowork-policy --help → read', 'cowork-policy → other@0', 'cowork-policy install claude → other write:.cowork/policy', 'cowork-policy sandbox off → other write:.cowork/policy', 'cowork-policy "$X" → other unknown write:.cowork/policy'],
  },
];

function readsWith(reading: RegExp): (parsed: Parsed) => 'read' | 'other' {
  return (parsed) => (reading.test(parsed.operand(0) ?? '') ? 'read' : 'other');
}

function changesUnless(reading: RegExp): NonNullable<Row['also']> {
  return (parsed, draft) => {
    if (!reading.test(parsed.operand(0) ?? '')) changesPolicy(parsed, draft);
  };
}

function changesPolicy(parsed: Parsed, draft: Draft): void {
  draft.path('write', '.cowork/policy', undefined, parsed.words.length - 1);
}
