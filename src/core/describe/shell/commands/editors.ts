import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';

/** Editors, and programs that hand a file to whatever is registered for it */
export const editorRows: readonly Row[] = [
  {
    names: 'vim vi nvim view gvim ex rvim vimdiff', named: 'last', anyOption: true, style: 'words', operands: 'noted*', also: editsByCommands,
    examples: ["vim -es -c 'w! ~/.bashrc' -c q x → other@6 unknown write:x", 'vim a.txt → other@1 write:a.txt', 'vim +q a → other unknown write:a', 'vim -S x.vim → other unknown', 'vi --version → read'],
  },
  { names: 'emacs emacsclient nano pico micro hx helix kak joe ne mg ed red sublime_text subl gedit kate code code-insiders codium idea', named: 'last', anyOption: true, style: 'words', operands: 'noted*', also: editsByCommands, examples: ['nano a → other@1 write:a', "emacs --batch --eval '(x)' → other unknown", 'ed a → other unknown write:a', 'code --version → read', 'code --install-extension x → other@2 unknown', 'code --uninstall-extension cowork.cowork-policy → other@2 unknown', 'code --disable-extension cowork.cowork-policy . → other@3 unknown write:.', 'code --disable-extensions → other@1 unknown', 'code --add-mcp {} → other unknown'] },
  { names: 'open xdg-open gio gnome-open kde-open see run-mailcap start explorer cygstart wslview exo-open sensible-browser x-www-browser firefox google-chrome chromium chrome safari', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    for (const [at, word] of parsed.words.entries()) {
      if (at === 0 || word.text?.startsWith('-') === true) continue;
      if (word.text !== null && /^[a-z]+:\/\//iu.test(word.text)) draft.exports(word.text, parsed.words.length - 1);
      else if (word.text !== null && /[./]/u.test(word.text)) draft.path('read', word.text, word, at);
    }
    draft.worsen('other', parsed.words.length - 1);
  }, examples: ['xdg-open ./x.desktop → other@1 read:./x.desktop', 'open -a Calculator → other', 'open https://h → other export:https://h'] },
  { names: 'pbcopy pbpaste xclip xsel wl-copy wl-paste clip clip.exe termux-clipboard-get termux-clipboard-set', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    draft.worsen('other', parsed.words.length - 1);
  }, examples: ['pbcopy → other', 'xclip -o → other'] },
  { names: 'tmux screen byobu zellij xdotool ydotool wmctrl xte cliclick screencapture scrot maim grim gnome-screenshot say notify-send zenity kdialog dialog whiptail gsettings dconf defaults', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    const name = parsed.words[0]?.text ?? '';
    if (/^(?:tmux|screen|byobu|zellij|xdotool|ydotool|xte|cliclick)$/u.test(name) && parsed.words.length > 1) {
      draft.unknown('it types into, or runs commands in, another terminal or window', parsed.words.length - 1);
      draft.runsElsewhere(parsed.words.slice(parsed.words.findIndex((word, at) => at > 0 && /send-keys|new-session|new-window|run|exec/u.test(word.text ?? '')) + 1).map((word) => word.text ?? word.raw));
    }
  }, examples: ["tmux new-session -d 'rm x' → other@3 unknown", 'defaults write a b c → other@4'] },
];

/** Editor commands (`-c`, `+cmd`, `--eval`, `-S`) can do anything, and the files named are written */
function editsByCommands(parsed: Parsed, draft: Draft): void {
  const last = parsed.words.length - 1;
  if (last === 1 && /^--?(?:version|help|v|h)$/u.test(parsed.words[1]?.text ?? '')) {
    draft.shows();
    return;
  }
  const name = parsed.words[0]?.text ?? '';
  let commands = name === 'ed' || name === 'red' || name === 'ex';
  for (let at = 1; at <= last; at += 1) {
    const word = parsed.words[at];
    const text = word?.text ?? null;
    if (text === null) {
      draft.unknown('one of its words is only known when it runs', at);
    } else if (/^(?:-[cSsuUqlf]|--cmd|--eval|--load|--script|-eval|-e[sx]?|-E[sx]?|--batch|--funcall|-f|--install-extension|--remote\S*|--rcfile|--user-data-dir|--uninstall-extension|--update-extensions|--disable-extensions?|--enable-proposed-api|--add-mcp|--profile|--extensions-dir|-T)$/u.test(text)) {
      commands = true;
      if (!/^-[eE][sx]?$|^--batch$/u.test(text)) at += 1;
    } else if (text.startsWith('+')) {
      commands ||= !/^\+\d*$/u.test(text);
    } else if (/^--?\S+=/u.test(text)) {
      commands = true;
    } else if (!text.startsWith('-')) {
      draft.path('write', text.replace(/:\d+(?::\d+)?$/u, ''), word, at);
    }
  }
  if (commands) draft.unknown('its commands can read, write and run anything', last);
}
