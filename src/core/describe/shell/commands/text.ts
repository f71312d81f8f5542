import { analyseAwk } from './awkProgram.ts';
import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';
import { analyseSed } from './sedScript.ts';

/** Filters: programs that read files or standard input and print */
export const textRows: readonly Row[] = [
  { names: 'cat gcat', class: 'read', operands: 'read*', options: '-AbeEnstTuvl --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting --help:shows --version:shows', examples: ['cat README.md → read read:README.md', 'cat -n a → read read:a', 'cat - → read', 'cat .en? → read read:.en?', 'cat *.md → read read:*.md'] },
  { names: 'bat batcat', class: 'read', operands: 'read*', options: '-nApPu -l,--language= -r,--line-range= -H,--highlight-line= --style= --color= --paging=:noted --theme= --wrap= --number --plain --pager=:runs --help:shows --version:shows', examples: ['bat -n a → read read:a', "bat --pager='sh x' a → other script:sh_x"] },
  { names: 'tac', class: 'read', operands: 'read*', options: '-br -s,--separator= --before --regex --help:shows --version:shows', examples: ['tac a → read read:a'] },
  { names: 'nl', class: 'read', operands: 'read*', options: '-p -b,--body-numbering= -d,--section-delimiter= -f,--footer-numbering= -h,--header-numbering= -i,--line-increment= -l,--join-blank-lines= -n,--number-format= -s,--number-separator= -v,--starting-line-number= -w,--number-width= --no-renumber --help:shows --version:shows', examples: ['nl -ba src/index.ts → read read:src/index.ts'] },
  {
    names: 'head tail ghead gtail', class: 'read', operands: 'read*',
    options: '-qvzfFr -# -n,--lines= -c,--bytes= -b= -s,--sleep-interval= --follow? --retry --pid= --quiet --silent --verbose --zero-terminated --max-unchanged-stats= --help:shows --version:shows',
    examples: ['head -n 50 src/index.ts → read read:src/index.ts', 'head -40 → read', 'head -c 400 ~/.aws/credentials → read read:~/.aws/credentials', 'tail -20f a.log → read read:a.log', 'tail -n +5 a → read read:a'],
  },
  { names: 'cut', class: 'read', operands: 'read*', options: '-nsz -b,--bytes= -c,--characters= -d,--delimiter= -f,--fields= --complement --only-delimited --output-delimiter= --zero-terminated --help:shows --version:shows', examples: ['cut -d: -f1 data/users.csv → read read:data/users.csv'] },
  { names: 'tr', class: 'read', anyOption: true, options: '-cCdst --complement --delete --squeeze-repeats --truncate-set1 --help:shows --version:shows', examples: ["tr -d '\\r' → read"] },
  { names: 'rev ul tsort unexpand', class: 'read', operands: 'read*', options: '-ai -t,--tabs= --all --first-only --help:shows --version:shows', examples: ['rev names.txt → read read:names.txt'] },
  { names: 'fold fmt expand', class: 'read', operands: 'read*', options: '-#bcimnsu -w,--width= -g,--goal= -t,--tabs= -p,--prefix= --spaces --bytes --initial --split-only --tagged-paragraph --uniform-spacing --help:shows --version:shows', examples: ['fold -s -w 80 a → read read:a'] },
  { names: 'paste', class: 'read', operands: 'read*', options: '-sz -d,--delimiters= --serial --zero-terminated --help:shows --version:shows', examples: ['paste -d, a b → read read:a read:b'] },
  { names: 'join', class: 'read', operands: 'read*', options: '-iz -a= -e= -j= -o= -t= -v= -1= -2= --ignore-case --check-order --nocheck-order --header --zero-terminated --help:shows --version:shows', examples: ['join -t, -1 2 a b → read read:a read:b'] },
  { names: 'comm', class: 'read', operands: 'read*', options: '-123iz --check-order --nocheck-order --output-delimiter= --total --zero-terminated --help:shows --version:shows', examples: ['comm -12 a b → read read:a read:b'] },
  { names: 'iconv', class: 'read', operands: 'read*', options: '-csl -f,--from-code= -t,--to-code= -o,--output=:write --list --silent --verbose --help:shows --version:shows', examples: ["iconv -f latin1 -t utf-8 a → read read:a", 'iconv -f a --output=b c → other@3 write:b'] },
  {
    names: 'sort gsort', class: 'read', operands: 'read*',
    options: '-bcCdfghiMmnrRsuVz -k,--key= -t,--field-separator= -o,--output=:write -S,--buffer-size=:noted -T,--temporary-directory=:write --compress-program=:program --batch-size= --parallel= --files0-from=:read --random-source=:read --check? --debug --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting --ignore-leading-blanks --human-numeric-sort --month-sort --merge --numeric-sort --reverse --random-sort --sort= --stable --unique --version-sort --zero-terminated --help:shows --version:shows',
    examples: ['sort -rn → read', 'sort -o.bashrc x → other@1 write:.bashrc read:x', 'sort x -uo y → other@3 write:y', 'sort --compress-program=./x -S 1 big.txt → other@1 read:./x', 'sort --comp ./x a → other@2', 'sort --outp=x a → other@1 write:x', 'sort * → other@1', 'sort -k2,2 -t: a → read read:a'],
  },
  {
    names: 'uniq guniq', class: 'read', operands: 'read write',
    options: '-cdDiuz -f,--skip-fields= -s,--skip-chars= -w,--check-chars= --count --repeated --all-repeated? --ignore-case --unique --group? --zero-terminated --help:shows --version:shows',
    examples: ['uniq -c → read', 'uniq a.txt .bashrc → other@2 read:a.txt write:.bashrc', 'uniq *.txt → other@1 unknown'],
  },
  { names: 'column', class: 'read', operands: 'read*', options: '-tenxJL -s,--separator= -o,--output-separator= -N,--table-columns= -R,--table-right= -H,--table-hide= -T= -E= -W= -d -c,--output-width=:other --table --json --fillrows --help:shows --version:shows', examples: ['column -t data.tsv → read read:data.tsv', 'column -c 10000 x → other@2'] },
  {
    names: 'diff colordiff gdiff', class: 'read', operands: 'read*',
    options: '-abBcdeEinNpqsTtuwyZl -# -r,--recursive:recursive -C,--context= -U,--unified= -I,--ignore-matching-lines= -x,--exclude= -X,--exclude-from=:read -W,--width= -L,--label= -F,--show-function-line= -S,--starting-file= --brief --report-identical-files --side-by-side --color? --palette= --normal --new-file --unidirectional-new-file --ignore-case --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-trailing-space --ignore-tab-expansion --strip-trailing-cr --minimal --speed-large-files --text --no-dereference --suppress-common-lines --suppress-blank-empty --expand-tabs --initial-tab --tabsize= --from-file=:read --to-file=:read --show-c-function --left-column --rcs --ed --help:shows --version:shows',
    examples: ['diff -u old.json new.json → read read:old.json read:new.json', 'diff -r a b → read read:a/** read:b/**'],
  },
  { names: 'cmp diff3', class: 'read', operands: 'read*', options: '-abelsAEimTxX3 -n,--bytes= -L,--label= --print-bytes --verbose --quiet --silent --ignore-initial= --diff-program=:program --merge --text --help:shows --version:shows', examples: ['cmp -s a b → read read:a read:b'] },
  { names: 'sdiff', class: 'read', operands: 'read*', options: '-abBdEiHlstWZ -I= -w= -o,--output=:write --diff-program=:program --suppress-common-lines --help:shows --version:shows', examples: ['sdiff -o out a b → other@2 write:out', 'sdiff --diff-program=./x a b → other@1 read:./x'] },
  { names: 'hexdump hd', class: 'read', operands: 'read*', options: '-bcCdovx -n= -s= -e= -f=:read --help:shows', examples: ['hexdump -C -n 64 a → read read:a'] },
  { names: 'od', class: 'read', operands: 'read*', options: '-abcdDefFhHiIlLoOsvxX -N,--read-bytes= -j,--skip-bytes= -t,--format= -A,--address-radix= -w,--width? -S,--strings? --help:shows --version:shows', examples: ['od -c a → read read:a'] },
  { names: 'strings', class: 'read', operands: 'read*', options: '-afow -# -n,--bytes= -t,--radix= -e,--encoding= -s,--output-separator= -T= --all --print-file-name --help:shows --version:shows', also: optionsInFile, examples: ['strings -n 8 a → read read:a'] },
  { names: 'nm', class: 'read', operands: 'read*', options: '-aACDglnoPpruSX -f,--format= -t,--radix= --demangle? --dynamic --defined-only --undefined-only --extern-only --no-demangle --numeric-sort --no-sort --print-file-name --print-size --size-sort --reverse-sort --help:shows --version:shows -V:shows', also: optionsInFile, examples: ['nm @x → other@1', 'nm -D a.so → read read:a.so', 'nm --plugin ./x.so a.o → other@2', 'nm --plugin=./x.so a.o → other@1'] },
  { names: 'readelf', class: 'read', operands: 'read*', options: '-aAcdeghIlnrsStuVWWz -x= -p= -R= --all --file-header --program-headers --segments --section-headers --sections --symbols --syms --dyn-syms --notes --relocs --dynamic --wide --help:shows --version:shows -v:shows -H:shows', also: optionsInFile, examples: ['readelf -h a.so → read read:a.so', 'readelf -wi a.so → other'] },
  { names: 'size', class: 'read', operands: 'read*', options: '-ABdGox --format= --radix= --totals --help:shows --version:shows', also: optionsInFile, examples: ['size a.o → read read:a.o'] },
  { names: 'xxd', class: 'read', operands: 'read write', options: '-abCdeEipruv -c,--cols= -g= -l,--len= -n= -o= -s,--seek= -R= -ps -plain -revert --help:shows --version:shows', examples: ['xxd -r -p → read', 'xxd a b → other@2 read:a write:b'] },
  { names: 'base64 base32 basenc', class: 'read', operands: 'read write', options: '-dDi -w,--wrap= -b= -i,--input=:read -o,--output=:write --decode --ignore-garbage --help:shows --version:shows --base64 --base64url --base16 --base2msbf --z85', examples: ['base64 -d → read', 'base64 a.bin → read read:a.bin'] },
  { names: 'seq sleep usleep true false yes factor expr nproc arch tty numfmt jot', class: 'read', anyOption: true, examples: ['seq 1 10 → read', 'sleep 2 → read', 'sleep "$n" → read', 'true → read'] },
  {
    names: 'sed gsed', class: 'read', operands: 'noted*',
    options: '-nrEsuzl --posix --debug --quiet --silent --regexp-extended --separate --unbuffered --null-data --sandbox -i,--in-place?:noted -I?:noted -e,--expression=:noted -f,--file=:noted -l,--line-length= --follow-symlinks --help:shows --version:shows',
    also: editsStream,
    examples: [
      "sed -n '1,40p' a → read read:a", "sed 's/a/b/g' a → read read:a", "sed --in-place=.bak 's/a/b/' src/index.ts → other@1 write:src/index.ts write:src/index.ts.bak read:src/index.ts", "sed -ni '1p' src/index.ts → other@1 write:src/index.ts",
      "sed '1e rm -rf .' README.md → other@1 script:rm_-rf_.", 'sed -n -f x.sed README.md → other@3 read:x.sed', "sed 's/a/b/e' a → other@1 unknown", "sed 's/x/y/w out' a → other@1 write:out", "sed -n 'w out' a → other@2 write:out",
      "sed 'r /etc/passwd' a → read read:/etc/passwd", 'sed -n p ~/.ssh/id_rsa → read read:~/.ssh/id_rsa', 'sed "$X" a → other unknown', 'sed -n -i p src/app.ts → other@2 write:src/app.ts', "sed -e p -e '1e' a → other@4 unknown", "sed -E 's#(a)#\\1#' f → read", "sed -n '/a/,/b/{p;q}' f → read", "sed 's/;e/x/; y/w/v/' f → read",
    ],
  },
  {
    names: 'awk gawk mawk nawk', class: 'read', operands: 'noted*', stops: true,
    options: '-F,--field-separator= -v,--assign= -f,--file=:noted -W=:other -b,--characters-as-bytes -c,--traditional -C,--copyright -d,--dump-variables?:other -D,--debug?:other -e,--source=:noted -E,--exec=:other -g,--gen-pot -h,--help:shows -i,--include=:other -I,--trace -k,--csv -l,--load=:other -L,--lint? -M,--bignum -n,--non-decimal-data -N,--use-lc-numeric -o,--pretty-print?:other -O,--optimize -p,--profile?:other -P,--posix -r,--re-interval -s,--no-optimize -S,--sandbox -t,--lint-old -V,--version:shows',
    also: runsAwk,
    examples: [
      "awk -F, 'NR>1 {s+=$3} END {print s}' data.csv → read read:data.csv", "awk 'length > 100' a.txt → read read:a.txt", `awk 'BEGIN{system("rm -rf .")}' → other@1 script:rm_-rf_.`, `awk '{print > "/home/u/.bashrc"}' x → other@1 write:/home/u/.bashrc`,
      "awk '{print $1}' a → read read:a", `awk '{print | "sort"}' a → other@1 script:sort`, `awk '{while(("ls" | getline l)>0) print l}' → other@1 script:ls`, 'awk -f x.awk a → other@2 read:x.awk', `awk '{system($0)}' a → other@1 unknown`,
      `awk 'BEGIN{while((getline l < "/etc/passwd")>0) print l}' → read read:/etc/passwd`, `awk 'BEGIN{for(k in ENVIRON) print k}' → other@1`, `awk '/a|b/ {print $1 " > " $2}' f → read read:f`, `awk '{ print $1, $2 > "/dev/stderr" }' f → read`, `awk '{print $1/2}' f → read`, `awk -v n=3 'NR==n' f → read read:f`, `gawk -i inplace '{print}' f → other@2`, `awk '@load "x"' f → other@1 unknown`,
      `awk 'BEGIN{ARGV[1]="/etc/passwd";ARGC=2}{print}' → other@1 unknown`,
    ],
  },
  {
    names: 'jq gojq jaq', class: 'read', operands: 'noted*',
    options: '-cnrRsSaCMejh --null-input --raw-input --slurp --compact-output --raw-output --raw-output0 --join-output --ascii-output --sort-keys --color-output --monochrome-output --tab --indent= --unbuffered --stream --stream-errors --seq --exit-status -f,--from-file:noted -L=:other --arg=:noted --argjson=:noted --slurpfile=:noted --rawfile=:noted --args:noted --jsonargs:noted --help:shows --version:shows -V:shows',
    also: filtersJson,
    examples: ["jq '.a' a.json → read read:a.json", "jq -n 'env' → other@2", "jq -r '.x' → read", "jq -n '$ENV.X' → other@2", "jq --slurpfile a b.json '.' c.json → read read:b.json read:c.json", "jq 'input_filename' a → read read:a", 'jq -f x.jq a → other read:x.jq', "jq -rf x.jq a → other"],
  },
  {
    names: 'yq', class: 'read', operands: 'noted read*',
    options: '-rCMPNnjceS -i,--inplace:noted -I,--indent= -p,--input-format= -o,--output-format= --raw-output --null-input --exit-status --unwrapScalar? --no-doc --colors --no-colors --prettyPrint -y -Y --yaml-output --help:shows --version:shows -V:shows',
    also: (parsed, draft) => {
      if (parsed.operands.length > 0 && parsed.words.some((word) => word.text !== null && /\b(?:env|strenv|envsubst|load\w*|system|exec|shell)\b|\$ENV/u.test(word.text))) {
        draft.worsen('other', parsed.operands[0] ?? 0);
      }
      const inPlace = parsed.option('inplace');
      if (inPlace === undefined) return;
      draft.worsen('other', inPlace.at);
      for (const at of parsed.operands.slice(1)) draft.path('write', parsed.words[at]?.text ?? null, parsed.words[at], inPlace.at);
    },
    examples: ["yq -i '.a=1' config.yml → other@1 write:config.yml", "yq '.a' config.yml → read read:config.yml", "yq -i=true '.a=1' c.yml → other write:c.yml", "yq 'strenv(HOME)' → other@1", "yq 'load_str(\"x\")' a → other@1", "yq 'system(\"x\")' a → other@1"],
  },
  { names: 'xmllint', class: 'read', operands: 'read*', options: '--noout --format --xpath= --html --nonet --schema=:read --dtdvalid=:read --help:shows --version:shows -o,--output=:write', examples: ['xmllint --noout a.xml → read read:a.xml', 'xmllint -o b a.xml → other@2 write:b'] },
  { names: 'less more zless zmore', class: 'read', operands: 'read*', options: '-aAcCdeEfFgGiIJmMnNqQrRsSuUwWX -# -p=:other -P= -x= -z= -h= -b= -j= -y= -o=:write -O=:write --log-file=:write --LOG-FILE=:write -k=:program -t=:other -T=:other --no-init --quit-if-one-screen --raw-control-chars --RAW-CONTROL-CHARS --chop-long-lines --LINE-NUMBERS --lesskey-src=:program --help:shows -V,--version:shows', also: (parsed, draft) => {
    for (const at of parsed.operands) if (parsed.words[at]?.text?.startsWith('+') === true) draft.worsen('other', at);
  }, examples: ['less a → read read:a', 'less -FRX a → read read:a', 'less "+!rm x" a → other@1', 'less -o x a → other@2 write:x'] },
  { names: 'zcat bzcat xzcat zstdcat gzcat lzcat', class: 'read', operands: 'read*', options: '-fklqv --help:shows --version:shows', examples: ['zcat a.gz → read read:a.gz'] },
  { names: 'split csplit', operands: 'noted*', anyOption: true, options: '--filter=:runs --help:shows --version:shows', also: (parsed, draft) => {
    const source = parsed.operands[0];
    if (source !== undefined) draft.path('read', parsed.words[source]?.text ?? null, parsed.words[source], source);
    draft.unknown('it writes files whose names it makes up', parsed.words.length - 1);
  }, examples: ["split -l 10 --filter='sh x' a → other@3 script:sh_x unknown"] },
];

/** `sed`: the script decides. `-i` writes every operand */
function editsStream(parsed: Parsed, draft: Draft): void {
  const scripts = parsed.options.filter((option) => option.id === 'expression');
  const files = parsed.options.filter((option) => option.id === 'file');
  let first = 0;
  const texts: { text: string | null; at: number }[] = scripts.map((option) => ({ text: option.value ?? null, at: option.valueAt }));
  if (scripts.length === 0 && files.length === 0) {
    const at = parsed.operands[0];
    if (at === undefined) return;
    texts.push({ text: parsed.words[at]?.text ?? null, at });
    first = 1;
  }
  for (const option of files) {
    draft.worsen('other', option.valueAt);
    draft.path('read', option.value ?? null, undefined, option.valueAt);
  }
  const inPlace = parsed.options.find((option) => option.id === 'in-place' || option.id === 'I');
  for (const { text, at } of texts) analyseSed(text, at, draft, parsed.has('sandbox'));
  for (const at of parsed.operands.slice(first)) {
    const word = parsed.words[at];
    const text = word?.text ?? null;
    draft.path('read', text, word, at);
    if (inPlace === undefined) continue;
    draft.worsen('other', inPlace.at);
    draft.path('write', text, word, inPlace.at);
    const suffix = inPlace.value;
    if (typeof suffix === 'string' && suffix !== '' && text !== null) draft.path('write', suffix.includes('*') || suffix.includes('/') ? null : text + suffix, word, inPlace.at);
  }
  if (inPlace !== undefined) draft.worsen('other', inPlace.at);
}

function runsAwk(parsed: Parsed, draft: Draft): void {
  const programs = parsed.options.filter((option) => option.id === 'source');
  const files = parsed.options.filter((option) => option.id === 'file');
  let first = 0;
  for (const option of programs) analyseAwk(option.value ?? null, option.valueAt, draft);
  for (const option of files) {
    draft.worsen('other', option.valueAt);
    draft.path('read', option.value ?? null, undefined, option.valueAt);
  }
  if (programs.length === 0 && files.length === 0) {
    const at = parsed.operands[0];
    if (at === undefined) return;
    analyseAwk(parsed.words[at]?.text ?? null, at, draft);
    first = 1;
  }
  for (const at of parsed.operands.slice(first)) {
    const word = parsed.words[at];
    if (typeof word?.text === 'string' && (word.text === '-' || /^[A-Za-z_]\w*=/u.test(word.text))) continue;
    draft.path('read', word?.text ?? null, word, at);
  }
}

/** `jq`: a filter that can see the environment, or that stands in a file, is no plain read */
function filtersJson(parsed: Parsed, draft: Draft): void {
  const skipped = new Set<number>();
  for (const option of parsed.options) {
    if (option.id === 'arg' || option.id === 'argjson' || option.id === 'slurpfile' || option.id === 'rawfile') {
      const second = option.valueAt + 1;
      skipped.add(second);
      if (option.id === 'slurpfile' || option.id === 'rawfile') draft.path('read', parsed.words[second]?.text ?? null, parsed.words[second], second);
    }
  }
  const operands = parsed.operands.filter((at) => !skipped.has(at));
  const filterAt = operands[0];
  if (filterAt === undefined) return;
  const filter = parsed.words[filterAt]?.text ?? null;
  if (parsed.has('from-file')) {
    draft.worsen('other', filterAt);
    draft.path('read', filter, parsed.words[filterAt], filterAt);
  } else if (filter === null || /\benv\b|\$ENV|\$__prog|\binclude\b|\bimport\b|get_search_list|\binput_line_number\b.*\binclude\b/u.test(filter)) {
    draft.worsen('other', filterAt);
  }
  if (parsed.has('args') || parsed.has('jsonargs')) return;
  for (const at of operands.slice(1)) draft.path('read', parsed.words[at]?.text ?? null, parsed.words[at], at);
}

/** `@file` stands for the options in that file */
function optionsInFile(parsed: Parsed, draft: Draft): void {
  for (const at of parsed.operands) if (parsed.words[at]?.text?.startsWith('@') === true) draft.worsen('other', at);
}
