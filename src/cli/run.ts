import { parseArgs } from 'node:util';
import { visible } from '../core/visible.ts';
import { StoreError } from '../gate/ports.ts';
import { auditVerb } from './audit.ts';
import { commandsVerb } from './commands.ts';
import { decideVerb } from './decide.ts';
import { doctorVerb } from './doctor.ts';
import { explainVerb } from './explain.ts';
import { hookVerb } from './hookVerb.ts';
import { installVerb, uninstallVerb } from './install.ts';
import { mcpVerb } from './mcp.ts';
import { modeVerb } from './mode.ts';
import { rulesVerb } from './rules.ts';
import { sandboxVerb } from './sandbox.ts';
import { tasksVerb } from './tasks.ts';
import { testVerb } from './test.ts';
import { type Console, FailedError, type Flags, type Verb, UsageError, commonOptions } from './verb.ts';

const program = 'cowork-policy';

/** What the program can do, by name */
export const verbs: Readonly<Record<string, Verb>> = {
  decide: decideVerb, explain: explainVerb, test: testVerb, rules: rulesVerb, commands: commandsVerb, mode: modeVerb, tasks: tasksVerb, audit: auditVerb, sandbox: sandboxVerb,
  install: installVerb, uninstall: uninstallVerb, doctor: doctorVerb, mcp: mcpVerb,
};

/** Runs one call of the program; returns the exit code: 0 done, 1 failed, 2 called in a way that means nothing */
export async function run(words: readonly string[], console: Console): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await console.print(overview());
    return name === undefined ? 2 : 0;
  }
  // Only its help comes this way
  const verb = name === 'hook' ? hookVerb : Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) return usage(console, `there is no “${name}”; use one of ${Object.keys(verbs).join(', ')}`);
  try {
    const { flags, positionals } = read(verb, rest);
    if (flags['help'] === true) {
      await console.print(help(verb));
      return 0;
    }
    return await verb.run(positionals, flags, console);
  } catch (error) {
    if (error instanceof UsageError) return usage(console, `${name}: ${error.message}`);
    if (error instanceof StoreError) return error.problem.code === 'no_folder' ? usage(console, `${name}: ${error.message}`) : failed(console, error.message);
    if (error instanceof FailedError) return failed(console, error.message);
    throw error;
  }
}

function read(verb: Verb, words: readonly string[]): { flags: Flags; positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: { ...commonOptions, ...verb.options }, allowPositionals: true, strict: true });
    return { flags: values, positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence = error.message] = error.message.split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.$/, '')}; see --help`, { cause: error });
  }
}

function usage(console: Console, message: string): number {
  console.complain(`${program}: ${oneLine(message)}`);
  return 2;
}

function failed(console: Console, message: string): number {
  console.complain(`${program}: ${oneLine(message)}`);
  return 1;
}

function oneLine(text: string): string {
  return visible(text.replace(/\s*\n\s*/g, ' '));
}

function overview(): string {
  const lines = Object.entries({ ...verbs, hook: hookVerb }).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `${program} decides what AI agents may do in a workspace.\n\n${lines.join('\n')}\n\n${program} VERB --help tells more.\n`;
}

function help(verb: Verb): string {
  return `${program} ${verb.usage}\n\n${verb.summary.charAt(0).toUpperCase()}${verb.summary.slice(1)}.\n\n${verb.details.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
}
