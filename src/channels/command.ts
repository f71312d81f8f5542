import type { ChannelPlatform } from './channel.ts';

/** What a person can tell the bridge itself; everything else is for the agent */
export const commandNames = ['start', 'help', 'pair', 'status', 'mode', 'pending', 'approve', 'deny'] as const;
export type CommandName = (typeof commandNames)[number];

export interface Command {
  readonly name: CommandName;
  /** What stands behind it, without blanks around */
  readonly words: string;
}

/** What a command begins with: `!` on Slack, which keeps `/` to itself; both are understood everywhere */
export function commandMark(platform: ChannelPlatform): '/' | '!' {
  return platform === 'slack' ? '!' : '/';
}

/** `/name`, `!name` (Slack keeps `/` to itself), `/name@bot` in groups; words behind a blank or line end */
const shape = /^[/!]([a-z]{1,10})(?:@([A-Za-z0-9_.-]{1,64}))?(?:\s+([\s\S]*))?$/i;

/**
 * Reads a command. `undefined` for anything else: ordinary words, commands of an agent, and commands to another bot.
 *
 * @param self name of our bot on the platform, where it is known
 */
export function readCommand(text: string, self: string | undefined): Command | undefined {
  const found = shape.exec(text.trim());
  if (found === null) return undefined;
  const [, word = '', to, words = ''] = found;
  const name = commandNames.find((known) => known === word.toLowerCase());
  if (name === undefined || (to !== undefined && self !== undefined && to.toLowerCase() !== self.replace(/^@/, '').toLowerCase())) return undefined;
  return { name, words: words.trim() };
}
