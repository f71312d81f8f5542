import { bareText } from './bareText.ts';

const blank = String.raw`(?:^|[\s;&|(){}!\`])`;

/**
 * What Bash understands and a plain shell (dash, BusyBox) takes for something else that it runs, sets or expands.
 * Each takes time in proportion to the text, or to its words times its length.
 */
const forms: readonly RegExp[] = [
  // (( )) is a subshell in another there, and what it holds a command; [[ ]] is a program, and > in it makes a file
  /(?<!\$)\(\(/, /\[\[\s/, /\$\[/,
  /\$['"]/, /<<<|&>|\|&|[<>]\(/,
  /(?<!\$)\{[^{}\s]*(?:,|\.\.)/, /(?:^|[\s=:])~[+-]/,
  new RegExp(String.raw`${blank}\w+(?:\+=|\[)`),
  new RegExp(String.raw`${blank}(?:function|coproc|select|time|eval|source|let|declare|typeset|local|shopt|mapfile|readarray|pushd|popd|dirs|builtin|enable|alias|printf\s+-v|read\s+-[^r])(?:\s|$)`),
  // Values are split there
  new RegExp(String.raw`${blank}(?:export|readonly)\s[^;&|\n=]*=[^;&|\n$\`]*[$\`]`),
];

/** Why the text of a plain shell cannot be read with Bash's grammar, or undefined */
export function shForm(text: string): string | undefined {
  const bare = bareText(text);
  return forms.some((form) => form.test(bare)) ? 'It is for a shell that reads parts of it otherwise than Bash.' : undefined;
}
