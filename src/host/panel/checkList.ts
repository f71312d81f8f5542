import * as vscode from 'vscode';
import { checkBlockedPatterns } from '../../core/policy/blockedPatterns.ts';
import { sandboxOf } from '../../core/policy/sandboxChoice.ts';
import { visible } from '../../core/visible.ts';
import { channelFindings } from '../../gate/channelFindings.ts';
import type { Check } from '../../shared/overview.ts';
import type { OpenFolder } from '../folders.ts';
import { doubtOf, modeEffect, modeName } from '../tree/treeNodes.ts';

/** The check list of spec 12, as far as there is something to check: each line passes, warns or fails, and says how to mend it */
export function checkList({ store, gate }: OpenFolder): readonly Check[] {
  return [
    record(store.state), trust(), mode(store.state), permissions(store.state), guardrails(store.state), repositoryRules(store.state), ...policyScript(store.state), sandbox(store.state), ...channels(store.state), pending(gate.pending.length),
  ];
}

type State = OpenFolder['store']['state'];

function record({ closedBecause, problems }: State): Check {
  const title = vscode.l10n.t('State and record are sound');
  const doubt = doubtOf(problems);
  if (closedBecause !== undefined) return { id: 'record', state: 'fail', title, detail: closedBecause.message, fix: { label: vscode.l10n.t('Try Again'), command: 'reopenStore' } };
  if (doubt !== undefined) return { id: 'record', state: 'fail', title, detail: doubt.message, fix: { label: vscode.l10n.t('Look at It'), command: 'confirmState' } };
  const [first] = problems;
  if (first !== undefined) return { id: 'record', state: 'warn', title, detail: first.message, fix: { label: vscode.l10n.t('Open the Rules File'), command: 'openPolicyFile' } };
  return { id: 'record', state: 'pass', title, detail: vscode.l10n.t('Everything is recorded.'), fix: { label: vscode.l10n.t('Verify the Record'), command: 'verifyRecord' } };
}

function trust(): Check {
  const title = vscode.l10n.t('The workspace is trusted');
  return vscode.workspace.isTrusted
    ? { id: 'trust', state: 'pass', title, detail: vscode.l10n.t('Your rules and settings count in full.') }
    : { id: 'trust', state: 'warn', title, detail: vscode.l10n.t('Until you trust it, only what tightens counts.'), fix: { label: vscode.l10n.t('Manage Trust'), command: 'manageTrust' } };
}

function mode({ settings }: State): Check {
  const loose = settings.mode === 'dont_ask' || settings.mode === 'bypass_permissions';
  const detail = `${modeName(settings.mode, vscode.l10n)}: ${modeEffect(settings.mode, vscode.l10n)}`;
  return { id: 'mode', state: loose ? 'warn' : 'pass', title: vscode.l10n.t('The mode asks before what is hard to undo'), detail };
}

function permissions({ settings }: State): Check {
  const title = vscode.l10n.t('Tools stay in the workspace');
  if (settings.unrestrictedFileAccess) return { id: 'permissions', state: 'warn', title, detail: vscode.l10n.t('Unrestricted file access is on.') };
  const { length } = settings.allowedPaths;
  return { id: 'permissions', state: 'pass', title, detail: length === 0 ? vscode.l10n.t('No other folder is open to them.') : vscode.l10n.t('Other folders open to them: {0}.', length) };
}

function guardrails({ settings }: State): Check {
  const title = vscode.l10n.t('Guardrails are in force');
  const fix = { label: vscode.l10n.t('Open Guardrails'), section: 'guardrails' } as const;
  const [bad] = checkBlockedPatterns(settings.guardrails.customBlockedPatterns);
  if (bad !== undefined) return { id: 'guardrails', state: 'fail', title, detail: bad.message, fix };
  if (settings.guardrails.autoApproveTrustedCommands) return { id: 'guardrails', state: 'warn', title, detail: vscode.l10n.t('Trusted commands run without asking.'), fix };
  return { id: 'guardrails', state: 'pass', title, detail: vscode.l10n.t('Built-in ones always; patterns of your own: {0}.', settings.guardrails.customBlockedPatterns.length), fix };
}

function repositoryRules({ manifest }: State): Check {
  const title = vscode.l10n.t('The repository’s rules are reviewed');
  const allows = manifest.rules.filter((rule) => rule.effect === 'allow').length;
  if (allows === 0) return { id: 'repository', state: 'pass', title, detail: vscode.l10n.t('It has no rules that allow anything.') };
  if (manifest.reviewed) return { id: 'repository', state: 'pass', title, detail: vscode.l10n.t('You reviewed exactly this file. Rules that allow: {0}.', allows) };
  return { id: 'repository', state: 'warn', title, detail: vscode.l10n.t('Rules that allow and do not count yet: {0}.', allows), fix: { label: vscode.l10n.t('Review'), command: 'reviewRepositoryRules' } };
}

/** Only where there is one, or was */
function policyScript({ script }: State): readonly Check[] {
  if (script === undefined) return [];
  const title = vscode.l10n.t('The policy script is reviewed');
  const fix = { label: vscode.l10n.t('Review'), command: 'reviewPolicyScript' } as const;
  switch (script.review) {
    case 'reviewed':
      return vscode.workspace.isTrusted
        ? [{ id: 'script', state: 'pass', title, detail: vscode.l10n.t('You reviewed exactly this script; it is asked about every request.'), fix }]
        : [{ id: 'script', state: 'fail', title, detail: vscode.l10n.t('It runs only once you trust this workspace, and every request asks until then.'), fix: { label: vscode.l10n.t('Manage Trust'), command: 'manageTrust' } }];
    case 'new':
      return [{ id: 'script', state: 'warn', title, detail: vscode.l10n.t('The repository has one that nobody here has reviewed, so it is not asked.'), fix }];
    case 'changed':
      return [{ id: 'script', state: 'fail', title, detail: vscode.l10n.t('It changed or is gone since you reviewed it, so every request asks.'), fix }];
  }
}

function sandbox({ settings }: State): Check {
  const title = vscode.l10n.t('Commands run in a sandbox');
  const fix = { label: vscode.l10n.t('Choose a Sandbox'), section: 'limits' } as const;
  const { kind, network } = sandboxOf(settings);
  if (kind === 'none') return { id: 'sandbox', state: 'warn', title, detail: vscode.l10n.t('They run as you, without one.'), fix };
  if (kind === 'docker' && network === 'bridge') return { id: 'sandbox', state: 'warn', title, detail: vscode.l10n.t('They reach the network from it.'), fix };
  return { id: 'sandbox', state: 'pass', title, detail: vscode.l10n.t('Without network, and a refusal where none works.'), fix };
}

/** Channels that are on (spec 12): who gets in, what groups may use, whether anybody has paired */
function channels(state: State): readonly Check[] {
  const found = channelFindings(state);
  if (found === undefined) return [];
  const { open, loose, untried } = found;
  const fix = { label: vscode.l10n.t('Open Channels'), section: 'channels' } as const;
  const named = (ids: readonly string[]): string => ids.map(visible).join(', ');
  return [
    {
      id: 'pairing', title: vscode.l10n.t('Nobody unknown speaks on a channel'), fix,
      ...(open.length === 0 ? { state: 'pass', detail: vscode.l10n.t('Every channel pairs people or has a list of them.') } : { state: 'fail', detail: vscode.l10n.t('Open to everybody: {0}.', named(open)) }),
    },
    {
      id: 'groups', title: vscode.l10n.t('Groups get no tool that gives out what is remembered'), fix,
      ...(loose.length === 0 ? { state: 'pass', detail: vscode.l10n.t('It is left out in every group.') } : { state: 'warn', detail: vscode.l10n.t('Not left out in groups of: {0}.', named(loose)) }),
    },
    {
      id: 'paired', title: vscode.l10n.t('A pairing code was tried'), fix,
      ...(untried.length === 0 ? { state: 'pass', detail: vscode.l10n.t('Somebody is paired on every channel.') } : { state: 'warn', detail: vscode.l10n.t('Nobody is paired yet on: {0}.', named(untried)) }),
    },
  ];
}

function pending(count: number): Check {
  return count === 0
    ? { id: 'pending', state: 'pass', title: vscode.l10n.t('Nothing waits for you'), detail: vscode.l10n.t('No agent waits for an answer.') }
    : { id: 'pending', state: 'warn', title: vscode.l10n.t('Questions wait for you'), detail: vscode.l10n.t('Agents that wait for an answer: {0}.', count), fix: { label: vscode.l10n.t('Answer'), section: 'pending' } };
}
