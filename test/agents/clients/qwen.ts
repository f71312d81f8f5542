import path from 'node:path';
import { inWorkspace, prompt, type AgentClient } from '../client.ts';
import { modelUrl } from '../jail/modelPort.ts';
import { writeJson } from '../writeJson.ts';

/** Qwen Code */
export const qwen: AgentClient = {
  name: 'qwen', title: 'Qwen Code', package: '@qwen-code/qwen-code', version: '0.24.4', program: 'qwen',
  call: (deed, _tools, workspace) =>
    deed.kind === 'shell'
      ? { tool: 'run_shell_command', input: { command: deed.command, description: 'probe', is_background: false } }
      : { tool: 'write_file', input: { file_path: inWorkspace(workspace, deed.file), content: deed.text } },
  prepare({ home }) {
    writeJson(path.join(home, '.qwen/settings.json'), {
      security: { auth: { selectedType: 'openai' } }, general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false },
      // It would let a second agent call tools beside the script
      memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false },
    });
    return {
      args: ['-p', prompt, '--output-format', 'json', '-m', 'scripted', '--auth-type', 'openai', '--approval-mode', 'yolo'],
      env: { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: `${modelUrl}/v1`, OPENAI_MODEL: 'scripted', QWEN_SANDBOX: 'false', QWEN_TELEMETRY_ENABLED: 'false' },
    };
  },
};
