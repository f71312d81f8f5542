import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { compilePolicy, type Policy } from '../core/policy/compilePolicy.ts';
import { type Mode, modes } from '../core/decision.ts';
import type { RawPolicy } from '../core/policy/policy.ts';
import type { Problem } from '../core/problem.ts';
import type { RuleIndex } from '../core/rules/ruleIndex.ts';
import { readPolicyFile } from '../core/schema/policyFile.ts';
import type { Surroundings } from '../core/surroundings.ts';
import { createStandingPolicy } from '../gate/standingPolicy.ts';
import { userFolder } from '../node/userFolder.ts';
import { clock } from './clock.ts';
import { surroundingsOf, workspaceFolder } from './place.ts';
import { type Console, type Flags, UsageError, textFlag } from './verb.ts';

/** The policy that requests on the command line are decided by */
export interface Standing {
  readonly surroundings: Surroundings;
  readonly policy: Policy;
  /** Grants of one agent session, where the workspace's own state is used */
  readonly sessionRules: (session: string) => RuleIndex | undefined;
  readonly problems: readonly Problem[];
}

/** Options of verbs that decide */
export const standingOptions = { policy: { type: 'string' }, mode: { type: 'string' }, trusted: { type: 'boolean' }, untrusted: { type: 'boolean' } } as const;

export const standingDetails: readonly string[] = [
  '--policy FILE     decide by this file alone; nothing of the workspace’s state is read or written',
  `--mode MODE       one of ${modes.join(', ')}`,
  '--trusted         the workspace is trusted and the repository’s rules are reviewed, so its allow rules count',
  '--untrusted       the opposite, and the default',
];

/** Opens what the options name: a policy file, or the workspace's own state, for reading only */
export async function openStanding(flags: Flags, console: Console): Promise<Standing> {
  if (flags['trusted'] === true && flags['untrusted'] === true) throw new UsageError('--trusted and --untrusted cannot both hold; give one');
  const mode = modeOf(textFlag(flags, 'mode'));
  const trusted = flags['trusted'] === true;
  const file = textFlag(flags, 'policy');
  const folder = workspaceFolder(flags, console);
  if (file === undefined) return openState(folder, mode, trusted);
  const surroundings = surroundingsOf(folder);
  const raw = readPolicy(path.resolve(console.folder, file));
  const policy = compilePolicy(mode === undefined ? raw : { ...raw, mode }, surroundings, { repositoryAllows: trusted });
  return { surroundings, policy, sessionRules: () => undefined, problems: policy.problems };
}

/** The mode a text names; a usage error where it names none */
export function modeOf(text: string | undefined): Mode | undefined {
  if (text === undefined) return undefined;
  const mode = modes.find((known) => known === text);
  if (mode === undefined) throw new UsageError(`“${text}” is no mode; use one of ${modes.join(', ')}`);
  return mode;
}

async function openState(folder: string, mode: Mode | undefined, trusted: boolean): Promise<Standing> {
  // The database engine is only loaded where it is needed.
  const { openStore } = await import('../node/store/openStore.ts');
  const store = await openStore({ folder, userFolder: userFolder(), clock, readOnly: true, watch: false });
  const { state } = store;
  await store.close();
  const surroundings = surroundingsOf(folder);
  const standing = createStandingPolicy(() => (mode === undefined ? state : { ...state, settings: { ...state.settings, mode } }), () => trusted, () => surroundings);
  const policy = standing.current();
  // A mode named here is the caller's, not the repository's: it counts whether the workspace is trusted or not.
  const chosen = mode === undefined || policy.settings.mode === mode ? policy : { ...policy, settings: { ...policy.settings, mode } };
  return { surroundings, policy: chosen, sessionRules: (session) => standing.sessionRules(session), problems: [...state.problems, ...policy.problems] };
}

function readPolicy(file: string): RawPolicy {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The policy file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); name a file that can`);
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\ufeff/, ''), errors, { allowTrailingComma: true, allowEmptyContent: false });
  const [first] = errors;
  if (first !== undefined) {
    const before = text.slice(0, first.offset).split('\n');
    throw new UsageError(`${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: this is not JSON (${printParseErrorCode(first.error)}); mend it there`);
  }
  const read = readPolicyFile(value);
  if (!read.ok) throw new UsageError(`${file}: ${read.message} Mend it there`);
  return read.value;
}
