import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';

/** Programs that pack and unpack. Unpacking writes names that only the archive knows */
export const archiveRows: readonly Row[] = [
  {
    names: 'tar gtar bsdtar', class: (parsed) => (tarVerb(parsed) === 't' ? 'read' : 'other'), operands: 'noted*',
    options: '-t,--list:noted -x,--extract:noted -c,--create:noted -r,--append:noted -u,--update:noted -A,--catenate:noted -d,--diff:noted -zjJavpkmwhSPOUloiGsnWB --get:noted --compare:noted --delete:noted -f,--file=:noted -C,--directory=:noted -T,--files-from=:read -X,--exclude-from=:read --exclude= --gzip --bzip2 --xz --zstd --lzip --lzma --auto-compress --verbose --totals --to-stdout:noted --strip-components= --transform=:noted --xform=:noted --wildcards --no-wildcards --anchored --overwrite --keep-old-files --skip-old-files --no-same-owner --no-same-permissions --preserve-permissions --same-owner --numeric-owner --sort= --mtime= --owner= --group= --mode= --format= -H= --null --no-recursion --one-file-system --dereference --sparse --show-transformed-names --full-time --utc --absolute-names:other --remove-files:other -I,--use-compress-program=:runs --to-command=:runs --checkpoint? --checkpoint-action=:noted -F,--info-script=:runs --new-volume-script=:runs --rsh-command=:runs --rmt-command=:runs -g,--listed-incremental=:write --index-file=:write --volno-file=:write -b= -N= -L= -V= --one-top-level?:noted --force-local --help:shows --version:shows --usage:shows',
    also: packs,
    examples: [
      "tar xf a.tar --to-command='sh -c ./x' → other script:sh_-c_./x write:.(some) unknown", 'tar cf /dev/null . --checkpoint=1 --checkpoint-action=exec=./x → other script:./x read:./**', 'tar -I ./x -tf a.tar → other@2 script:./x read:a.tar', 'tar xf a.tar -C ~ --overwrite → other write:~(some) unknown',
      'tar tf a.tar → read read:a.tar', 'tar -tzvf a.tgz → read read:a.tgz', 'tar czf out.tgz src → other write:out.tgz read:src/**', 'tar tf a.tar --checkpoint=1 --checkpoint-action=exec=sh → other script:sh', 'tar xOf a.tar x → other read:a.tar', 'tar tf host:a.tar → other unknown', 'tar -cf - src → other read:src/**',
    ],
  },
  { names: 'zip', named: 'last', anyOption: true, options: '-T:noted -TT=:runs --unzip-command=:runs -r,--recurse-paths:recursive -x= -i= -@:noted -m,--move:noted -b=:write -lf=:write', style: 'words', operands: 'noted*', also: zips, examples: ["zip -T -TT 'sh #' a.zip x → other script:sh_# write:a.zip read:x/**", 'zip -r a.zip src → other write:a.zip read:src/**', 'zip -m a.zip x → other write:a.zip delete:x'] },
  { names: 'unzip funzip', class: (parsed) => (/^-(?:[a-z]*[lvtpZcz][a-z0-9]*)$/u.test(parsed.words[1]?.text ?? '') ? 'read' : 'other'), named: 'operand', options: '-lvtpZczqonjCLaUfu1M -d=:noted -x= -P= --help:shows', operands: 'read data*', also: (parsed, draft) => {
    if (draft.class === 'read') return;
    unpacks(parsed.option('d')?.value === undefined ? '.' : parsed.option('d')?.value ?? null, parsed, draft);
  }, examples: ['unzip -l a.zip → read read:a.zip', 'unzip a.zip → other@1 write:.(some) unknown', 'unzip -d ~ a.zip → other write:~(some) unknown', 'unzip -p a.zip x → read read:a.zip'] },
  { names: 'zipinfo lsar', class: 'read', operands: 'read data*', options: '-12smlvhMtTzZC', examples: ['zipinfo a.zip → read read:a.zip'] },
  { names: 'gzip gunzip bzip2 bunzip2 xz unxz lzma unlzma zstd unzstd lz4 compress uncompress brotli pigz pbzip2', class: (parsed) => (parsed.options.some((option) => ['c', 'stdout', 'to-stdout', 'l', 'list', 't', 'test'].includes(option.id)) ? 'read' : 'other'), operands: 'noted*', options: '-dfkqvnNzrlct0123456789 --decompress --uncompress --compress --force --keep --quiet --verbose --fast --best --recursive --stdout --to-stdout --list --test -T,--threads= -S,--suffix= -o=:write --output=:write --rm:noted -D=:read --ultra --help:shows --version:shows -h:shows -V:shows', also: (parsed, draft) => {
    const prints = parsed.options.some((option) => ['c', 'stdout', 'to-stdout', 'l', 'list', 't', 'test'].includes(option.id));
    for (const at of parsed.operands) {
      const word = parsed.words[at];
      draft.path('read', word?.text ?? null, word, at);
      if (prints || word?.text === undefined || word.text === null) continue;
      const keeps = parsed.has('k') || parsed.has('keep') || /zstd|lz4|brotli/u.test(parsed.words[0]?.text ?? '');
      if (!keeps) draft.path('delete', word.text, word, at);
      draft.path('write', /\.(?:gz|bz2|xz|zst|lz4|Z|br|lzma)$/u.test(word.text) ? word.text.replace(/\.\w+$/u, '') : `${word.text}.gz`, word, parsed.at);
    }
  }, examples: ['gzip -c a → read read:a', 'gunzip a.gz → other delete:a.gz write:a', 'gzip → other', 'xz -dk a.xz → other write:a', 'gzip -d → other'] },
  { names: '7z 7za 7zr p7zip rar unrar ar cpio pax unar jar lha arj cabextract', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    const verb = parsed.words[1]?.text ?? '';
    for (const [at, word] of parsed.words.entries()) if (at > 1 && word.text !== null && !word.text.startsWith('-')) draft.path('read', word.text, word, at);
    if (/^-?(?:l|t|vt|tf|tvf|tv)$/u.test(verb)) return;
    unpacks('.', parsed, draft);
  }, examples: ['7z x a.7z → other write:.(some) unknown', '7z l a.7z → other@2 read:a.7z'] },
];

/** What `tar` is told to do, also as a first word without dash (`tar xf`) */
function tarVerb(parsed: Parsed): string | undefined {
  const old = oldStyle(parsed);
  for (const letter of 'xcruAdt') if (parsed.has({ x: 'extract', c: 'create', r: 'append', u: 'update', A: 'catenate', d: 'diff', t: 'list' }[letter] ?? '') || old.includes(letter)) return letter;
  return parsed.has('get') ? 'x' : parsed.has('delete') ? 'r' : parsed.has('compare') ? 'd' : undefined;
}

function oldStyle(parsed: Parsed): string {
  const first = parsed.words[1]?.text ?? '';
  return /^[A-Za-z]+$/u.test(first) ? first : '';
}

function packs(parsed: Parsed, draft: Draft): void {
  const verb = tarVerb(parsed);
  const old = oldStyle(parsed);
  let operands = [...parsed.operands];
  let archive = parsed.option('file')?.value;
  let archiveAt = parsed.option('file')?.valueAt ?? 0;
  let folder = parsed.option('directory')?.value;
  if (old !== '') {
    operands = operands.slice(1);
    // In the old style the values follow in the order of their letters
    for (const letter of old) {
      if (!'fbCTXIgFNLVHK'.includes(letter)) continue;
      const at = operands.shift();
      const value = at === undefined ? undefined : parsed.words[at]?.text;
      if (letter === 'f') {
        archive = value;
        archiveAt = at ?? 0;
      } else if (letter === 'C') {
        folder = value;
      } else if (letter === 'I' || letter === 'F') {
        draft.worsen('other', at ?? 0);
        draft.run({ kind: 'script', text: value ?? null, namedAt: at ?? 0, shell: 'bash' });
      } else if ((letter === 'T' || letter === 'X') && value !== undefined) {
        draft.path('read', value, undefined, at ?? 0);
      }
    }
    if (/[^xcruAdtfzjJavpkmwhSPOUloiGsnWBbCTXIgFNLVHKZ]/u.test(old)) draft.worsen('other', 1);
    if (old.includes('P')) draft.worsen('other', 1);
  }
  for (const option of parsed.options) {
    if (option.id === 'checkpoint-action') {
      draft.worsen('other', option.valueAt);
      const command = /^exec=(.*)$/su.exec(option.value ?? 'exec=')?.[1];
      if (command !== undefined) draft.run({ kind: 'script', text: option.value === null ? null : command, namedAt: option.valueAt, shell: 'bash' });
    } else if ((option.id === 'transform' || option.id === 'xform') && /[gpix]*e[gpix]*$/u.test(/\/([a-z]*)$/u.exec(option.value ?? '/e')?.[1] ?? '')) {
      draft.worsen('other', option.valueAt);
    }
  }
  const printing = parsed.has('to-stdout') || parsed.has('O') || old.includes('O');
  if (archive !== undefined && archive !== '-' && archive !== '/dev/null') {
    if (archive?.includes(':')) {
      draft.worsen('other', archiveAt);
      draft.unknown('the archive may be on another machine', archiveAt);
    }
    draft.path(verb === 'c' || verb === 'r' || verb === 'u' || verb === 'A' ? 'write' : 'read', archive, undefined, archiveAt, { recursive: false });
  }
  if (verb === 't') return;
  if (verb === 'x') {
    if (!printing) unpacks(folder === undefined ? '.' : folder, parsed, draft);
    return;
  }
  for (const at of operands) {
    const text = parsed.words[at]?.text ?? null;
    draft.path('read', text === null || folder === null ? null : folder === undefined || text.startsWith('/') ? text : `${folder}/${text}`, parsed.words[at], at, { recursive: true });
  }
}

function zips(parsed: Parsed, draft: Draft): void {
  const { words } = parsed;
  const operands: number[] = [];
  let moves = false;
  for (let i = 1; i < words.length; i += 1) {
    const text = words[i]?.text ?? null;
    if (text === '-TT' || text === '--unzip-command') {
      draft.run({ kind: 'script', text: words[i + 1]?.text ?? null, namedAt: i + 1, shell: 'bash' });
      i += 1;
    } else if (text === '-x' || text === '-i') {
      while (i + 1 < words.length && !words[i + 1]?.text?.startsWith('-')) i += 1;
    } else if (text !== null && /^-[a-zA-Z0-9]*m[a-zA-Z0-9]*$/u.test(text) || text === '--move') {
      moves = true;
    } else if (text === null || !text.startsWith('-')) {
      operands.push(i);
    }
  }
  operands.forEach((at, k) => {
    const word = words[at];
    if (k === 0) draft.path('write', word?.text ?? null, word, parsed.at, { recursive: false });
    else draft.path('read', word?.text ?? null, word, at, { recursive: true });
    if (k > 0 && moves) draft.path('delete', word?.text ?? null, word, at, { recursive: false });
  });
}

function unpacks(folder: string | null, parsed: Parsed, draft: Draft): void {
  const at = parsed.words.length - 1;
  draft.worsen('other', at);
  draft.path('write', folder, undefined, at, { recursive: false, some: true });
  draft.unknown('it writes whatever names the archive holds', at);
}
