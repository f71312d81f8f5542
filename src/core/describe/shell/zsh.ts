import { bareText } from './bareText.ts';

/** Forms that only zsh knows and that Bash's grammar reads as something else. Each with what it can do */
const forms: readonly (readonly [RegExp, string])[] = [
  [/=\(/, 'It holds zsh’s =( ), which runs commands.'],
  [/(?:^|[\s;&|({])=[A-Za-z]/, 'It holds zsh’s =name, which stands for the path of a program.'],
  [/\$\{\s*\(/, 'It holds expansion flags of zsh, which can run commands.'],
  [/\$\w+\[/, 'It holds a zsh subscript, which can run commands.'],
  [/[*?\])\w.]\([^()|]*\)(?=[\s;&|)]|$)/, 'It may hold a zsh file-name qualifier, which can run commands.'],
  [/&[!|]/, 'It holds a zsh operator that Bash reads otherwise.'],
  [/(?:^|[\s;&|({])(?:repeat|foreach|noglob|nocorrect|zmodload|autoload|zle|sched|zcompile|emulate|vared|fc|r|print|setopt|unsetopt|functions|limit|zparseopts|zstyle|-)\s/, 'It holds a word that zsh treats in its own way.'],
  [/(?:^|[\s;&|])alias\s+-[gs]/, 'It defines a zsh alias that holds anywhere in a line.'],
  [/~\[|\*\*\//, 'It holds file-name forms of zsh.'],
];

/** Why a line of zsh cannot be read with Bash's grammar, or undefined. Text in single quotes does not count */
export function zshForm(text: string): string | undefined {
  const bare = bareText(text);
  return hasModifier(bare) ? 'It holds expansion flags of zsh, which can run commands.' : forms.find(([form]) => form.test(bare))?.[1];
}

/** `${name:h}` and the like, found in one walk: a pattern would begin anew at each brace */
function hasModifier(text: string): boolean {
  let isOpen = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '}') isOpen = false;
    else if (text.startsWith('${', at)) isOpen = true;
    else if (isOpen && text[at] === ':' && /[a-z]/.test(text[at + 1] ?? '')) return true;
  }
  return false;
}
