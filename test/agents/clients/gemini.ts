import path from 'node:path';
import { inWorkspace, prompt, type AgentClient } from '../client.ts';
import { modelUrl } from '../jail/modelPort.ts';
import { writeJson } from '../writeJson.ts';

/** Gemini CLI */
export const gemini: AgentClient = {
  name: 'gemini', title: 'Gemini CLI', package: '@google/gemini-cli', version: '0.61.0', program: 'gemini',
  call: (deed, _tools, workspace) =>
    deed.kind === 'shell'
      ? { tool: 'run_shell_command', input: { command: deed.command, description: 'probe' } }
      : { tool: 'write_file', input: { file_path: inWorkspace(workspace, deed.file), content: deed.text } },
  prepare({ home }) {
    writeJson(path.join(home, '.gemini/settings.json'), {
      security: { auth: { selectedType: 'gemini-api-key' } },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false },
    });
    return {
      args: ['-p', prompt, '--output-format', 'json', '-m', 'gemini-2.5-flash', '--approval-mode', 'yolo'],
      env: { GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: modelUrl, GEMINI_SANDBOX: 'false', GEMINI_CLI_TRUST_WORKSPACE: 'true', GEMINI_TELEMETRY_ENABLED: 'false' },
    };
  },
};
