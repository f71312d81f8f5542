import { parse } from 'unbash';
import type { CommandArgument } from 'unbash';
import { visible } from '../../../visible.ts';
import type { CommandReading, Word } from '../command.ts';
import { ownProgramName } from './ownProgram.ts';
import { readWithTable } from './readWithTable.ts';
import { rowOf } from './table.ts';
import { findUserRow, loosens, makeUserRows, type UserCommand, type UserRows } from './userCommand.ts';

/** Words that a shell reads itself where a command could stand */
const reserved = /^(?:if|then|else|elif|fi|for|foreach|while|until|do|done|case|esac|in|function|select|repeat|switch|try|catch|finally|param|begin|process|end|return|throw|trap|exit|filter|class|enum|using)$/iu;

const option = /^(?:-[A-Za-z0-9]|--?[A-Za-z0-9][A-Za-z0-9_.-]+)(?:=(?::(?:data|read|write|delete|fetch|exec))?|:(?:write|delete|exec))?$/u;

/** What is wrong with rows that the user gave, one sentence for each; a row that is named here must not be used */
export function checkUserCommands(commands: readonly UserCommand[]): readonly { readonly index: number; readonly message: string }[] {
  const seen = new Set<string>();
  return commands.flatMap((command, index) => {
    const known = command.command.toLowerCase();
    const why = seen.has(known) ? 'there is a row for it already' : problemOf(command);
    seen.add(known);
    return why === undefined ? [] : [{ index, message: `The row for “${visible(command.command)}” cannot be used: ${why}.` }];
  });
}

function problemOf(given: UserCommand): string | undefined {
  const words = given.command.split(' ');
  const [program = ''] = words;
  if (words.length > 4 || !/^[A-Za-z0-9_][\w.+-]*$/u.test(program) || words.some((word) => !/^\w[\w.:+-]*$/u.test(word))) return 'write the name of a program, and perhaps up to three verbs, with one space between';
  if (reserved.test(program)) return `“${program}” is a word of the shell`;
  if (loosens(given) && (rowOf(program) !== undefined || rowOf(program.toLowerCase()) !== undefined || program.toLowerCase() === ownProgramName)) return `the table knows “${program}”, so a row can only make it stricter: write, delete, export or exec`;
  const bad = given.options?.find((one) => !option.test(one));
  if (bad !== undefined) return `the option “${visible(bad)}” is not written like -q, --quiet, --depth= or --out=:write`;
  const { match, notMatch } = given.examples;
  if (match.length === 0 || notMatch.length === 0) return 'give at least one example that it must match and one that it must not';
  const rows = makeUserRows([given]);
  for (const line of match) {
    const answer = matches(line, given, rows);
    if (answer !== true) return `it must match “${visible(line)}”, but ${answer}`;
  }
  for (const line of notMatch) if (matches(line, given, rows) === true) return `it must not match “${visible(line)}”, but does`;
  return undefined;
}

/** Whether a row reads a line as it says; where not, why */
function matches(line: string, given: UserCommand, userRows: UserRows | undefined): true | string {
  const words = wordsOf(line);
  if (words === undefined) return 'that is not one simple command of plain words';
  const name = words[0]?.text ?? '';
  const context = { stdin: 'none', platform: 'linux', userRows } as const;
  const reading = readWithTable(words, context);
  if (loosens(given)) {
    if (findUserRow(name, words, context) === undefined) return 'the line does not start with those words';
    if (reading.class !== (given.does === 'test' ? 'test' : 'read') || reading.effects.some(({ kind }) => kind !== 'read' && kind !== 'fetch')) return 'one of its words does more than that';
    return true;
  }
  return same(reading, readWithTable(words, { stdin: 'none', platform: 'linux' })) ? 'the line is read as if the row were not there' : true;
}

function same(a: CommandReading, b: CommandReading): boolean {
  return a.class === b.class && a.namedAt === b.namedAt && JSON.stringify(a.effects) === JSON.stringify(b.effects);
}

/** The words of a line that is one simple command without expansions, redirections and assignments */
function wordsOf(line: string): readonly Word[] | undefined {
  const script = parse(line);
  const statement = script.commands[0];
  const command = statement?.command;
  if ((script.errors?.length ?? 0) > 0 || script.commands.length !== 1 || command?.type !== 'Command' || statement?.background === true) return undefined;
  if (command.name === undefined || command.prefix.length > 0 || command.redirects.length > 0) return undefined;
  const nodes = [command.name, ...command.args];
  return nodes.every(isPlain) ? nodes.map(({ text, value }) => ({ text: value, raw: text, glob: false, quoted: text !== value })) : undefined;
}

function isPlain(node: CommandArgument): node is CommandArgument & { type: 'Word' } {
  return node.type === 'Word' && node.parts?.every((part) => part.type === 'Literal' || part.type === 'SingleQuoted' || (part.type === 'DoubleQuoted' && part.parts.every(({ type }) => type === 'Literal'))) !== false;
}
