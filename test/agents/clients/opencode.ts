import path from 'node:path';
import { inWorkspace, prompt, type AgentClient } from '../client.ts';
import { modelUrl } from '../jail/modelPort.ts';
import { writeJson } from '../writeJson.ts';

/** opencode */
export const opencode: AgentClient = {
  name: 'opencode', title: 'opencode', package: 'opencode-ai', version: '1.18.33', program: 'opencode',
  call: (deed, _tools, workspace) =>
    deed.kind === 'shell'
      ? { tool: 'bash', input: { command: deed.command, description: 'probe' } }
      : { tool: 'write', input: { filePath: inWorkspace(workspace, deed.file), content: deed.text } },
  prepare({ home }) {
    const models = { scripted: { name: 'scripted', tool_call: true, limit: { context: 100_000, output: 8000 } } };
    writeJson(path.join(home, '.config/opencode/opencode.json'), {
      model: 'scripted/scripted', small_model: 'scripted/scripted', autoupdate: false, share: 'disabled', snapshot: false,
      provider: { scripted: { npm: '@ai-sdk/openai-compatible', name: 'scripted', options: { baseURL: `${modelUrl}/v1`, apiKey: 'none' }, models } },
      permission: { bash: 'allow', edit: 'allow', webfetch: 'allow', external_directory: 'allow', '*': 'allow' },
    });
    return {
      args: ['run', '--format', 'json', prompt],
      env: {
        OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_SHARE: '1',
        // With a folder of plugins it asks the registry for a package, and waits a minute where there is none
        npm_config_fetch_retries: '0',
      },
    };
  },
};
