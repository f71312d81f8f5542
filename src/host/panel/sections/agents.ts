import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { findInstallation, installations } from '../../../agents/installation.ts';
import { type AgentState, agentStates } from '../../../cli/doctorAgents.ts';
import { visible } from '../../../core/visible.ts';
import type { AgentsRequests, AgentsSlice } from '../../../shared/agents.ts';
import type { Done } from '../../../shared/messages.ts';
import { commands } from '../../contributions.ts';
import type { OpenFolder } from '../../folders.ts';
import type { HandlersOf } from '../handler.ts';

const clientParams = z.strictObject({ client: z.enum(installations.map(({ client }) => client)) });

/** The agents of this machine; hooks are only compared, not called */
export async function agentsSlice({ path }: OpenFolder): Promise<AgentsSlice> {
  const states = await agentStates(path, { trying: false });
  return { agents: states.map((state) => ({ ...state, files: state.files.map(visible), ...(state.broken === undefined ? {} : { broken: visible(state.broken) }), ...hooksOff(state), steps: findInstallation(state.client)?.steps ?? [] })) };
}

/** VS Code's own agent reads Copilot's hooks, unless it was told to call none */
function hooksOff({ client, files }: AgentState): { readonly broken?: string } {
  const isOff = client === 'copilot' && files.length > 0 && vscode.workspace.getConfiguration('chat').get<boolean>('useHooks') === false;
  return isOff ? { broken: vscode.l10n.t('The agent of this editor calls no hooks, because the setting chat.useHooks is off. Copilot CLI calls them.') } : {};
}

export const agentsHandlers: HandlersOf<AgentsRequests> = {
  protectAgent: { params: clientParams, run: ({ client }) => byCommand(commands.protectAgent, client) },
  releaseAgent: { params: clientParams, run: ({ client }) => byCommand(commands.releaseAgent, client) },
  tryAgents: {
    params: z.strictObject({}),
    async run(_, { folder }) {
      const states = await agentStates(folder.path);
      return { broken: states.flatMap(({ client, broken }) => (broken === undefined ? [] : [{ client, why: visible(broken) }])) };
    },
  },
};

/** The dialogues tell all there is to tell */
async function byCommand(command: string, client: string): Promise<Done> {
  return (await vscode.commands.executeCommand<boolean>(command, client)) ? { ok: true } : { ok: false, reason: '' };
}
