import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';

const shellOptions = '-abefhiklmnprstuvxBCDEHPT -c:noted -o=:noted -O=:noted --rcfile=:program --init-file=:program --norc --noprofile --noediting --posix --login --restricted --verbose --no-rcs --emulate= --dump-strings --dump-po-strings --debugger:other --help:shows --version:shows';

/** Shells: what they run is read by itself, unless it comes from a file or from where nobody sees */
export const shellRows: readonly Row[] = [
  {
    names: 'bash sh zsh dash ksh mksh ash rbash rzsh ksh93 yash', class: 'read', stops: true, options: shellOptions, operands: 'noted*', also: runsShell,
    examples: [
      "bash -c 'ls -la' → read script:ls_-la", 'bash -lc "ls && rm -rf ." → read script:ls_&&_rm_-rf_.', "sh -xc 'rm -rf .' → read script:rm_-rf_.", "bash --norc -o pipefail -c 'rm -rf .' → read script:rm_-rf_.", 'bash -s → read script:stdin', 'sh → read script:stdin', 'bash x.sh → other@1 read:x.sh', 'bash -c "$X" → other script:?', "bash --rcfile ./x -ic ls → other@2 read:./x script:ls",
      'bash --version → read', "bash +e -c 'ls' → read script:ls", 'bash "$X" → unreadable unknown', "sh -c 'ls' a b → read script:ls", 'bash -n x.sh → read read:x.sh', 'bash -i → read script:stdin', 'bash - → read script:stdin',
    ],
  },
  {
    names: 'fish csh tcsh elvish xonsh nu rc es', class: 'unreadable', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      if (parsed.words.slice(1).every((word) => word.text === '--version' || word.text === '--help') && parsed.words.length > 1) draft.shows();
      else draft.run({ kind: 'script', text: null, namedAt: parsed.words.length - 1, shell: 'bash' });
    },
    examples: ["fish -c 'ls' → unreadable script:?", 'fish --version → read'],
  },
  {
    names: 'pwsh powershell', class: 'read', style: 'words', operands: 'noted*', also: runsPowerShell,
    examples: ['pwsh -c "ls" → read script:ls', 'powershell -enc cgBt → unreadable script:?', 'pwsh -File x.ps1 → other@2 read:x.ps1', 'pwsh -NoProfile -Command Remove-Item . → read script:Remove-Item_.', 'pwsh → unreadable script:stdin', 'pwsh x.ps1 → other@1 read:x.ps1'],
  },
  {
    names: 'cmd', class: 'read', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      const at = parsed.words.findIndex((word) => /^\/[ckr]/iu.test(word.text ?? ''));
      if (at < 0) {
        draft.worsen('unreadable', parsed.words.length - 1);
        draft.run({ kind: 'script', text: null, stdin: true, namedAt: 0, shell: 'cmd' });
        return;
      }
      const parts = parsed.words.slice(at + 1).map((word) => word.text);
      const attached = (parsed.words[at]?.text ?? '').slice(2);
      draft.run({ kind: 'script', text: parts.includes(null) ? null : [attached, ...parts].join(' ').trim(), namedAt: parsed.words.length - 1, shell: 'cmd' });
    },
    examples: ['cmd /c "rd /s /q ." → read script:rd_/s_/q_.', 'cmd → unreadable script:stdin'],
  },
  {
    names: 'wsl', named: 'all', style: 'words', operands: 'noted*',
    also: (parsed, draft) => {
      const parts = parsed.words.slice(1).filter((word) => !/^(?:-e|--exec|--)$/u.test(word.text ?? '')).map((word) => word.text);
      draft.run({ kind: 'script', text: parts.includes(null) || parts.length === 0 ? null : parts.join(' '), namedAt: parsed.words.length - 1, shell: 'bash' });
    },
    examples: ['wsl rm x → other@2 script:rm_x'],
  },
];

function runsShell(parsed: Parsed, draft: Draft): void {
  const { words } = parsed;
  let operands = parsed.operands;
  // `+e` and `+o name` unset options
  while (operands.length > 0 && /^\+[A-Za-z]+$/u.test(words[operands[0] ?? 0]?.text ?? '')) operands = operands.slice(words[operands[0] ?? 0]?.text === '+o' || words[operands[0] ?? 0]?.text === '+O' ? 2 : 1);
  let takesCommand = parsed.has('c');
  if (operands !== parsed.operands) {
    // Options after `+e` were taken for operands
    while (operands.length > 0 && /^-[A-Za-z]+$/u.test(words[operands[0] ?? 0]?.text ?? '')) {
      if (words[operands[0] ?? 0]?.text?.includes('c')) takesCommand = true;
      operands = operands.slice(1);
    }
  }
  const at = operands[0];
  if (takesCommand) {
    if (at !== undefined) draft.run({ kind: 'script', text: words[at]?.text ?? null, namedAt: at, shell: 'bash' });
    return;
  }
  if (at === undefined || parsed.has('s') || words[at]?.text === '-') {
    draft.run({ kind: 'script', text: null, stdin: true, namedAt: 0, shell: 'bash' });
    return;
  }
  const text = words[at]?.text ?? null;
  if (text === null) {
    draft.worsen('unreadable', at);
    draft.unknown('which script it runs is only known when it runs', at);
    return;
  }
  if (/^\/dev\/(?:stdin|fd\/0)$|^\/proc\/self\/fd\/0$/u.test(text)) draft.run({ kind: 'script', text: null, stdin: true, namedAt: 0, shell: 'bash' });
  draft.path('read', text, words[at], at, { recursive: false });
  if (!parsed.has('n') || parsed.has('o')) draft.worsen('other', at);
}

function runsPowerShell(parsed: Parsed, draft: Draft): void {
  const { words } = parsed;
  const windows = words[0]?.text === 'powershell';
  for (let i = 1; i < words.length; i += 1) {
    const text = words[i]?.text ?? null;
    const name = text === null ? '' : /^[-/]([A-Za-z]+)$/u.exec(text)?.[1]?.toLowerCase();
    if (text === '--version' || text === '--help') return;
    if (name === undefined || name === '') {
      if (name === '' || windows) scriptFrom(i, parsed, draft);
      else fileAt(i, parsed, draft);
      return;
    }
    if ('command'.startsWith(name) || name === 'commandwithargs' || name === 'cwa') return scriptFrom(i + 1, parsed, draft);
    if ('file'.startsWith(name)) return fileAt(i + 1, parsed, draft);
    if (name === 'ec' || name === 'e' || 'encodedcommand'.startsWith(name)) {
      draft.worsen('unreadable', words.length - 1);
      const decoded = decodeUtf16(words[i + 1]?.text ?? null);
      draft.run({ kind: 'script', text: decoded, namedAt: i + 1, shell: 'pwsh', ...(decoded === null ? undefined : { decoded: true }) });
      return;
    }
    if (/^(?:ex|ep|wi|w|in|ou|ps|cu|wo|wd|se|cus|configurationname|config)/u.test(name)) i += 1;
  }
  draft.worsen('unreadable', words.length - 1);
  draft.run({ kind: 'script', text: null, stdin: true, namedAt: 0, shell: 'pwsh' });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text of `-EncodedCommand`: Base64 of UTF-16, low byte first; null where it is none */
function decodeUtf16(text: string | null): string | null {
  if (text === null || text === '' || !/^[A-Za-z0-9+/]+={0,2}$/u.test(text)) return null;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text.replace(/=+$/u, '')) {
    held = ((held << 6) | alphabet.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  if (bytes.length === 0 || bytes.length % 2 === 1) return null;
  let decoded = '';
  for (let at = 0; at < bytes.length; at += 2) decoded += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  return decoded;
}

function scriptFrom(from: number, parsed: Parsed, draft: Draft): void {
  const parts = parsed.words.slice(from).map((word) => word.text);
  if (parts.length === 1 && parts[0] === '-') {
    draft.worsen('unreadable', from);
    draft.run({ kind: 'script', text: null, stdin: true, namedAt: 0, shell: 'pwsh' });
    return;
  }
  draft.run({ kind: 'script', text: parts.includes(null) ? null : parts.join(' '), namedAt: parsed.words.length - 1, shell: 'pwsh' });
}

function fileAt(at: number, parsed: Parsed, draft: Draft): void {
  draft.worsen('other', at);
  draft.path('read', parsed.words[at]?.text ?? null, parsed.words[at], at);
}
