import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { budgetKinds, budgetSettings, budgetsOf, withBudget } from '../../../core/policy/budgets.ts';
import { fileSizeOf, fileSizes } from '../../../core/policy/fileSizeLimit.ts';
import { sandboxKinds, sandboxOf } from '../../../core/policy/sandboxChoice.ts';
import { visible } from '../../../core/visible.ts';
import { mostPending } from '../../../gate/approvals.ts';
import { usualTimeout } from '../../../gate/gate.ts';
import { perMinute } from '../../../gate/limits.ts';
import { openChosenSandbox } from '../../../node/sandbox/chosenSandbox.ts';
import { whyUnavailable } from '../../../node/sandbox/openSandbox.ts';
import { longestTimeout, outputCap, usualTimeout as usualRun } from '../../../node/sandbox/sandbox.ts';
import { userFolder } from '../../../node/userFolder.ts';
import type { Done } from '../../../shared/messages.ts';
import type { BudgetField, BudgetKind, LimitsRequests, LimitsSlice, SandboxCheck, SandboxName } from '../../../shared/limits.ts';
import type { OpenFolder } from '../../folders.ts';
import { hostWords } from '../../hostWords.ts';
import { said } from '../../said.ts';
import { runningTasks } from '../../taskList.ts';
import type { HandlersOf } from '../handler.ts';

const by = 'editor';
const kinds = ['auto', ...sandboxKinds] as const;

/** The sandbox that is chosen, file size and budgets that are set, the tasks of now, and the limits that are fixed (spec 9, 10) */
export function limitsSlice(folder: OpenFolder): LimitsSlice {
  const { store } = folder;
  return {
    sandbox: sandboxOf(store.state.settings),
    fileSize: { megabytes: fileSizeOf(store.state.settings.limits), least: fileSizes.least, most: fileSizes.most },
    budgets: budgetFields(folder),
    tasks: runningTasks(folder, Date.now(), hostWords),
    kinds: kinds.map((kind) => ({ kind, ...kindText(kind) })),
    limits: [
      { name: vscode.l10n.t('Requests'), value: vscode.l10n.t('{0} a minute', perMinute.standard), detail: vscode.l10n.t('For each task; as many tasks may begin in a minute. Beyond, a request is denied and told how long to wait.') },
      { name: vscode.l10n.t('Searches and model calls'), value: vscode.l10n.t('{0} a minute', perMinute.expensive), detail: vscode.l10n.t('For each session. Beyond, a request is denied and told how long to wait.') },
      { name: vscode.l10n.t('Changes of settings and rules'), value: vscode.l10n.t('{0} a minute', perMinute.settings), detail: vscode.l10n.t('By hand, in this workspace. Beyond, a change is refused and says how long to wait.') },
      { name: vscode.l10n.t('Time to answer'), value: vscode.l10n.t('{0} minutes', usualTimeout / 60_000), detail: vscode.l10n.t('A question nobody answers is denied.') },
      { name: vscode.l10n.t('Open questions'), value: String(mostPending.workspace), detail: vscode.l10n.t('In this workspace; {0} for one session. Beyond, a request is denied at once.', mostPending.session) },
      { name: vscode.l10n.t('Time of a command'), value: vscode.l10n.t('{0} seconds', usualRun / 1000), detail: vscode.l10n.t('In a sandbox; an agent may ask for up to {0} minutes. Then it is ended with all it started.', longestTimeout / 60_000) },
      { name: vscode.l10n.t('Output of a command'), value: vscode.l10n.t('{0} KiB', outputCap / 1024), detail: vscode.l10n.t('Of each of its two streams. The rest is left out, and a mark says so.') },
    ],
  };
}

export const limitsHandlers: HandlersOf<LimitsRequests> = {
  setFileSize: {
    params: z.strictObject({ megabytes: z.number() }),
    run: ({ megabytes }, { folder }) => folder.gate.changeSettings({ limits: { ...folder.store.state.settings.limits, maxFileSizeMB: megabytes } }, by),
  },
  setBudget: {
    params: z.strictObject({ kind: z.enum(budgetKinds), on: z.boolean(), amount: z.number() }),
    run: ({ kind, ...budget }, { folder }) => folder.gate.changeSettings({ limits: withBudget(folder.store.state.settings.limits, kind, budget) }, by),
  },
  grantBudget: {
    params: z.strictObject({ session: z.string().check(z.maxLength(2_000)) }),
    run: ({ session }, { folder }) => folder.gate.grantBudget(session, by),
  },
  checkSandboxes: {
    params: z.strictObject({}),
    run: async (_, { folder }) => ({ checks: await Promise.all(kinds.map((kind) => checkKind(kind, folder))) }),
  },
  setSandbox: {
    params: z.strictObject({
      change: z.strictObject({
        kind: z.optional(z.enum(kinds)), image: z.optional(z.string().check(z.maxLength(1_000))), cpus: z.optional(z.number()),
        memory: z.optional(z.string().check(z.maxLength(100))), network: z.optional(z.enum(['none', 'hosts', 'bridge'])),
      }),
    }),
    async run({ change }, { folder }) {
      // Asked by the editor itself, so that no message of the page alone can loosen that far
      if (!(await confirmLooser(change, folder))) return unchanged();
      return folder.gate.changeSettings({ sandbox: { ...sandboxOf(folder.store.state.settings), ...change } }, by);
    },
  },
};

function budgetFields({ store }: OpenFolder): readonly BudgetField[] {
  const budgets = budgetsOf(store.state.settings.limits);
  return budgetKinds.map((kind) => ({ kind, ...budgetWords(kind), ...budgets[kind], least: budgetSettings[kind].least, most: budgetSettings[kind].most }));
}

function budgetWords(kind: BudgetKind): { readonly name: string; readonly detail: string } {
  switch (kind) {
    case 'iterations': return { name: vscode.l10n.t('Requests of a task'), detail: vscode.l10n.t('Counted here: each request of an agent is one.') };
    case 'tokens': return { name: vscode.l10n.t('Tokens of a task'), detail: vscode.l10n.t('As far as the agent tells; one that tells nothing is held by its requests only.') };
    case 'cost': return { name: vscode.l10n.t('Cost of a task in US dollars'), detail: vscode.l10n.t('As far as the agent tells.') };
  }
}

function unchanged(): Done {
  return { ok: false, reason: '' };
}

async function confirmLooser({ kind, network }: LimitsRequests['setSandbox']['params']['change'], { name }: OpenFolder): Promise<boolean> {
  if (kind !== 'none' && network !== 'bridge') return true;
  const yes = kind === 'none' ? vscode.l10n.t('Run Without') : vscode.l10n.t('Give Network');
  const question = kind === 'none' ? vscode.l10n.t('Run commands in {0} without a sandbox?', name) : vscode.l10n.t('Let commands in {0} reach the network?', name);
  const detail = kind === 'none'
    ? vscode.l10n.t('Not recommended. A command that was allowed can then do whatever you may do: read your keys, change any file, reach any host.')
    : vscode.l10n.t('A command that was allowed can then send what it reads in the workspace to any host, whatever the rules say of hosts.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

async function checkKind(kind: SandboxName, folder: OpenFolder): Promise<SandboxCheck> {
  if (kind === 'none') return { kind, works: true, detail: vscode.l10n.t('Not recommended: it isolates nothing.') };
  const { workspace, home } = folder.surroundings;
  const opened = await openChosenSandbox(folder.store.state.settings, { workspace, home, userFolder: userFolder() }, kind);
  if (kind === 'auto') {
    if (!opened.ok) return { kind, works: false, detail: vscode.l10n.t('Nothing works here, so commands are refused.') };
    return { kind, works: true, detail: vscode.l10n.t('Takes {0} here.', kindText(opened.sandbox.kind).name) };
  }
  const reason = opened.ok ? await whyUnavailable(opened.sandbox) : (opened.passedOver[0]?.reason ?? '');
  return reason === undefined ? { kind, works: true, detail: vscode.l10n.t('Works here.') } : { kind, works: false, detail: visible(said(reason, vscode.l10n)) };
}

function kindText(kind: SandboxName): { readonly name: string; readonly detail: string } {
  switch (kind) {
    case 'auto': return { name: vscode.l10n.t('Best that works'), detail: vscode.l10n.t('Chosen anew for each start; never without a sandbox.') };
    case 'bubblewrap': return { name: 'bubblewrap', detail: vscode.l10n.t('Linux. Starts at once; sees the workspace and the system’s programs, nothing of your home.') };
    case 'docker': return { name: 'Docker', detail: vscode.l10n.t('Wherever Docker or Podman runs. Sees the workspace and what is in the image.') };
    case 'macos': return { name: 'sandbox-exec', detail: vscode.l10n.t('macOS. A profile made for the workspace.') };
    case 'none': return { name: vscode.l10n.t('None'), detail: vscode.l10n.t('Commands run as you. Not recommended.') };
  }
}
