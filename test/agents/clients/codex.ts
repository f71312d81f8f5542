import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { prompt, type AgentClient } from '../client.ts';
import { modelUrl } from '../jail/modelPort.ts';

/** Codex CLI */
export const codex: AgentClient = {
  name: 'codex', title: 'Codex CLI', package: '@openai/codex', version: '0.169.0', program: 'codex',
  waitsForKilled: true,
  call: (deed) =>
    deed.kind === 'shell'
      ? { tool: 'exec_command', input: { cmd: deed.command, yield_time_ms: 5000 } }
      : { tool: 'apply_patch', input: {}, text: `*** Begin Patch\n*** Add File: ${deed.file}\n+${deed.text}\n*** End Patch` },
  prepare({ home }) {
    const folder = path.join(home, '.codex');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'config.toml'), config);
    return {
      // The hook of a user is trusted in Codex's own dialogue; this stands for the user who did that
      args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-hook-trust', '--json', prompt],
      env: { CODEX_HOME: folder, MODEL_KEY: 'none', RUST_LOG: 'error' },
    };
  },
};

const config = `model = "gpt-5.5"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[analytics]
enabled = false

# Plugins are looked up on the network at every start
[features]
plugins = false

[model_providers.scripted]
name = "scripted"
base_url = "${modelUrl}/v1"
wire_api = "responses"
env_key = "MODEL_KEY"
request_max_retries = 0
stream_max_retries = 0
`;
