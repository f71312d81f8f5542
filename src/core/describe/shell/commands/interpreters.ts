import type { Word } from '../command.ts';
import { scanCode } from './codeScan.ts';
import type { Draft } from './draft.ts';
import { isTestScript } from './packageManagers.ts';
import type { Parsed, Row } from './row.ts';
import { warnsByModule } from './testRunners.ts';

/** Programs that run code: from a word it is unreadable, from a file of the workspace `other`, named by that file */
export const interpreterRows: readonly Row[] = [
  {
    names: 'python pypy', class: (parsed) => (pythonModule(parsed) === undefined ? 'other' : 'read'), stops: true, named: 'operand', language: 'python', options: '-bBdEiIOPqsSuvx -c=:code! -m=:noted! -W=:noted -X=:noted --check-hash-based-pycs= -h,--help:shows -V,--version:shows', operands: 'noted*', also: runsPython,
    examples: ['python -W error::evil.X -m pytest → other@2 runs:4', 'python -W ignore -X utf8 -m pytest → read runs:6', 'python -X presite=evil -m pytest → other@2 runs:4', 'python3 --version → read', 'python3 -c "import json" → unreadable@2 code:python', `python3 -c "import shutil; shutil.rmtree('/')" → unreadable guard:destructive_deletion`, 'python setup.py --version → other@1 read:setup.py', 'python3 -m unittest discover -s tests → read runs:python:unittest_discover_-s_tests', 'python -m pytest -q → read runs:2', 'python -m http.server → other@2', 'python → unreadable code:python', 'python - → unreadable code:python', `python -c 'import os; os.system("rm x")' → unreadable code:python script:rm_x`, 'python -Ic "1" → unreadable code:python', 'python3 -m black --check . → read runs:2', 'python -c 1 --version → unreadable code:python', 'python -X utf8 a.py → other@3 read:a.py', 'python -m json.tool a b → read runs:python:json.tool_a_b', 'python3.12 --version → read'],
  },
  { names: 'python:unittest', class: 'test', operands: 'data*', options: '-vqfcb -s,--start-directory=:base -p,--pattern= -t,--top-level-directory=:base -k= --verbose --quiet --locals --failfast --catch --buffer --durations= -h,--help:shows', examples: ['python:unittest discover -s tests → test', 'python:unittest -v a.b → test', 'python:unittest /tmp/x.py → test read:/tmp/x.py'] },
  { names: 'python:json.tool', here: 'trusts', class: 'read', operands: 'read write', options: '--sort-keys --no-ensure-ascii --json-lines --indent= --tab --no-indent --compact -h,--help:shows', examples: ['python:json.tool a b → other@2 read:a write:b', 'python:json.tool → read'] },
  {
    names: 'node nodejs iojs', class: (parsed) => (parsed.has('run') ? 'read' : parsed.has('test') || parsed.has('check') ? 'test' : 'other'), stops: true, named: 'operand', language: 'javascript',
    options: '-c,--check:noted --test:noted -e,--eval=:code -p?:noted --print?:noted -i,--interactive:code -r,--require=:program --import=:program --loader=:program --experimental-loader=:program --env-file=:program --env-file-if-exists=:program --run=:noted --input-type= --enable-source-maps --no-warnings --trace-warnings --trace-uncaught --trace-deprecation --no-deprecation --throw-deprecation --pending-deprecation --max-old-space-size= --stack-size= --stack-trace-limit= --unhandled-rejections= --watch --watch-path=:read --test-only --test-reporter= --test-reporter-destination=:write --test-name-pattern= --test-skip-pattern= --test-concurrency= --test-timeout= --test-shard= --test-force-exit --test-isolation= --test-update-snapshots:other --test-coverage-include= --test-coverage-exclude= --test-coverage-lines= --test-coverage-branches= --test-coverage-functions= --experimental-test-coverage --experimental-test-module-mocks --experimental-strip-types --experimental-transform-types --experimental-vm-modules --disable-warning= -C,--conditions= --expose-gc -v,--version:shows -h,--help:shows',
    operands: 'noted*', also: runsNode,
    examples: ['node --test → test@1', 'node --check src/index.js → test@2 read:src/index.js', 'node -e "1" → unreadable@2 code:javascript', `node -e "require('fs').rmSync('.',{recursive:true})" → unreadable guard:destructive_deletion`, 'node --import ./x.mjs --check a.js → other@4 read:./x.mjs', 'node x.js → other@1 read:x.js', 'node -p "1+1" → unreadable code:javascript', 'node -pe 1 → unreadable code:javascript', 'node --version → read', 'node → unreadable code:javascript', 'node --run test → read npm:node:test', 'node --run build → other@2 npm:node:build', 'node --test test/a.test.ts → test read:test/a.test.ts', 'node --env-file=.env x.js → other@2 read:.env', 'node --test --test-reporter=./x.mjs → other@2'],
  },
  { names: 'ts-node tsx ts-node-esm esno jiti swc-node', stops: true, named: 'operand', language: 'typescript', options: '-e,--eval=:code -p,--print=:code -r,--require=:program --import=:program -P,--project= --esm --watch --tsconfig= -T --transpile-only -v,--version:shows -h,--help:shows', operands: 'read data*', examples: ['tsx x.ts → other@1 read:x.ts', 'tsx -e 1 → unreadable code:typescript'] },
  {
    names: 'deno', language: 'javascript', options: '-V,--version:shows -h,--help:shows -q,--quiet -L= --log-level=',
    commands: [
      { names: 'test bench', class: 'test', operands: 'read*', inherits: true, options: '-A --allow-all --allow-read? --allow-write? --allow-net? --allow-env? --allow-run? --allow-sys? --no-check? --check? --fail-fast? --filter= --parallel --trace-leaks --doc --no-run --coverage? --reporter= --shuffle? --watch? --permit-no-files --ignore= --json -R -W -N -E -S -P', examples: ['deno test → test@1', 'deno test --preload ./x → other@3'] },
      { names: 'check lint info doc types', class: 'test', operands: 'read*', inherits: true, options: '--fix:other --json --all --rules --compact --doc --watch? --ignore= --html:other --output?:other', examples: ['deno check a.ts → test', 'deno lint --fix → other@2'] },
      { names: 'fmt', class: (parsed) => (parsed.has('check') ? 'test' : 'other'), options: '--check:noted --ignore= --ext=', examples: ['deno fmt --check → test', 'deno fmt → other@1'] },
      { names: 'eval repl', class: 'unreadable', anyOption: true, named: 'last', operands: 'code', examples: ["deno eval 'x' → unreadable code:deno"] },
      { names: 'run serve task', named: 'operand', anyOption: true, stops: true, operands: 'read data*', examples: ['deno run -A x.ts → other@3 read:x.ts'] },
      { names: 'publish', anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.at, { provider: 'jsr' }), examples: ['deno publish → other@1 export:jsr'] },
      { names: 'install add remove uninstall upgrade cache compile jupyter x', named: 'all', anyOption: true, examples: ['deno add x → other@2'] },
    ],
    examples: ['deno --version → read'],
  },
  { names: 'perl', stops: true, named: 'operand', language: 'perl', options: '-nplawSsTtuUWXcf -e=:code -E=:code -i?:noted -F= -M?:other -m?:other -I=:other -x?:other -0? -C? -D?:other -v:shows -V?:shows --version:shows --help:shows -h:shows', operands: 'noted*', also: runsScript, examples: ["perl -e 'x' → unreadable@2 code:perl", "perl -pi -e 's/a/b/' f → unreadable code:perl write:f read:f", "perl -ne 'print' f → unreadable code:perl read:f", 'perl x.pl → other@1 read:x.pl', 'perl -v → read', `perl -e 'system("rm -rf x")' → unreadable code:perl script:rm_-rf_x`] },
  { names: 'ruby jruby irb', class: (parsed) => (parsed.has('c') && parsed.words[0]?.text === 'ruby' ? 'test' : 'other'), stops: true, named: 'operand', language: 'ruby', options: '-adlnpsSwW -c:noted -e=:code -i?:noted -I=:other -r=:other -F= -C=:base -E= -x?:other -K? -0? -v:shows --version:shows --help:shows -h:shows', operands: 'noted*', also: runsScript, examples: [`ruby -e 'system("rm -rf .")' → unreadable code:ruby script:rm_-rf_.`, 'ruby x.rb → other@1 read:x.rb', 'ruby -v → read', 'ruby -c a.rb → test read:a.rb', 'ruby -c -e 1 → unreadable code:ruby', 'ruby -rx y.rb → other@2'] },
  { names: 'php', class: (parsed) => (parsed.has('l') ? 'test' : 'other'), stops: true, named: 'operand', language: 'php', options: '-acCHnqsw -r=:code -B=:code -R=:code -E=:code -f=:program -F=:program -l:noted -S=:other -t= -d=:other -z=:other -i:other -m:shows -v,--version:shows -h,--help:shows', operands: 'noted*', also: runsScript, examples: [`php -r 'unlink(".env");' → unreadable code:php read:.env`, 'php -l a.php → test read:a.php', 'php x.php → other@1 read:x.php', 'php -S 0:80 → unreadable code:php'] },
  { names: 'lua luajit Rscript R julia groovy scala elixir iex erl ghc runghc runhaskell clojure clj bb racket guile tclsh wish expect osascript jshell kotlin kotlinc swipl sbcl clisp octave gnuplot crystal nim raku jsc qjs d8 xst', named: 'operand', stops: true, anyOption: true, language: 'code', options: '-e=:code -E=:code -c=:code --eval=:code --eval?:code -x=:code -r?:code --expr=:code -v:shows --version:shows -l=:other', operands: 'noted*', also: runsScript, examples: [`osascript -e 'do shell script "rm -rf ~/x"' → unreadable code:code script:rm_-rf_~/x`, 'Rscript x.R → other@1 read:x.R', 'lua → unreadable code:code'] },
  { names: 'sqlite3 psql mysql mariadb mysqldump pg_dump pg_restore mongosh mongo redis-cli cqlsh influx clickhouse-client duckdb dropdb createdb sqlcmd bq', named: 'all', anyOption: true, options: '--version:shows', examples: ['psql -c "select 1" → other@2', 'sqlite3 a.db .tables → other@2'] },
  {
    names: 'java javaw', named: 'operand', style: 'long', stops: true, options: '-jar=:program -cp= -classpath= -version:shows -help:shows -ea -server -client', operands: 'read data*', examples: ['java -version → read', 'java -jar x.jar → other@2 read:x.jar', 'java X.java → other@1 read:X.java', 'java -javaagent:x.jar -jar y.jar → other@3'],
  },
];

/** Modules of Python that have a row of their own */
const pythonModules = new Set(['pytest', 'mypy', 'black', 'ruff', 'flake8', 'pylint', 'isort', 'pip', 'twine', 'coverage', 'pyright', 'tox', 'nox']);
const pythonOwnModules = new Set(['unittest', 'json.tool']);

/** The module that is run, where it is one we know */
function pythonModule(parsed: Parsed): string | undefined {
  const name = parsed.option('m')?.value;
  const known = typeof name === 'string' && (pythonModules.has(name) || pythonOwnModules.has(name));
  return known && !parsed.has('c') && !parsed.has('i') && !parsed.has('x') ? name : undefined;
}

function runsPython(parsed: Parsed, draft: Draft): void {
  warnsByModule(parsed, draft);
  for (const option of parsed.options) if (option.id === 'X' && !/^(?:dev|utf8|importtime|faulthandler|showrefcount|tracemalloc(?:=\d+)?|int_max_str_digits=\d+|no_debug_ranges|frozen_modules=\w+|warn_default_encoding)$/u.test(option.value ?? '=')) draft.worsen('other', option.valueAt);
  const module = parsed.option('m');
  const code = parsed.option('c');
  if (code !== undefined) {
    scanCode(code.value ?? null, code.valueAt, draft);
    return;
  }
  if (module !== undefined) {
    const name = module.value ?? '';
    const here = module.at !== module.valueAt;
    const inner: Word[] = [{ text: pythonOwnModules.has(name) ? `python:${name}` : name, raw: name, glob: false, quoted: false }, ...parsed.words.slice(module.valueAt + 1)];
    if (pythonModule(parsed) === undefined) draft.worsen('other', module.valueAt);
    else draft.run(here && pythonModules.has(name) ? { kind: 'words', from: module.valueAt } : { kind: 'words', from: module.valueAt, words: inner });
    return;
  }
  runsScript(parsed, draft);
}

/** A script file, or code on standard input where there is none */
function runsScript(parsed: Parsed, draft: Draft): void {
  for (const option of parsed.options) {
    if (['e', 'E', 'c', 'r', 'B', 'R', 'eval', 'expr', 'x'].includes(option.id) && option.value !== undefined) scanCode(option.value, option.valueAt, draft);
  }
  const coded = draft.runs?.some((inner) => inner.kind === 'code') === true;
  const files = coded ? parsed.operands : parsed.operands.slice(0, 1);
  const inPlace = parsed.option('i');
  for (const at of files) {
    const word = parsed.words[at];
    if (word?.text === '-') continue;
    draft.path('read', word?.text ?? null, word, at, { recursive: false });
    if (coded && inPlace !== undefined && parsed.words[0]?.text !== 'python') draft.path('write', word?.text ?? null, word, inPlace.at);
  }
  if (!coded && (parsed.operands.length === 0 || parsed.operand(0) === '-')) {
    draft.worsen('unreadable', parsed.words.length - 1);
    draft.run({ kind: 'code', language: languageOf(parsed), namedAt: 0, stdin: true });
  }
}

function languageOf(parsed: Parsed): string {
  const name = (parsed.words[0]?.text ?? '').replace(/^.*\//u, '').replace(/[\d.]+$/u, '');
  if (name === 'node' || name === 'nodejs') return 'javascript';
  return ['python', 'perl', 'ruby', 'php'].includes(name) ? name : 'code';
}

function runsNode(parsed: Parsed, draft: Draft): void {
  const print = parsed.option('print') ?? parsed.option('p');
  if (print !== undefined) {
    const at = print.value === undefined || print.value === 'e' ? parsed.operands[0] ?? print.at : print.valueAt;
    draft.worsen('unreadable', at);
    draft.run({ kind: 'code', language: 'javascript', namedAt: at });
    scanCode(at === print.valueAt && print.value !== undefined && print.value !== 'e' ? print.value : parsed.words[at]?.text ?? null, at, draft);
    return;
  }
  for (const option of parsed.options) if (option.id === 'eval') scanCode(option.value ?? null, option.valueAt, draft);
  if (draft.runs?.some((inner) => inner.kind === 'code')) return;
  const script = parsed.option('run');
  const tested = parsed.option('test') ?? parsed.option('check');
  if (script !== undefined && !isTestScript(script.value ?? '')) draft.worsen('other', script.valueAt);
  if (typeof script?.value === 'string') {
    draft.run({ kind: 'npm_script', manager: 'node', name: script.value, namedAt: script.valueAt });
    return;
  }
  if (tested !== undefined) {
    for (const at of parsed.operands) draft.path('read', parsed.words[at]?.text ?? null, parsed.words[at], at, { recursive: false });
    for (const option of parsed.options) {
      if (option.id === 'test-reporter' && !/^(?:spec|tap|dot|junit|lcov)$/u.test(option.value ?? '')) draft.worsen('other', option.valueAt);
    }
    draft.worsen('test', tested.at);
    return;
  }
  runsScript(parsed, draft);
}
