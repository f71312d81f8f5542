import path from 'node:path';
import type { Described } from '../core/action.ts';
import { decide } from '../core/decide/decide.ts';
import type { Evaluation } from '../core/decide/evaluation.ts';
import type { SessionFacts } from '../core/decide/session.ts';
import { describe } from '../core/describe/describe.ts';
import { surroundingsUnder } from '../core/evaluate.ts';
import { compilePolicy, type Policy } from '../core/policy/compilePolicy.ts';
import { type Mode, modes } from '../core/decision.ts';
import type { RawPolicy } from '../core/policy/policy.ts';
import type { Problem } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { RuleIndex } from '../core/rules/ruleIndex.ts';
import { readPolicyFile } from '../core/schema/policyFile.ts';
import type { Surroundings } from '../core/surroundings.ts';
import type { StoredState } from '../gate/ports.ts';
import { createStandingPolicy } from '../gate/standingPolicy.ts';
import { createWorkspaceScript, type WorkspaceScript } from '../gate/workspaceScript.ts';
import { openScriptRunner } from '../node/script/openScriptRunner.ts';
import { userFolder } from '../node/userFolder.ts';
import { clock } from './clock.ts';
import { readJsonFile } from './jsonFile.ts';
import { surroundingsOf, workspaceFolder } from './place.ts';
import { type Console, type Flags, UsageError, textFlag } from './verb.ts';

/** The policy that requests on the command line are decided by */
export interface Standing {
  readonly surroundings: Surroundings;
  readonly policy: Policy;
  /** All rules, whether they count now or not */
  readonly rules: readonly Rule[];
  /** Grants of one agent session, where the workspace's own state is used */
  readonly sessionRules: (session: string) => RuleIndex | undefined;
  /** The workspace's policy script, where its own state is used */
  readonly script?: WorkspaceScript;
  readonly problems: readonly Problem[];
}

/** Options of verbs that decide */
export const standingOptions = { policy: { type: 'string' }, mode: { type: 'string' }, trusted: { type: 'boolean' }, untrusted: { type: 'boolean' } } as const;

export const standingDetails: readonly string[] = [
  '--policy FILE     decide by this file alone; nothing of the workspace’s state is read or written',
  `--mode MODE       one of ${modes.join(', ')}`,
  '--trusted         the workspace is trusted and the repository’s rules are reviewed, so its allow rules count',
  '--untrusted       the opposite, and the default',
  'A policy script that was reviewed on this machine runs only with --trusted; without, it makes every request ask.',
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
  return { surroundings, policy, rules: raw.rules, sessionRules: () => undefined, problems: policy.problems };
}

/** Reads a request and decides it by what stands, with what the policy script says of it */
export function evaluateBy({ surroundings, policy, script }: Standing, request: Request, facts: SessionFacts): { readonly described: Described; readonly evaluation: Evaluation } {
  const described = describe(request, surroundingsUnder(surroundings, policy));
  const ruling = script?.ruling(request, described, policy, facts.now);
  return { described, evaluation: decide(request, described, policy, { ...facts, ...(ruling === undefined ? {} : { script: ruling }) }) };
}

/** All rules of a workspace, most trusted first */
export function rulesOf({ managedRules, workspaceRules, manifest, profileRules }: StoredState): readonly Rule[] {
  return [...managedRules, ...workspaceRules, ...manifest.rules, ...profileRules];
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
  const script = createWorkspaceScript({ state: () => state, trusted: () => trusted, surroundings: () => surroundings, runner: openScriptRunner() });
  const policy = standing.current();
  // A mode named here is the caller's, not the repository's: it counts whether the workspace is trusted or not.
  const chosen = mode === undefined || policy.settings.mode === mode ? policy : { ...policy, settings: { ...policy.settings, mode } };
  return { surroundings, policy: chosen, rules: rulesOf(state), sessionRules: (session) => standing.sessionRules(session), script, problems: [...state.problems, ...policy.problems] };
}

function readPolicy(file: string): RawPolicy {
  const read = readPolicyFile(readJsonFile(file));
  if (!read.ok) throw new UsageError(`${file}: ${read.message} Mend it there`);
  return read.value;
}
