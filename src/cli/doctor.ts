import { checkBlockedPatterns } from '../core/policy/blockedPatterns.ts';
import { visible } from '../core/visible.ts';
import { channelFindings } from '../gate/channelFindings.ts';
import type { PolicyScript, StoredState } from '../gate/ports.ts';
import { connectEndpoint } from '../node/endpoint/client.ts';
import { userFolder } from '../node/userFolder.ts';
import { type AgentState, agentStates } from './doctorAgents.ts';
import { withStore } from './ownGate.ts';
import { surroundingsOf, workspaceFolder } from './place.ts';
import { type Verb, UsageError, commonDetails } from './verb.ts';

/** One line of the check list (spec 12) */
interface Check {
  readonly id: string;
  readonly state: 'pass' | 'warn' | 'fail';
  readonly text: string;
}

const day = 86_400_000;

/** `doctor`: the check list of spec 12 as far as there is something to check, and the agents on this machine */
export const doctorVerb: Verb = {
  usage: 'doctor [--workspace DIR]',
  summary: 'check the policy of the workspace, and which agents are under it',
  details: [...commonDetails, '', 'Each line passes, warns or fails. Exits with 1 where one fails.'],
  options: {},
  async run(words, flags, console) {
    if (words.length > 0) throw new UsageError('doctor takes no words');
    const folder = workspaceFolder(flags, console);
    const { workspace } = surroundingsOf(folder);
    const { verifyChain } = await import('../node/store/verifyChain.ts');
    const state = await withStore(flags, console, (store) => Promise.resolve(store.state));
    const report = await verifyChain(workspace, userFolder());
    const editor = await connectEndpoint(userFolder(), workspace);
    editor?.close();
    const agents = await agentStates(workspace);
    const checks: readonly Check[] = [
      report.ok ? { id: 'record', state: 'pass', text: `The record holds: ${report.entries} entries.` } : { id: 'record', state: 'fail', text: `The record does not hold: ${report.firstBad?.why ?? 'it cannot be read'}. Run “cowork-policy audit verify”.` },
      ...state.problems.map((problem): Check => ({ id: 'state', state: 'warn', text: problem.message })),
      modeCheck(state.settings.mode),
      permissionsCheck(state.settings.unrestrictedFileAccess, state.settings.allowedPaths),
      guardrailsCheck(state.settings.guardrails.customBlockedPatterns, state.settings.guardrails.autoApproveTrustedCommands),
      repositoryCheck(state.manifest.rules.filter(({ effect }) => effect === 'allow').length, state.manifest.reviewed),
      ...scriptCheck(state.script),
      ...channelChecks(state),
      editor === undefined
        ? { id: 'editor', state: 'warn', text: 'No editor has this workspace open: what needs your answer is left to the agent’s own prompt, or denied.' }
        : { id: 'editor', state: 'pass', text: 'An editor has this workspace open and answers.' },
      ...agents.flatMap((agent) => agentCheck(agent, console.now())),
    ];
    if (flags['json'] === true) {
      for (const check of checks) await console.print(`${JSON.stringify(check)}\n`);
      for (const agent of agents) await console.print(`${JSON.stringify({ agent: agent.client, ...agent })}\n`);
    } else {
      const notes = agents.filter(({ files }) => files.length > 0).flatMap(({ title, notCovered }) => notCovered.map((text) => `      ${title}, not covered: ${text}\n`));
      await console.print(`${checks.map(({ state: result, text }) => `${result}  ${visible(text)}\n`).join('')}${notes.join('')}`);
    }
    return checks.some((check) => check.state === 'fail') ? 1 : 0;
  },
};

function modeCheck(mode: string): Check {
  const loose = mode === 'dont_ask' || mode === 'bypass_permissions';
  return { id: 'mode', state: loose ? 'warn' : 'pass', text: loose ? `The mode is ${mode}: most things run without asking.` : `The mode is ${mode}: it asks before what is hard to undo.` };
}

function permissionsCheck(unrestricted: boolean, allowed: readonly string[]): Check {
  if (unrestricted) return { id: 'permissions', state: 'warn', text: 'Unrestricted file access is on: tools may leave the workspace.' };
  return { id: 'permissions', state: 'pass', text: allowed.length === 0 ? 'Tools stay in the workspace.' : `Tools stay in the workspace and in ${allowed.join(', ')}.` };
}

function guardrailsCheck(patterns: readonly string[], trustedCommands: boolean): Check {
  const [bad] = checkBlockedPatterns(patterns);
  if (bad !== undefined) return { id: 'guardrails', state: 'fail', text: bad.message };
  if (trustedCommands) return { id: 'guardrails', state: 'warn', text: 'Trusted commands run without asking.' };
  return { id: 'guardrails', state: 'pass', text: `Guardrails are in force: the built-in ones, and ${patterns.length} patterns of your own.` };
}

function repositoryCheck(allows: number, reviewed: boolean): Check {
  if (allows === 0) return { id: 'repository', state: 'pass', text: 'The repository has no rules that allow anything.' };
  if (reviewed) return { id: 'repository', state: 'pass', text: `You reviewed the repository’s rules; ${allows} allow something.` };
  return { id: 'repository', state: 'warn', text: `${allows} rules of the repository allow something; they count once you reviewed them in the editor.` };
}

/** Only where there is a policy script, or was */
function scriptCheck(script: PolicyScript | undefined): readonly Check[] {
  switch (script?.review) {
    case undefined: return [];
    case 'reviewed': return [{ id: 'script', state: 'pass', text: 'You reviewed the policy script; it is asked about every request.' }];
    case 'new': return [{ id: 'script', state: 'warn', text: 'The repository has a policy script that nobody here has reviewed, so it is not asked; review it in the editor.' }];
    case 'changed': return [{ id: 'script', state: 'fail', text: 'The policy script changed or is gone since you reviewed it, so every request asks; review it in the editor.' }];
  }
}

/** Who gets in over the channels that are on, what groups may use, whether anybody has paired (spec 12) */
function channelChecks(state: StoredState): readonly Check[] {
  const found = channelFindings(state);
  if (found === undefined) return [];
  const { open, loose, untried } = found;
  return [
    open.length === 0 ? { id: 'pairing', state: 'pass', text: 'Every channel pairs people or has a list of them.' } : { id: 'pairing', state: 'fail', text: `Everybody is let in on ${open.join(', ')}. Set it to pairing in the editor, under Channels.` },
    loose.length === 0 ? { id: 'groups', state: 'pass', text: 'Groups get no tool that gives out what is remembered.' } : { id: 'groups', state: 'warn', text: `Groups may use tools that give out what is remembered on ${loose.join(', ')}.` },
    untried.length === 0 ? { id: 'paired', state: 'pass', text: 'Somebody is paired on every channel.' } : { id: 'paired', state: 'warn', text: `Nobody is paired yet on ${untried.join(', ')}. Make a pairing code in the editor, under Channels.` },
  ];
}

function agentCheck({ client, title, found, version, files, broken, lastSeen }: AgentState, now: number): readonly Check[] {
  if (!found && files.length === 0 && broken === undefined) return [];
  const name = version === undefined ? title : `${title} ${version}`;
  if (broken !== undefined) return [{ id: client, state: 'fail', text: `${name}: ${broken}.` }];
  if (files.length === 0) return [{ id: client, state: 'warn', text: `${name} is here and asks nobody. Run: cowork-policy install ${client}` }];
  if (lastSeen === undefined) return [{ id: client, state: 'warn', text: `${name} has our hook (${files.join(', ')}) and has not called it yet.${client === 'codex' ? ' Did you trust it under /hooks?' : ''}` }];
  const days = Math.floor((now - lastSeen) / day);
  return [{ id: client, state: 'pass', text: `${name} is under the policy (${files.join(', ')}); it last asked ${days < 1 ? 'today' : days === 1 ? 'a day ago' : `${days} days ago`}.` }];
}
