import type { BlockedPattern } from './blockedPatterns.ts';
import { compileBlockedPatterns } from './blockedPatterns.ts';
import type { CompiledRule } from '../rules/compiledRule.ts';
import { isGlob } from '../rules/globMatch.ts';
import { foldPath } from '../describe/path.ts';
import { checkUserCommands } from '../describe/shell/commands/checkUserCommands.ts';
import { makeUserRows, type UserRows } from '../describe/shell/commands/userCommand.ts';
import type { Place } from './place.ts';
import type { PolicySettings, RawPolicy } from './policy.ts';
import type { Problem } from '../problem.ts';
import { ProtectedPlaces } from './protectedPlaces.ts';
import type { Rule, RuleScope } from '../rules/rule.ts';
import { compileRule, RuleIndex } from '../rules/ruleIndex.ts';
import { normaliseScope, ruleFingerprint } from '../rules/ruleScope.ts';
import { trustedCommandRules } from './trustedCommands.ts';
import { visible } from '../visible.ts';

/** Everything a decision is made from, compiled once and swapped whole; never changed */
export interface Policy {
  readonly settings: PolicySettings;
  readonly place: Place;
  readonly rules: RuleIndex;
  readonly blockedPatterns: readonly BlockedPattern[];
  /** A blocked pattern could not be compiled: until that is mended every command asks */
  readonly patternsBroken: boolean;
  readonly places: ProtectedPlaces;
  /** The user's rows for the table of commands */
  readonly userRows?: UserRows;
  /** Workspace, temporary folder and allowed paths, folded: where tools may touch files */
  readonly folders: readonly string[];
  /** What was left out, and how to mend it */
  readonly problems: readonly Problem[];
}

export interface CompileOptions {
  /** The workspace is trusted and a person reviewed exactly this manifest: its allow rules count (spec 2) */
  readonly repositoryAllows: boolean;
}

/** Makes a policy ready for deciding. Never throws on bad rules: an allow that cannot be read is left out, a deny or ask kept as far as it can be */
export function compilePolicy(raw: RawPolicy, place: Place, options: CompileOptions): Policy {
  const { rules: given, ...settings } = raw;
  const problems: Problem[] = [];
  const trusted = settings.guardrails.autoApproveTrustedCommands ? trustedCommandRules(settings.guardrails.trustedCommandPatterns) : { rules: [], problems: [] };
  const counted = options.repositoryAllows ? given : given.filter((rule) => rule.effect !== 'allow' || rule.source !== 'workspace_manifest');
  const rules = compileRules([...counted, ...trusted.rules], place, problems);
  const blocked = compileBlockedPatterns(settings.guardrails.customBlockedPatterns);
  problems.push(...trusted.problems, ...blocked.problems);
  const allowedPaths = settings.allowedPaths.flatMap((path) => {
    const { scope, problem } = normaliseScope({ kind: 'path', path }, place);
    if (scope?.kind !== 'path' || isGlob(scope.path)) {
      problems.push({ code: 'bad_allowed_path', message: `The allowed path “${visible(path)}” is left out: ${problem?.message ?? 'write one folder, without wildcards.'}` });
      return [];
    }
    return [place.files?.resolve(scope.path) ?? scope.path];
  });
  // Most have none, and then the start needs nothing of what reads shell lines
  const userRows = settings.commands.length === 0 ? undefined : compileUserRows(settings.commands, problems);
  return Object.freeze({
    settings,
    place,
    rules: new RuleIndex(rules),
    blockedPatterns: blocked.patterns,
    patternsBroken: blocked.patterns.length < settings.guardrails.customBlockedPatterns.length,
    places: new ProtectedPlaces(place, allowedPaths, settings.protectedPlaces),
    ...(userRows === undefined ? undefined : { userRows }),
    folders: [place.workspace, place.temporary, ...allowedPaths].map((path) => foldPath(path, place.platform)),
    problems,
  });
}

/** The user's rows that hold what their examples say; the others are left out and told */
function compileUserRows(commands: PolicySettings['commands'], problems: Problem[]): UserRows | undefined {
  const bad = checkUserCommands(commands);
  problems.push(...bad.map(({ message }) => ({ code: 'bad_command_row', message })));
  return makeUserRows(commands.filter((_, index) => bad.every((one) => one.index !== index)));
}

/** Compiles the rules of one session, kept apart so that a new grant does not recompile the policy */
export function compileSessionRules(rules: readonly Rule[], place: Place): RuleIndex {
  return new RuleIndex(compileRules(rules, place, []));
}

function compileRules(rules: readonly Rule[], place: Place, problems: Problem[]): readonly CompiledRule[] {
  const compiled = new Map<string, CompiledRule>();
  for (const rule of rules) {
    if (rule.usesLeft !== undefined && !(rule.usesLeft > 0)) continue;
    const scope = readScope(rule, place, problems);
    if (scope === undefined) continue;
    for (const spelled of spellings(scope, rule, place)) {
      const one = compileRule(rule, spelled, place);
      const key = `${rule.source} ${rule.expiresAt ?? ''} ${rule.usesLeft ?? ''} ${JSON.stringify(rule.metadata?.['scriptHash'])} ${ruleFingerprint({ effect: rule.effect, scope: spelled })}`;
      const known = compiled.get(key);
      // Of equal rules the one with the lesser id, so that their order does not show
      if (known === undefined || rule.id < known.rule.id) compiled.set(key, one);
    }
  }
  return [...compiled.values()];
}

/** A rule's canonical scope, or `undefined` with a problem; a deny or ask on nothing becomes one on its tool (spec 11) */
function readScope(rule: Rule, place: Place, problems: Problem[]): RuleScope | undefined {
  const { scope, problem } = normaliseScope(rule.scope, place);
  if (problem === undefined && scope !== undefined && !(rule.effect === 'allow' && isTooBroad(scope))) return scope;
  const what = `Rule ${visible(rule.id)}`;
  if (rule.effect === 'allow') {
    problems.push({ code: problem?.code ?? 'too_broad', message: `${what} allows nothing: ${problem?.message ?? 'it would match everything; write what it is for.'}` });
    return undefined;
  }
  if (scope !== undefined) {
    if (problem !== undefined) problems.push({ code: problem.code, message: `${what} holds for its first part only. ${problem.message}` });
    return scope;
  }
  const named = widened(rule.scope);
  problems.push({ code: problem?.code ?? 'unreadable_scope', message: `${what} ${named === undefined ? 'cannot be kept' : 'now holds for its whole tool'}. ${problem?.message ?? ''}`.trim() });
  return named === undefined ? undefined : normaliseScope(named, place).scope;
}

function widened(scope: RuleScope): RuleScope | undefined {
  if (scope.kind === 'tool') return undefined;
  if (scope.kind === 'command_prefix') return { kind: 'tool', toolName: 'run_command' };
  if (scope.toolName !== undefined && scope.toolName.trim() !== '') return { kind: 'tool', toolName: scope.toolName };
  if (scope.kind === 'domain' && scope.toolPrefix !== undefined && scope.toolPrefix.trim() !== '') return { kind: 'tool', toolName: `${scope.toolPrefix.trim()}*` };
  return undefined;
}

/** An allow for every host or every server names nothing */
function isTooBroad(scope: RuleScope): boolean {
  return (scope.kind === 'domain' && scope.domain === '*') || (scope.kind === 'mcp_server' && scope.serverName === '*') || (scope.kind === 'tool' && /^[*?]+$/.test(scope.toolName));
}

/** The scope itself and, for a path through a link, the real place: a block holds for both, an allow only for the real one */
function spellings(scope: RuleScope, rule: Rule, place: Place): readonly RuleScope[] {
  if (scope.kind !== 'path' || place.files === undefined) return [scope];
  const parts = scope.path.split('/');
  const glob = parts.findIndex(isGlob);
  const literal = glob < 0 ? scope.path : parts.slice(0, glob).join('/') || '/';
  const real = place.files.resolve(literal);
  if (real === undefined || real === literal) return [scope];
  const resolved: RuleScope = { ...scope, path: glob < 0 ? real : `${real === '/' ? '' : real}/${parts.slice(glob).join('/')}` };
  return rule.effect === 'allow' ? [resolved] : [scope, resolved];
}
