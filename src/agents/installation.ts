import type { JsonObject } from './hookCall.ts';
import { clineScript, commandInScript } from './clineScript.ts';
import { opencodePlugin, wordsOfPlugin } from './opencodePlugin.ts';

/** An entry of ours, and the list in a settings file that it is added to */
export interface HookEntry {
  readonly list: readonly string[];
  readonly entry: JsonObject;
}

/** How an agent is told to call our hook, and what people should know about it */
export interface Installation {
  readonly client: string;
  /** Its own folder in the home folder, and the variable that moves it */
  readonly folder: readonly string[];
  readonly variable?: string;
  /** The file in that folder */
  readonly file: readonly string[];
  /** The file in a project; absent where the agent may skip a project's hooks in silence */
  readonly project?: readonly string[];
  /** What a new file starts with */
  readonly start: JsonObject;
  /** The lists in the file that our entries are added to. `timeout`: seconds, longer than our own deadline */
  readonly entries: (command: string, timeout: number, isWindows?: boolean) => readonly HookEntry[];
  /** The same for an agent that can also call the editor itself, which answers over HTTP (`openHttpDoor`) */
  readonly http?: (url: string, token: string, timeout: number) => readonly HookEntry[];
  /** For an agent that is told by a file of ours, and not by entries in a file of its own: its text, how the line is read out of it, and whether it is a program */
  readonly whole?: { readonly text: (command: string, timeout: number) => string; readonly commandOf: (text: string) => string | undefined; readonly isProgram?: true };
  /** Seconds until we answer */
  readonly deadline: number;
  /** Seconds that the agent is told to wait for us, where it lets a tool run afterwards; else a little longer than `deadline` */
  readonly patience?: number;
  /**
   * What keeps a tool from running whose hook was killed together with the shell that started it, for an agent that takes
   * such an ending for no opinion. `denies first`: the shell writes a denial before it starts the hook, for an agent that reads
   * it however the shell ended; `holds the answer`: a process apart keeps one of the hook's streams open, for an agent that reads
   * nothing then but waits for the end of both.
   */
  readonly guard?: 'denies first' | 'holds the answer';
  /** A call that every policy denies, as the agent would make it */
  readonly probe: (folder: string) => JsonObject;
  /** A folder in the home folder that shows it is here, where `folder` does not */
  readonly sign?: readonly string[];
  /** Names of its program on the PATH */
  readonly programs: readonly string[];
  /** What a person has to do before it works */
  readonly steps: readonly string[];
  /** What the agent can do without our being asked */
  readonly notCovered: readonly string[];
}

/** Longer than a question stays open (five minutes), so that the question ends first */
const usualDeadline = 310;
const deniedCommand = 'sudo rm -rf /';
const onWindows = 'On Windows, untried: a hook that crashes or is killed lets the tool run, because no shell stands around it there.';
const killedEarly = 'A hook that is killed together with its shell in the first few milliseconds, before that could write its denial.';

const claudeProbe = (tool: string, event: string) => (folder: string): JsonObject => ({
  session_id: 'probe', cwd: folder, hook_event_name: event, tool_name: tool, tool_input: { command: deniedCommand },
});
const hook = (command: string, timeout: number): JsonObject => ({ type: 'command', command, timeout });
/**
 * As long as agents can wait for a hook: some keep the time in milliseconds that must be below 2^31. They let a tool run whose hook
 * is late, so one that stands still has to stop them as well.
 */
const longestPatience = 2_000_000;
const later = 'The agent lets a tool run whose hook is late. Ours answers 20 seconds before that, unless the whole machine stands still.';

/** The agents that can be put under the policy by a change of one file */
export const installations: readonly Installation[] = [
  {
    client: 'claude', folder: ['.claude'], variable: 'CLAUDE_CONFIG_DIR', file: ['settings.json'], project: ['.claude', 'settings.json'], start: {}, deadline: usualDeadline, programs: ['claude'],
    entries: (command, timeout) => [{ list: ['hooks', 'PreToolUse'], entry: { matcher: '*', hooks: [{ ...hook(command, timeout), onFailure: 'block' }] } }],
    http: (url, token, timeout) => [{ list: ['hooks', 'PreToolUse'], entry: { matcher: '*', hooks: [{ type: 'http', url, headers: { Authorization: `Bearer ${token}` }, timeout, onFailure: 'block' }] } }],
    probe: claudeProbe('Bash', 'PreToolUse'),
    steps: [],
    notCovered: ['One wrong value elsewhere in its settings file makes Claude Code drop all hooks without a word; doctor shows when it last asked.'],
  },
  {
    client: 'codex', folder: ['.codex'], variable: 'CODEX_HOME', file: ['hooks.json'], start: {}, deadline: usualDeadline, patience: longestPatience, guard: 'holds the answer', programs: ['codex'],
    entries: (command, timeout) => [{ list: ['hooks', 'PreToolUse'], entry: { matcher: '.*', hooks: [hook(command, timeout)] } }],
    probe: claudeProbe('Bash', 'PreToolUse'),
    steps: [
      'Codex runs a hook only after you trusted it. Start codex, type /hooks, look at the hook of CoWork Policy and trust it.',
      'Until then Codex runs its tools WITHOUT asking. After a change of the hook it wants to be trusted again.',
    ],
    notCovered: [
      'Text typed into a program that is running already (write_stdin): be wary of allowing bare shells and interpreters.',
      'Web search, which runs on the server.',
      'Where the hook is killed together with its shell, Codex stands still until you stop it (Esc). Only who kills the process cowork-policy-holder with them at once gets a tool run.',
      onWindows,
    ],
  },
  {
    client: 'gemini', folder: ['.gemini'], file: ['settings.json'], start: {}, deadline: usualDeadline, patience: longestPatience, guard: 'denies first', programs: ['gemini'],
    entries: (command, timeout) => [{ list: ['hooks', 'BeforeTool'], entry: { matcher: '.*', hooks: [{ ...hook(command, timeout * 1000), name: 'cowork-policy' }] } }],
    probe: claudeProbe('run_shell_command', 'BeforeTool'),
    steps: [],
    notCovered: [killedEarly, onWindows],
  },
  {
    client: 'copilot', folder: ['.copilot'], variable: 'COPILOT_HOME', file: ['hooks', 'cowork-policy.json'], start: { version: 1 }, deadline: usualDeadline, patience: longestPatience, programs: ['copilot'],
    entries: (command, timeout, isWindows) => [{ list: ['hooks', 'preToolUse'], entry: { type: 'command', [isWindows === true ? 'powershell' : 'bash']: command, timeoutSec: timeout } }],
    // VS Code's own agent reads the same file, takes `bash` and `timeoutSec` as they are, and calls `PreToolUse` (editor 1.139)
    probe: (folder) => ({ sessionId: 'probe', timestamp: 0, cwd: folder, toolName: 'bash', toolArgs: { command: deniedCommand } }),
    steps: [],
    notCovered: ['In VS Code: sessions of other agents than its own, which call the hooks of those; and hooks that were switched off there (chat.useHooks).'],
  },
  {
    // It lets a tool run after a minute whatever time-out is told (`MessageBus.request`, 0.24.4)
    client: 'qwen', folder: ['.qwen'], file: ['settings.json'], project: ['.qwen', 'settings.json'], start: {}, deadline: 45, guard: 'denies first', programs: ['qwen'],
    entries: (command, timeout) => [{ list: ['hooks', 'PreToolUse'], entry: { matcher: '*', hooks: [{ ...hook(command, timeout), name: 'cowork-policy' }] } }],
    probe: claudeProbe('run_shell_command', 'PreToolUse'),
    steps: [],
    notCovered: ['A question that is open for longer than 45 seconds is denied: Qwen Code lets a tool run whose hook takes more than a minute.', killedEarly, onWindows],
  },
  {
    client: 'opencode', folder: ['.config'], variable: 'XDG_CONFIG_HOME', file: ['opencode', 'plugin', 'cowork-policy.js'], start: {}, deadline: usualDeadline, programs: ['opencode'],
    entries: () => [],
    whole: { text: (command, timeout) => opencodePlugin(['/bin/sh', '-c', command], timeout * 1000), commandOf: commandInPlugin },
    probe: claudeProbe('bash', 'PreToolUse'),
    steps: [],
    notCovered: [
      'What another plugin makes of a call after ours has asked about it.',
      'opencode leaves out a plugin that it cannot load, without a word; doctor shows when it last asked.',
    ],
  },
  {
    client: 'cursor', folder: ['.cursor'], file: ['hooks.json'], start: { version: 1 }, deadline: usualDeadline, programs: ['cursor', 'cursor-agent'],
    entries: (command, timeout) => ['preToolUse', 'beforeShellExecution', 'beforeMCPExecution', 'beforeReadFile'].map((event) => ({ list: ['hooks', event], entry: { command, timeout, failClosed: true } })),
    probe: (folder) => ({ conversation_id: 'probe', hook_event_name: 'beforeShellExecution', workspace_roots: [folder], cwd: folder, command: deniedCommand }),
    steps: [],
    notCovered: ['Made from Cursor’s documents and not tried with Cursor itself.', later],
  },
  {
    // It waits two minutes at most, shorter than a question stays open
    client: 'cline', folder: ['Documents', 'Cline'], file: ['Hooks', 'PreToolUse'], start: {}, deadline: 100, sign: ['Documents', 'Cline'], programs: ['cline'],
    entries: () => [],
    whole: { text: clineScript, commandOf: commandInScript, isProgram: true },
    probe: (folder) => ({ hookName: 'PreToolUse', taskId: 'probe', workspaceRoots: [folder], preToolUse: { toolName: 'execute_command', parameters: { command: deniedCommand } } }),
    steps: ['Cline runs hooks only after you turned them on: open its settings, then Features, and turn on “Enable Hooks”. Until then Cline runs its tools WITHOUT asking.'],
    notCovered: ['Made from Cline’s documents and not tried with Cline itself; Linux and macOS only.', 'A question that is open for longer than 100 seconds is denied.', later],
  },
];

/** The command line in a plugin of ours */
function commandInPlugin(text: string): string | undefined {
  const command = wordsOfPlugin(text)?.at(-1);
  return typeof command === 'string' ? command : undefined;
}

/** How an agent is put under the policy */
export function findInstallation(client: string | undefined): Installation | undefined {
  return installations.find((each) => each.client === client);
}
