import path from 'node:path';
import { inWorkspace, prompt, type AgentClient } from '../client.ts';
import { modelUrl } from '../jail/modelPort.ts';
import { writeJson } from '../writeJson.ts';

/** Claude Code */
export const claude: AgentClient = {
  name: 'claude', title: 'Claude Code', package: '@anthropic-ai/claude-code', version: '2.1.330', program: 'claude',
  call: (deed, _tools, workspace) =>
    deed.kind === 'shell'
      ? { tool: 'Bash', input: { command: deed.command, description: 'probe' } }
      : { tool: 'Write', input: { file_path: inWorkspace(workspace, deed.file), content: deed.text } },
  prepare({ home }) {
    writeJson(path.join(home, '.claude.json'), { hasCompletedOnboarding: true });
    return {
      args: ['-p', prompt, '--output-format', 'json', '--model', 'claude-sonnet-4-5', '--permission-mode', 'bypassPermissions'],
      env: {
        ANTHROPIC_BASE_URL: modelUrl, ANTHROPIC_API_KEY: 'sk-ant-none', ENABLE_TOOL_SEARCH: 'false', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        // Its own word for "may run as root without prompts", which a jail is for
        IS_SANDBOX: '1',
      },
    };
  },
};
