import path from 'node:path';
import { inWorkspace, prompt, type AgentClient } from '../client.ts';
import { modelUrl } from '../jail/modelPort.ts';

/** GitHub Copilot CLI, with a model of one's own and no login */
export const copilot: AgentClient = {
  name: 'copilot', title: 'Copilot CLI', package: '@github/copilot', version: '1.0.102', program: 'copilot',
  call: (deed, _tools, workspace) =>
    deed.kind === 'shell'
      ? { tool: 'bash', input: { command: deed.command, description: 'probe', mode: 'sync', initial_wait: 10 } }
      : { tool: 'create', input: { path: inWorkspace(workspace, deed.file), file_text: deed.text } },
  prepare: ({ home }) => ({
    args: [
      '-p', prompt, '--no-color', '--no-auto-update', '--disable-builtin-mcps', '--disable-client-telemetry', '--no-ask-user', '--no-remote',
      '--allow-all-tools', '--trust-folder',
    ],
    env: {
      COPILOT_HOME: path.join(home, '.copilot'), COPILOT_OFFLINE: 'true', COPILOT_AUTO_UPDATE: 'false', COPILOT_MODEL: 'gpt-4.1',
      COPILOT_PROVIDER_BASE_URL: `${modelUrl}/v1`, COPILOT_PROVIDER_TYPE: 'openai', COPILOT_PROVIDER_API_KEY: 'none',
    },
  }),
};
