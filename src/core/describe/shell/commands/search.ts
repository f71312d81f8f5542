import type { Word } from '../command.ts';
import type { Draft } from './draft.ts';
import { maySplit } from './readByRow.ts';
import { isWholeTree, wholeTreeName } from './wholeTree.ts';
import type { Parsed, Row } from './row.ts';

/** Programs that look for text and files */
export const searchRows: readonly Row[] = [
  {
    names: 'grep egrep fgrep zgrep ggrep rgrep bzgrep xzgrep', class: 'read', operands: 'noted*',
    options: '-EFGPiyvwxcLloqsbHhnTUZzau -# -r,-R,--recursive:recursive --dereference-recursive:recursive -e,--regexp=:noted -f,--file=:read -m,--max-count= -A,--after-context= -B,--before-context= -C,--context= -D,--devices= -d,--directories=:noted -I --include= --exclude= --exclude-from=:read --exclude-dir= --label= --color? --colour? --extended-regexp --fixed-strings --basic-regexp --perl-regexp --ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --files-without-match --files-with-matches --only-matching --quiet --silent --no-messages --byte-offset --with-filename --no-filename --line-number --line-buffered --initial-tab --null --null-data --text --binary-files= --binary --unix-byte-offsets -O -p -S --help:shows --version:shows -V:shows',
    also: searches,
    examples: [
      'grep -rn useState . → read read:./**', "grep -l vscode → read", 'grep -n export a b → read read:a read:b', 'grep -e x -f ../p a → read read:a read:../p', 'grep -r AWS_SECRET . → other@3 read:./**', 'grep -rn password src → read read:src/**',
      'grep "$X" a → other@1', 'grep -e "$X" a → read read:a', 'grep -r foo → read read:./**', 'grep -q TODO a.txt → read read:a.txt', 'grep sudo README.md → read read:README.md', "grep -d recurse foo → read read:./**",
    ],
  },
  {
    names: 'rg ripgrep', class: 'read', here: 'looks', operands: 'noted*',
    options: '-#FisSvwxclLopqHInNUuPa0zhx. -e,--regexp=:noted -f,--file=:read -g,--glob= --iglob= -t,--type= -T,--type-not= --type-add= --type-clear= --type-list:noted -A,--after-context= -B,--before-context= -C,--context= -m,--max-count= -M,--max-columns= -d,--max-depth= --maxdepth= -E,--encoding= -j,--threads= -r,--replace= --sort= --sortr= --color= --colors= --context-separator= --dfa-size-limit= --engine= --field-context-separator= --field-match-separator= --hyperlink-format= --ignore-file=:read --max-filesize= --path-separator= --regex-size-limit= --stop-on-nonmatch --pre=:program --pre-glob= --hostname-bin=:program --generate= --files:noted --json --stats --hidden:noted --no-ignore:noted --no-ignore-vcs --no-ignore-parent --no-ignore-dot --no-ignore-global --no-config --follow --smart-case --ignore-case --case-sensitive --invert-match --word-regexp --line-regexp --count --count-matches --files-with-matches --files-without-match --only-matching --passthru --pretty --quiet --with-filename --no-filename --no-heading --heading --line-number --no-line-number --column --multiline --multiline-dotall --unrestricted --pcre2 --auto-hybrid-regex --text --null --null-data --search-zip --trim --vimgrep --one-file-system --no-messages --crlf --binary --fixed-strings --line-buffered --block-buffered --byte-offset --debug --trace --max-columns-preview --include-zero --no-pcre2-unicode --no-unicode --mmap --no-mmap --help:shows --version:shows -V:shows',
    also: searchesFast,
    examples: ['rg TODO src → read read:src/**', 'rg --pre ./x foo . → other@2 read:./x', 'rg --pre=./evil.sh x → other@1 read:./evil.sh', 'rg --files → read', 'rg -n "a b" → read', 'rg --hostname-bin ./x a → other@2', 'rg -g "*.ts" foo → read', 'rg foo * → other@2', 'rg -uu SECRET → other@2'],
  },
  { names: 'ag ack pt ugrep', class: 'read', here: 'looks', operands: 'data tree*', options: '-ilLnvwcHhsSaruUz0RQ -# -A= -B= -C= -m= -G= -g= --ignore= --hidden --color --nocolor --js --ts --py --help:shows --version:shows', examples: ['ag foo src → read read:src/**'] },
  {
    names: 'find gfind bfs', style: 'words', class: 'read', here: 'looks', operands: 'noted*', also: finds,
    examples: [
      `find . -name "*.test.ts" -not -path './node_modules/*' → read`, 'find . -delete → other@2 delete:./** guard:destructive_deletion', "find . -name '*.tmp' -delete → other@4 delete:./**(some)", 'find / -delete → other guard:destructive_deletion', 'find . -exec rm {} + → read runs:rm_./{}',
      "find . -execdir sh -c 'rm x' \\; → read runs:sh_-c_rm_x", 'find . -fprintf .git/hooks/pre-commit x → other@2 write:.git/hooks/pre-commit', 'find . -fls out.txt → other@2 write:out.txt', "find . -name '*.log' -mtime +7 → read",
      'find src -print0 → read', 'find . -ok rm {} \\; → other runs:rm_./{}', 'find . -exec grep -l x {} + → read runs:grep_-l_x_./{}', 'find . -bogus → other@2', 'find . -name .env -exec cat {} + → read read:./.env runs:cat_./{}', 'find -L ../x -type f → read read:../x/**', 'find "$D" → other unknown', 'find . -newer ../x → read read:../x', 'find . -files0-from x → other@2 read:x', 'find . "$X" → other unknown', 'find * → other@1', 'find src build -type d -empty -delete → other delete:src/**(some) delete:build/**(some)',
    ],
  },
  {
    names: 'fd fdfind', class: 'read', here: 'looks', operands: 'data tree*',
    options: '-HIsiapLlg0q1u -e,--extension= -t,--type= -d,--max-depth= --min-depth= --exact-depth= -E,--exclude= -S,--size= --changed-within= --changed-before= -c,--color= -j,--threads= -o,--owner= --base-directory=:base --hidden --no-ignore --case-sensitive --ignore-case --glob --fixed-strings --absolute-path --full-path --follow --list-details --print0 --max-results= --strip-cwd-prefix --help:shows --version:shows -x,--exec:noted -X,--exec-batch:noted',
    also: (parsed, draft) => {
      const option = parsed.option('exec') ?? parsed.option('exec-batch');
      if (option === undefined) return;
      draft.worsen('other', option.at);
      draft.run({ kind: 'words', from: option.at + 1, stdin: true });
    },
    examples: ['fd foo src → read read:src/**', 'fd -e ts → read', 'fd foo -x rm → other@2 runs:3+stdin'],
  },
  { names: 'locate mlocate plocate mdfind', named: 'all', operands: 'data*', anyOption: true, examples: ['locate passwd → other@1'] },
];

/** Words that a search for credentials looks for */
const credentialWord = /secret|passw(?:or)?d|api[_-]?key|access[_-]?key|private[_ -]?key|credential|(?:^|[^a-z])token|AKIA|BEGIN [A-Z ]*KEY|bearer/iu;

function searches(parsed: Parsed, draft: Draft): void {
  const expressions = parsed.options.filter((option) => option.id === 'regexp');
  const given = expressions.length > 0 || parsed.has('file');
  const patterns = given ? expressions.map((option) => option.value) : [parsed.operand(0)];
  const recursive = draft.recursive || parsed.words[0]?.text === 'rgrep' || parsed.option('directories')?.value === 'recurse';
  const files = given ? parsed.operands : parsed.operands.slice(1);
  for (const at of files) {
    const word = parsed.words[at];
    if (word?.text !== '-') draft.path('read', word?.text ?? null, word, at, { recursive });
  }
  if (!recursive) return;
  if (files.length === 0) draft.path('read', '.', undefined, 0, { recursive: true });
  const whole = files.length === 0 || files.some((at) => isWholeTree(parsed.words[at]?.text ?? ''));
  if (whole && !parsed.options.some((option) => option.id === 'include') && patterns.some((pattern) => typeof pattern === 'string' && credentialWord.test(pattern))) {
    draft.worsen('other', Math.max(0, parsed.operands.at(-1) ?? 0));
  }
}

/** ripgrep leaves hidden and ignored files out unless told otherwise */
function searchesFast(parsed: Parsed, draft: Draft): void {
  const expressions = parsed.options.filter((option) => option.id === 'regexp');
  const given = expressions.length > 0 || parsed.has('file') || parsed.has('files') || parsed.has('type-list');
  const files = given ? parsed.operands : parsed.operands.slice(1);
  for (const at of files) {
    const word = parsed.words[at];
    if (word?.text !== '-') draft.path('read', word?.text ?? null, word, at, { recursive: true });
  }
  const everything = parsed.options.some((option) => ['hidden', 'no-ignore', 'unrestricted', 'u', '.'].includes(option.id));
  const patterns = given ? expressions.map((option) => option.value) : [parsed.operand(0)];
  if (everything && patterns.some((pattern) => typeof pattern === 'string' && credentialWord.test(pattern))) {
    draft.worsen('other', Math.max(0, parsed.operands.at(-1) ?? 0));
  }
}

/** Tests and actions of `find` without argument, and how many arguments the others take */
const findWords: ReadonlyMap<string, number> = new Map([
  ...['!', '-not', '-a', '-and', '-o', '-or', ',', '(', ')', '-true', '-false', '-daystart', '-depth', '-d', '-follow', '-mount', '-xdev', '-noleaf', '-ignore_readdir_race', '-noignore_readdir_race', '-warn', '-nowarn', '-empty', '-executable', '-readable', '-writable', '-nogroup', '-nouser', '-ls', '-print', '-print0', '-prune', '-quit', '-X', '-x', '-s', '-E'].map((name): [string, number] => [name, 0]),
  ...['-amin', '-anewer', '-atime', '-cmin', '-cnewer', '-context', '-ctime', '-fstype', '-gid', '-group', '-ilname', '-iname', '-inum', '-ipath', '-iregex', '-iwholename', '-links', '-lname', '-maxdepth', '-mindepth', '-mmin', '-mtime', '-name', '-newer', '-path', '-perm', '-regex', '-regextype', '-samefile', '-size', '-type', '-uid', '-used', '-user', '-wholename', '-xtype', '-printf', '-D', '-newermt', '-newerat', '-newerct', '-newermm', '-flags', '-depth'].map((name): [string, number] => [name, 1]),
]);
/** Those of them that choose by what a file is: with one before it, `-delete` spares something */
const findChoices = /^-(?:i?name|i?path|i?wholename|i?regex|i?lname|type|xtype|size|empty|newer\w*|[acm](?:time|min)|user|group|perm|links|inum|samefile|uid|gid|executable|used|nouser|nogroup)$/u;
const findFiles = new Set(['-newer', '-anewer', '-cnewer', '-samefile', '-newermm']);

function finds(parsed: Parsed, draft: Draft): void {
  const { words } = parsed;
  let i = 1;
  while (i < words.length && /^-(?:[HLP]+|O\d?|[EXdsx]+)$/u.test(words[i]?.text ?? '') && words[i]?.text !== '-depth') i += 1;
  const roots: { word: Word; at: number }[] = [];
  for (; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || (word.text !== null && /^(?:-|\(|!|,)/u.test(word.text))) break;
    if (word.text === null) {
      draft.worsen('other', i);
      draft.unknown('the folder it searches, or what it does there, is only known when it runs', i);
    } else {
      if (word.glob && /^[*?[]/u.test(word.text)) draft.worsen('other', i);
      draft.path('read', word.text, word, i, { recursive: true });
    }
    roots.push({ word, at: i });
  }
  let chosen = false;
  const names: string[] = [];
  for (; i < words.length; i += 1) {
    const word = words[i];
    const text = word?.text ?? null;
    if (word === undefined || text === null) {
      draft.worsen('other', i);
      draft.unknown('a part of its expression is only known when it runs', i);
      continue;
    }
    if (word.glob && text !== '*' && !text.startsWith('-')) draft.worsen('other', i);
    const count = findWords.get(text);
    if (count !== undefined) {
      if (findChoices.test(text)) chosen = true;
      const argument = words[i + 1];
      if (count === 1 && argument !== undefined) {
        if ((text === '-name' || text === '-iname') && argument.text !== null) names.push(argument.text);
        if (findFiles.has(text)) draft.path('read', argument.text, argument, i + 1);
        if (maySplit(argument) || argument.glob) draft.worsen('other', i + 1);
      }
      i += count;
      continue;
    }
    i = findAction(text, i, words, roots, { chosen, names }, draft);
  }
}

/** Folders times names that are looked at one by one */
const mostPatterns = 64;

/** `-delete`, `-exec`, `-fprint` and all that is not known. Returns the index of its last word */
function findAction(text: string, i: number, words: readonly Word[], roots: readonly { word: Word; at: number }[], tests: { chosen: boolean; names: readonly string[] }, draft: Draft): number {
  if (text === '-help' || text === '--help' || text === '-version' || text === '--version') return i;
  if (text !== '-exec' && text !== '-execdir') draft.worsen('other', i);
  if (text === '-delete') {
    for (const root of rootTexts(roots)) {
      draft.path('delete', root, undefined, i, { recursive: true, some: tests.chosen });
      if (!tests.chosen && root !== null && isWholeTree(root)) draft.block('destructive_deletion', `It deletes everything in ${wholeTreeName(root)}.`);
    }
    return i;
  }
  if (text === '-exec' || text === '-execdir' || text === '-ok' || text === '-okdir') {
    let end = i + 1;
    while (end < words.length && words[end]?.text !== ';' && !(words[end]?.text === '+' && words[end - 1]?.text === '{}')) end += 1;
    const root = roots.length === 1 && roots[0] !== undefined ? roots[0].word.text : roots.length === 0 ? '.' : null;
    const place = root === null ? null : `${root.replace(/\/+$/u, '')}/{}`;
    const inner = words.slice(i + 1, end).map((word) => (word.text?.includes('{}') ? (word.text === '{}' ? { ...word, text: place, raw: place ?? word.raw } : { ...word, text: null }) : word));
    const tops = rootTexts(roots).filter((top) => top !== null);
    if (tops.length * tests.names.length > mostPatterns) draft.unknown('it names too many files to look at each', i);
    else for (const name of tests.names) for (const top of tops) draft.effects.push({ kind: 'read', text: `${top.replace(/\/+$/u, '')}/${name}`, glob: true, namedAt: i });
    draft.run({ kind: 'words', from: i + 1, to: Math.min(end, words.length), words: inner });
    return end;
  }
  if (/^-fprint(?:0|f)?$|^-fls$/u.test(text)) {
    const file = words[i + 1];
    if (file !== undefined) draft.path('write', file.text, file, i);
    return i + (text === '-fprintf' ? 2 : 1);
  }
  if (text === '-files0-from' || text === '-f') {
    const file = words[i + 1];
    if (file !== undefined) draft.path('read', file.text, file, i + 1);
    return i + 1;
  }
  return i;
}

function rootTexts(roots: readonly { word: Word; at: number }[]): (string | null)[] {
  return roots.length === 0 ? ['.'] : roots.map(({ word }) => word.text);
}
