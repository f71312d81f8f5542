import type { UserCommand } from '../core/describe/shell/commands/userCommand.ts';
import { userDeeds, userOperands } from '../core/describe/shell/commands/userDeeds.ts';
import { readUserCommand } from '../core/schema/policyFile.ts';
import { visible } from '../core/visible.ts';
import { author, withGate, withStore } from './ownGate.ts';
import { type Console, FailedError, type Flags, type Verb, UsageError, commonDetails } from './verb.ts';

/** `commands list|add|remove`: the user's own rows for the table of commands */
export const commandsVerb: Verb = {
  usage: 'commands list | commands add ROW | commands remove COMMAND',
  summary: 'show, add or remove what commands of yours do',
  details: [
    'ROW is JSON, like',
    '{"command":"acme check","does":"test","options":["-q","--out=:write"],"examples":{"match":["acme check src"],"notMatch":["acme check --fix"]}}',
    '',
    'command   a program, and perhaps verbs right after it',
    `does      ${userDeeds.join(', ')} (fetch is a network read)`,
    'options   those it may be given: -q, --quiet, --depth= with a value, --out=:write with what that value is; any other asks',
    `operands  what all others of its words are: ${userOperands.join(', ')}`,
    'examples  lines that the row must match, and lines that it must not; checked before the row is kept',
    '',
    'A row for a command that is known already can only make it stricter: write, delete, export or exec.',
    '',
    ...commonDetails,
  ],
  options: {},
  async run([what, ...words], flags, console) {
    const [word] = words;
    if (what === 'list' && word === undefined) return list(flags, console);
    if (what === 'add' && word !== undefined && words.length === 1) return add(word, flags, console);
    if (what === 'remove' && word !== undefined) return remove(words.join(' '), flags, console);
    throw new UsageError('say “commands list”, “commands add ROW” or “commands remove COMMAND”');
  },
};

async function list(flags: Flags, console: Console): Promise<number> {
  const rows = await stored(flags, console);
  if (flags['json'] === true) await console.print(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  else if (rows.length === 0) await console.print('There are no rows of yours; the built-in table decides.\n');
  else await console.print(rows.map((row) => `${lineOf(row)}\n`).join(''));
  return 0;
}

function stored(flags: Flags, console: Console): Promise<readonly UserCommand[]> {
  return withStore(flags, console, ({ state }) => Promise.resolve(state.settings.commands));
}

function lineOf({ command, does, options, operands }: UserCommand): string {
  const notes = [operands === undefined ? '' : `operands: ${operands}`, options === undefined ? '' : `options: ${options.join(' ')}`].filter((note) => note !== '');
  return visible(`${does.padEnd(6)}  ${command}${notes.length === 0 ? '' : `  (${notes.join('; ')})`}`);
}

async function add(text: string, flags: Flags, console: Console): Promise<number> {
  const row = rowOf(text);
  await change([...(await stored(flags, console)), row], flags, console);
  await console.print(flags['json'] === true ? `${JSON.stringify(row)}\n` : `Added: ${lineOf(row).replace(/\s+/, ' ')}.\n`);
  return 0;
}

function rowOf(text: string): UserCommand {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`the row is not JSON: ${error.message}`, { cause: error });
    throw error;
  }
  const read = readUserCommand(value);
  if (!read.ok) throw new UsageError(read.message);
  return read.value;
}

async function remove(command: string, flags: Flags, console: Console): Promise<number> {
  const rows = await stored(flags, console);
  const kept = rows.filter((row) => row.command !== command);
  if (kept.length === rows.length) throw new FailedError(`There is no row for “${command}”; “commands list” shows them.`);
  await change(kept, flags, console);
  await console.print(flags['json'] === true ? `${JSON.stringify({ removed: command })}\n` : `Removed ${visible(command)}.\n`);
  return 0;
}

async function change(commands: readonly UserCommand[], flags: Flags, console: Console): Promise<void> {
  const outcome = await withGate(flags, console, (gate) => gate.changeSettings({ commands }, author));
  if (!outcome.ok) throw new FailedError(outcome.reason);
}
