import * as z from 'zod/mini';
import { checkBlockedPatterns } from '../policy/blockedPatterns.ts';
import { modes } from '../decision.ts';
import { budgetProblem } from '../policy/budgets.ts';
import { fileSizeProblem } from '../policy/fileSizeLimit.ts';
import { channelsSchema, completeChannels, restrictionsProblem } from './channelSchema.ts';
import { checkUserCommands } from '../describe/shell/commands/checkUserCommands.ts';
import type { UserCommand } from '../describe/shell/commands/userCommand.ts';
import { userDeeds, userOperands } from '../describe/shell/commands/userDeeds.ts';
import { defaultSettings } from '../policy/policy.ts';
import type { PolicySettings, RawPolicy } from '../policy/policy.ts';
import { sandboxKinds, sandboxOf } from '../policy/sandboxChoice.ts';
import type { Rule } from '../rules/rule.ts';
import { ruleFingerprint } from '../rules/ruleScope.ts';
import { firstIssue } from './firstIssue.ts';
import type { Reading } from './requestSchema.ts';
import { exact, ruleDraftSchema } from './ruleSchema.ts';
import type { ExactOptional } from './ruleSchema.ts';

const texts = z.array(z.string().check(z.maxLength(32_768)));
const flag = z.optional(z.boolean());

const line = z.string().check(z.minLength(1), z.maxLength(500));
const lines = z.array(line).check(z.maxLength(20));

/** A row for the table of commands, as the user gives it; a key that is not known may have been meant to tighten, so it is refused */
export const userCommandSchema = z.strictObject({
  command: line,
  does: z.enum(userDeeds),
  options: z.optional(z.array(line).check(z.maxLength(200))),
  operands: z.optional(z.enum(userOperands)),
  examples: z.strictObject({ match: lines, notMatch: lines }),
});

type Fits<Given extends UserCommand> = Given;
/** Checked at compile time: what the schema gives is a row */
export type SchemaUserCommand = Fits<ExactOptional<z.infer<typeof userCommandSchema>>>;

/** Reads one row for the table of commands; whether its examples hold is checked when it is saved with the others */
export function readUserCommand(value: unknown): Reading<UserCommand> {
  const result = userCommandSchema.safeParse(value);
  return result.success ? { ok: true, value: exact(result.data) } : { ok: false, message: firstIssue(result.error) };
}

/** A choice of sandbox; what becomes a word of a command line is held to its form */
const sandboxSchema = z.strictObject({
  kind: z.optional(z.enum(['auto', ...sandboxKinds])),
  image: z.optional(z.string().check(z.maxLength(255), z.regex(/^[A-Za-z0-9][\w./:@-]*$/))),
  cpus: z.optional(z.number().check(z.minimum(0.1), z.maximum(64))),
  memory: z.optional(z.string().check(z.regex(/^[1-9]\d{0,5}[kmg]$/))),
  network: z.optional(z.enum(['none', 'hosts', 'bridge'])),
});

/** Settings as a file or a person gives them: every key may be left out (design, command line contract) */
export const settingsSchema = z.object({
  mode: z.optional(z.enum(modes)),
  permissions: z.optional(z.object({ read: flag, write: flag, delete: flag, shell: flag, network: flag })),
  allowedPaths: z.optional(texts),
  unrestrictedFileAccess: flag,
  guardrails: z.optional(z.object({ customBlockedPatterns: z.optional(texts), autoApproveTrustedCommands: flag, trustedCommandPatterns: z.optional(texts) })),
  protectedPlaces: z.optional(z.object({ sealed: z.optional(texts), guarded: z.optional(texts) })),
  commands: z.optional(z.array(userCommandSchema).check(z.maxLength(200))),
  channels: z.optional(channelsSchema),
  sandbox: z.optional(sandboxSchema),
  limits: z.optional(z.record(z.string(), z.unknown())),
});

/** A policy file: settings and rules */
export const policyFileSchema = z.object({ ...settingsSchema.shape, rules: z.optional(z.array(ruleDraftSchema)) });

type GivenSettings = ExactOptional<z.infer<typeof settingsSchema>>;

/** Settings with what was given laid over what was there before */
function mergeSettings(base: PolicySettings, given: GivenSettings): PolicySettings {
  return {
    mode: given.mode ?? base.mode,
    permissions: { ...base.permissions, ...given.permissions },
    allowedPaths: given.allowedPaths ?? base.allowedPaths,
    unrestrictedFileAccess: given.unrestrictedFileAccess ?? base.unrestrictedFileAccess,
    guardrails: { ...base.guardrails, ...given.guardrails },
    protectedPlaces: { ...base.protectedPlaces, ...given.protectedPlaces },
    commands: given.commands ?? base.commands,
    ...(given.channels === undefined ? (base.channels === undefined ? {} : { channels: base.channels }) : { channels: completeChannels(given.channels) }),
    ...(given.sandbox === undefined ? (base.sandbox === undefined ? {} : { sandbox: base.sandbox }) : { sandbox: { ...sandboxOf(base), ...given.sandbox } }),
    limits: given.limits ?? base.limits,
  };
}

/** Reads a policy file's value: spec defaults for what is left out; a rule without a source is a workspace rule */
export function readPolicyFile(value: unknown): Reading<RawPolicy> {
  const result = policyFileSchema.safeParse(value);
  if (!result.success) return { ok: false, message: firstIssue(result.error) };
  const { rules, ...given } = exact(result.data);
  const settings = mergeSettings(defaultSettings, given);
  const bad = settingsProblem(settings);
  if (bad !== undefined) return { ok: false, message: bad };
  return { ok: true, value: { ...settings, rules: (rules ?? []).map(completeRule) } };
}

/** Reads a change of settings; gives only the keys that change. Refused when a blocked pattern cannot be used */
export function readSettingsChange(value: unknown, base: PolicySettings): Reading<Partial<PolicySettings>> {
  const result = settingsSchema.safeParse(value);
  if (!result.success) return { ok: false, message: firstIssue(result.error) };
  const given = exact(result.data);
  const merged = mergeSettings(base, given);
  const bad = settingsProblem(merged) ?? (given.channels === undefined ? undefined : restrictionsProblem(given.channels));
  if (bad !== undefined) return { ok: false, message: bad };
  return { ok: true, value: Object.fromEntries(Object.entries(merged).filter(([key]) => Object.hasOwn(given, key))) };
}

function settingsProblem(settings: PolicySettings): string | undefined {
  const limit = fileSizeProblem(settings.limits) ?? budgetProblem(settings.limits);
  if (limit !== undefined) return limit;
  const { customBlockedPatterns, trustedCommandPatterns } = settings.guardrails;
  if (trustedCommandPatterns.length > 100 || trustedCommandPatterns.some((pattern) => pattern.length > 500)) return '“guardrails.trustedCommandPatterns” takes at most 100 commands of 500 characters.';
  return checkBlockedPatterns(customBlockedPatterns)[0]?.message ?? (settings.commands.length === 0 ? undefined : checkUserCommands(settings.commands)[0]?.message);
}

/** Gives a drafted rule what it lacks: source workspace, an id from what it says, time 0 */
function completeRule(draft: ExactOptional<z.infer<typeof ruleDraftSchema>>): Rule {
  const source = draft.source ?? 'workspace_db';
  return { ...draft, source, id: draft.id ?? stableId(source, draft), createdAt: draft.createdAt ?? 0 };
}

/** The id of a rule that was given none: the same for the same rule, wherever it stands in a file */
export function stableId(source: string, rule: Pick<Rule, 'effect' | 'scope'>): string {
  return `${source}:${ruleFingerprint(rule)}`;
}
