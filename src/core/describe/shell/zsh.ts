/** Forms that only zsh knows and that Bash's grammar reads as something else. Each with what it can do */
const forms: readonly (readonly [RegExp, string])[] = [
  [/=\(/, 'It holds zsh’s =( ), which runs commands.'],
  [/(?:^|[\s;&|({])=[A-Za-z]/, 'It holds zsh’s =name, which stands for the path of a program.'],
  [/\$\{\s*\(|\$\{[^}]*:[a-z]/, 'It holds expansion flags of zsh, which can run commands.'],
  [/\$\w+\[/, 'It holds a zsh subscript, which can run commands.'],
  [/[*?\])\w.]\([^)|]*\)(?=[\s;&|]|$)/, 'It may hold a zsh file-name qualifier, which can run commands.'],
  [/&[!|]/, 'It holds a zsh operator that Bash reads otherwise.'],
  [/(?:^|[\s;&|({])(?:repeat|foreach|noglob|nocorrect|zmodload|autoload|zle|sched|zcompile|emulate|vared|fc|r|print|setopt|unsetopt|functions|limit|zparseopts|zstyle|-)\s/, 'It holds a word that zsh treats in its own way.'],
  [/(?:^|[\s;&|])alias\s+-[gs]/, 'It defines a zsh alias that holds anywhere in a line.'],
  [/~\[|\*\*\//, 'It holds file-name forms of zsh.'],
];

/** Why a line of zsh cannot be read with Bash's grammar, or undefined. Text in single quotes does not count */
export function zshForm(text: string): string | undefined {
  const bare = text.replace(/'[^']*'/g, "''");
  return forms.find(([form]) => form.test(bare))?.[1];
}
