import type { Problem } from '../problem.ts';
import type { Rule } from '../rules/rule.ts';
import { visible } from '../visible.ts';

/** The trusted commands that are there from the start (cowork-facts 1.10); `*` at the end: whatever follows */
export const defaultTrustedCommands: readonly string[] = [
  'npm test*', 'npm run *', 'npm install*', 'npm ci',
  'yarn test*', 'yarn run *', 'yarn install*', 'yarn add *',
  'pnpm test*', 'pnpm run *', 'pnpm install*',
  'git status*', 'git diff*', 'git log*', 'git branch*', 'git show*', 'git ls-files*',
  'ls *', 'ls', 'pwd', 'date', 'date *', 'whoami', 'hostname', 'uname *',
  'cat *', 'head *', 'tail *', 'wc *', 'grep *', 'find *', 'echo *', 'which *', 'type *', 'file *', 'tree *',
  'node --version', 'npm --version', 'python --version', 'python3 --version', 'tsc --version', 'cargo --version', 'rustc --version', 'go version',
];

/** Trusted commands as the allow rules they stand for: over whole words, from the least trusted source (spec 4) */
export function trustedCommandRules(patterns: readonly string[]): { readonly rules: readonly Rule[]; readonly problems: readonly Problem[] } {
  const rules = new Map<string, Rule>();
  const problems: Problem[] = [];
  for (const pattern of [...defaultTrustedCommands, ...patterns]) {
    const prefix = pattern.trim().replace(/\*+$/, '').trim();
    if (prefix === '' || prefix.includes('*')) {
      problems.push({ code: 'bad_trusted_command', message: `The trusted command “${visible(pattern)}” is left out: write the leading words of one command, with “*” only at the end.` });
      continue;
    }
    rules.set(prefix, { id: `trusted:${prefix}`, source: 'legacy_guardrails', effect: 'allow', scope: { kind: 'command_prefix', prefix }, createdAt: 0, reason: 'trusted command' });
  }
  return { rules: [...rules.values()], problems };
}
