import { existsSync } from 'node:fs';
import { userFolder } from '../node/userFolder.ts';
import { workspaceFolder } from './place.ts';
import { type Verb, UsageError, commonDetails } from './verb.ts';

/** `mcp`: a server of the Model Context Protocol, for agents to start */
export const mcpVerb: Verb = {
  usage: 'mcp [--workspace DIR]',
  summary: 'serve gated tools, and Claude Code’s permission prompts, as an MCP server',
  details: [
    ...commonDetails, '',
    'Speaks the Model Context Protocol on standard input and output. Claude Code:',
    '  claude mcp add cowork-policy -- cowork-policy mcp',
    '  claude -p … --permission-prompt-tool mcp__cowork-policy__permission_prompt',
    'Every call of its tools is decided, asked about and recorded like one of a hook.',
  ],
  options: {},
  async run(words, flags, console) {
    if (words.length > 0) throw new UsageError('mcp takes no words');
    const folder = workspaceFolder(flags, console);
    if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
    // Its library is loaded only here
    const { serveMcp } = await import('./mcpServer.ts');
    await serveMcp({ userFolder: userFolder(), folder, version: '1', onError: (error) => console.complain(`cowork-policy mcp: ${error instanceof Error ? error.message : String(error)}`) });
    return 0;
  },
};
