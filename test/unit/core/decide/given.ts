import type { Action, Described, ExecAction, NetworkAction, PathAction } from '../../../../src/core/action.ts';
import type { Policy } from '../../../../src/core/policy/compilePolicy.ts';
import { compilePolicy } from '../../../../src/core/policy/compilePolicy.ts';
import { decide } from '../../../../src/core/decide/decide.ts';
import type { Decision } from '../../../../src/core/decision.ts';
import type { Evaluation } from '../../../../src/core/decide/evaluation.ts';
import type { Place } from '../../../../src/core/policy/place.ts';
import type { RawPolicy } from '../../../../src/core/policy/policy.ts';
import { defaultSettings } from '../../../../src/core/policy/policy.ts';
import type { Request } from '../../../../src/core/request.ts';
import type { Rule, RuleScope, RuleSource } from '../../../../src/core/rules/rule.ts';
import type { SessionFacts } from '../../../../src/core/decide/session.ts';

/** Builders that tests of deciding share: a workspace at /ws of a user at /home/u */
export const place: Place = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux' };

export const everything = { read: true, write: true, delete: true, shell: true, network: true } as const;

let counter = 0;

export function rule(effect: Decision, scope: RuleScope, source: RuleSource = 'workspace_db', more: Partial<Rule> = {}): Rule {
  counter++;
  return { id: `rule-${counter}`, source, effect, scope, createdAt: counter, ...more };
}

export const tool = (toolName: string): RuleScope => ({ kind: 'tool', toolName });
export const prefix = (text: string): RuleScope => ({ kind: 'command_prefix', prefix: text });
export const path = (text: string, toolName?: string): RuleScope => ({ kind: 'path', path: text, ...(toolName === undefined ? {} : { toolName }) });
export const domain = (text: string, toolName?: string): RuleScope => ({ kind: 'domain', domain: text, ...(toolName === undefined ? {} : { toolName }) });

/** A policy with every capability on */
export function policy(settings: Partial<RawPolicy> = {}, repositoryAllows = true, where: Place = place): Policy {
  return compilePolicy({ ...defaultSettings, permissions: everything, rules: [], ...settings }, where, { repositoryAllows });
}

export const session: SessionFacts = { now: 1000, holds: [] };

export function described(toolName: string, actions: readonly Action[], more: Partial<Described> = {}): Described {
  return { tool: toolName, actions, groups: [], needsNetwork: false, needsShell: false, ...more };
}

export function files(kind: PathAction['kind'], where: string, more: Partial<PathAction> = {}): PathAction {
  return { kind, target: where, path: where, ...more };
}

export function exec(words: string, more: Partial<ExecAction> = {}): ExecAction {
  const argv = words.split(' ');
  return { kind: 'exec', target: words, argv, class: 'other', readings: [argv], namedAt: 0, ...more };
}

export function network(kind: NetworkAction['kind'], host: string, more: Partial<NetworkAction> = {}): NetworkAction {
  return { kind, target: host, host, hostClass: 'public', scheme: 'https', ...more };
}

export interface Asked {
  readonly tool?: string;
  readonly actions: readonly Action[];
  readonly more?: Partial<Described>;
  readonly request?: Partial<Request>;
  readonly session?: Partial<SessionFacts>;
}

export function ask(given: Asked, under: Policy): Evaluation {
  const name = given.tool ?? toolFor(given.actions[0]);
  return decide({ tool: name, ...given.request }, described(name, given.actions, given.more), under, { ...session, ...given.session });
}

function toolFor(action: Action | undefined): string {
  switch (action?.kind) {
    case 'read': return 'read_file';
    case 'write': return 'write_file';
    case 'delete': return 'delete_file';
    case 'exec': return 'run_command';
    case 'fetch': return 'web_fetch';
    case 'export': return 'http_request';
    case 'locate': return 'get_current_location';
    default: return 'some_tool';
  }
}
