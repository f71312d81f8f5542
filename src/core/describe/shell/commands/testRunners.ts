import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';

const shows = '-h,--help:shows -v,--version:shows';

/** Programs that test, lint and check the project: they run its code, and change nothing unless told to */
export const testRunnerRows: readonly Row[] = [
  { names: 'jest', class: 'test', operands: 'read*', options: `-ibosletfwjunV --runInBand --coverage? --watch --watchAll? -t,--testNamePattern= --testPathPattern= --testPathPatterns= --testPathIgnorePatterns= -c,--config=:config --ci --silent? --verbose --bail? -w,--maxWorkers= --detectOpenHandles --forceExit --passWithNoTests --onlyChanged --onlyFailures --changedSince= --findRelatedTests --json --outputFile=:write --no-cache --cache --colors --color --no-color --no-coverage --listTests --selectProjects= --testTimeout= --rootDir=:base --runTestsByPath --shard= --logHeapUsage --randomize --seed= --coverageDirectory=:write --collectCoverageFrom= --coverageReporters=:plain --expand --notify --clearCache:other -u:other --updateSnapshot:other ${shows}`, examples: ['jest --coverageReporters ./x → other@2', 'jest --coverageReporters=text,lcov → test', 'jest --runInBand → test', 'jest -u → other@1', 'jest --globalSetup ./x → other@2', 'jest -c jest.e2e.config.js → test', 'jest -c ./evil.js → other@2', 'jest src/a.test.ts -t "x y" → test'] },
  { names: 'vitest', class: 'test', operands: 'read*', options: `-w --run --coverage? --coverage.enabled? --coverage.reporter=:plain --reporter= -t,--testNamePattern= -c,--config=:config -r,--root=:base --dir=:base --environment=:plain --pool=:plain --bail= --changed? --project= --silent? --passWithNoTests --no-coverage --typecheck? --globals --watch --shard= --retry= --testTimeout= --hookTimeout= --maxWorkers= --minWorkers= --no-color --color --hideSkippedTests --allowOnly --logHeapUsage --isolate --no-isolate --fileParallelism --no-file-parallelism --sequence= --mode= --disableConsoleIntercept --outputFile?:write -u:other --update?:other ${shows}`, also: (parsed, draft) => {
    const reporter = parsed.option('reporter');
    if (reporter !== undefined && !/^[\w-]+$/u.test(reporter.value ?? '/')) draft.worsen('other', reporter.valueAt);
  }, examples: ['vitest run → test', 'vitest run -u → other@2', 'vitest --reporter=./x.mjs → other@1', 'vitest --pool=./x.ts → other@1', 'vitest run --pool forks --environment jsdom → test', 'vitest run src/a.test.ts --reporter=dot → test'] },
  { names: 'mocha', class: 'test', operands: 'read*', options: `-bcCGj -g,--grep= -f,--fgrep= -i,--invert -t,--timeout= -s,--slow= -R,--reporter=:plain -u,--ui=:plain --bail --recursive --exit --parallel --jobs= --retries= --check-leaks --color --no-color --full-trace --diff --no-diff --forbid-only --forbid-pending --extension= --ignore= --spec=:other --sort --watch --config=:config --package=:config --dry-run --inline-diffs -r,--require=:program --import=:program --loader=:program --file=:program ${shows}`, examples: ['mocha -R ./x → other@2', 'mocha -R dot → test', 'mocha --ui=../x → other@1', 'mocha test/a.test.js → test', 'mocha -r ./x → other@2 read:./x', 'mocha --grep foo → test'] },
  { names: 'ava tap tape jasmine karma qunit uvu web-test-runner wtr testcafe nightwatch wdio lab', class: 'test', operands: 'read*', options: `-s -t --tap --serial --match= --timeout= --fail-fast --color --no-color --verbose --single-run --filter= --coverage --no-coverage ${shows}`, examples: ['ava → test', 'ava -r ./x → other@2'] },
  { names: 'playwright', commands: [
    { names: 'test', class: 'test', operands: 'read*', options: '-x --headed --project= -g,--grep= --grep-invert= --reporter=:plain --workers= -j= --retries= --repeat-each= --timeout= --max-failures= --list --forbid-only --fully-parallel --last-failed --only-changed? --shard= --trace= --quiet --pass-with-no-tests -c,--config=:config --help:shows', examples: ['playwright test --reporter=./x → other@2', 'playwright test --reporter=line,html → test', 'playwright test → test', 'playwright test --update-snapshots → other@2'] },
    { names: 'install codegen open show-report screenshot pdf', anyOption: true, named: 'all', examples: ['playwright install → other@1'] },
  ], examples: [] },
  { names: 'eslint xo standard semistandard tslint', class: 'test', operands: 'read*', options: '-c,--config=:config --ext= --quiet --max-warnings= --no-eslintrc --no-config-lookup --ignore-path=:read --ignore-pattern= --no-ignore --cache --no-cache --cache-strategy= --debug --no-color --color --rule= --env= --global= --parser-options= --report-unused-disable-directives --report-unused-disable-directives-severity= --no-warn-ignored --no-inline-config --no-error-on-unmatched-pattern --exit-on-fatal-error --print-config= --pass-on-no-patterns --concurrency= --stdin --stdin-filename= --stats --flag= -f,--format=:noted -o,--output-file=:write --cache-location=:write --cache-file=:write --fix:other --fix-dry-run --fix-type= --init:other --rulesdir=:program --resolve-plugins-relative-to=:program --plugin=:program --parser=:program -h,--help:shows -v,--version:shows', also: (parsed, draft) => {
    const format = parsed.option('format');
    if (format !== undefined && !/^[a-z][\w-]*$/u.test(format.value ?? '/')) draft.worsen('other', format.valueAt);
    writesOperands(parsed, draft, 'fix');
  }, examples: ['eslint . --ext .ts → test', 'eslint --fix src → other@1 write:src/**(some)', 'eslint -f ./evil.js . → other@2', 'eslint --rulesdir ./x . → other@2 read:./x', 'eslint -o out . → other@2 write:out', 'eslint --max-warnings 0 src → test'] },
  { names: 'oxlint', class: 'test', operands: 'read*', options: '-c,--config=:config -A,--allow= -W,--warn= -D,--deny= -f,--format= --quiet --max-warnings= --deny-warnings --ignore-path=:read --ignore-pattern= --no-ignore --tsconfig=:config --type-aware --type-check --import-plugin --react-plugin --jest-plugin --vitest-plugin --node-plugin --promise-plugin --unicorn-plugin --jsx-a11y-plugin --nextjs-plugin --react-perf-plugin --disable-unicorn-plugin --disable-oxc-plugin --disable-typescript-plugin --threads= --silent --print-config --rules --report-unused-disable-directives --fix:other --fix-suggestions:other --fix-dangerously:other --init:other -h,--help:shows -V,--version:shows', also: (parsed, draft) => writesOperands(parsed, draft, 'fix'), examples: ['oxlint src → test', 'oxlint --fix → other@1 write:./**(some)'] },
  { names: 'prettier', class: 'test', operands: 'read*', options: '-c,--check:noted -l,--list-different:noted -w,--write:other --config=:config --no-config --config-precedence= --ignore-path=:read --ignore-unknown -u --no-editorconfig --log-level= --loglevel= --no-color --color --cache --cache-strategy= --no-error-on-unmatched-pattern --stdin-filepath= --parser= --print-width= --tab-width= --single-quote --no-semi --trailing-comma= --end-of-line= --prose-wrap= --plugin=:program --cache-location=:write --find-config-path= --file-info= --support-info -h,--help?:shows -v,--version:shows', also: (parsed, draft) => writesOperands(parsed, draft, 'write'), examples: ['prettier --check . → test', 'prettier --write src → other@1 write:src/**(some)', 'prettier --plugin=./x a → other@1 read:./x', 'prettier -l "src/**/*.ts" → test'] },
  { names: 'biome rome dprint', commands: [
    { names: 'check lint ci', class: 'test', operands: 'read*', options: '--config-path=:base --reporter= --max-diagnostics= --diagnostic-level= --colors= --changed --since= --staged --no-errors-on-unmatched --error-on-warnings --files-ignore-unknown= --only= --skip= --verbose --list-different --write:other --fix:other --apply:other --apply-unsafe:other --unsafe:other --help:shows', also: (parsed, draft) => {
      for (const id of ['write', 'fix', 'apply']) writesOperands(parsed, draft, id);
    }, examples: ['biome check src → test', 'biome check --write src → other@2 write:src/**(some)'] },
    { names: 'format fmt migrate init start stop lsp-proxy', anyOption: true, examples: ['biome format --write src → other@1'] },
  ], examples: [] },
  { names: 'tsc tsgo vue-tsc', class: 'test', operands: 'read*', options: '-p,--project=:noted --noEmit:noted -w,--watch --pretty? --strict? --skipLibCheck? --incremental? --listFiles --listFilesOnly --showConfig:noted --noErrorTruncation --extendedDiagnostics --diagnostics --explainFiles --traceResolution --target= -t= --module= -m= --moduleResolution= --lib= --jsx= --esModuleInterop? --allowJs? --checkJs? --resolveJsonModule? --noUnusedLocals? --noUnusedParameters? --types= --typeRoots= --noCheck --init:other --outDir=:write --outFile=:write --declarationDir=:write --tsBuildInfoFile=:write --generateTrace=:write --generateCpuProfile=:write -b,--build:other -h,--help:shows -v,--version:shows --all', also: (parsed, draft) => {
    const project = parsed.option('project');
    if (project !== undefined) draft.path('read', project.value ?? null, undefined, project.valueAt, { recursive: false });
    // `--noEmit false` writes after all
    const off = parsed.operands.find((at) => /^(?:false|null|undefined)$/u.test(parsed.words[at]?.text ?? 'false'));
    if (off !== undefined) draft.worsen('other', off);
    if (parsed.has('noEmit') || parsed.has('showConfig') || parsed.has('listFilesOnly')) return;
    draft.worsen('other', 0);
  }, examples: ['tsc --noEmit -p tsconfig.json → test', 'tsc --version → read', 'tsc --noEmit false → other@2', 'tsc → other@0', 'tsc --noEmit --outDir ../x → other write:../x', 'tsc -b → other'] },
  { names: 'svelte-check astro-check attw publint knip depcheck madge dependency-cruiser depcruise size-limit unimported ts-prune cspell alex textlint markdownlint markdownlint-cli2 htmlhint jsonlint commitlint yamllint shellcheck hadolint codespell vale typos lychee spectral sqlfluff ansible-lint tflint checkov semgrep bandit vulture radon pydocstyle pycodestyle interrogate djlint cpplint cppcheck swiftlint ktlint detekt luacheck selene rstcheck proselint gitlint', class: 'test', operands: 'read*', options: `-afqsx -f,--format= --quiet --no-color --color? --severity= -S= --strict --ignore= --exclude= --threshold= --json --production --include= --reporter=:plain --no-progress --shell= --fix:other -w:other --write:other --write-changes:other --output=:write -o=:write --output-file=:write ${shows} -V:shows`, also: (parsed, draft) => {
    const verb = parsed.operands[0];
    if (verb !== undefined && /^(?:ci|login|logout|publish|sync|install|init|update|scan)$/u.test(parsed.words[verb]?.text ?? '')) draft.worsen('other', verb);
  }, examples: ['semgrep ci → other@1', 'vale sync → other@1', 'shellcheck a.sh → test', 'markdownlint --fix a.md → other@1', 'typos -w → other@1'] },
  // one dash, whole words; behind `--` stand options of the compiler
  { names: 'clang-tidy actionlint staticcheck gosec govulncheck revive errcheck', class: 'test', style: 'long', operands: 'read*', options: '-json -format= -checks= -tests -test -quiet -q -severity= -p=:read -color -no-color -verbose -ignore= -exclude= -h:shows -help:shows -version:shows -V:shows', also: (parsed, draft) => {
    const end = parsed.words.findIndex((word) => word.text === '--');
    if (end > 0 && end < parsed.words.length - 1) draft.worsen('other', parsed.words.length - 1);
  }, examples: ['staticcheck ./... → test', 'actionlint -shellcheck ./x → other@2', 'clang-tidy a.c -- -fplugin=x → other@3', 'clang-tidy -load ./x.so a.c → other@2'] },
  { names: 'stylelint', class: 'test', operands: 'read*', options: `-f,--formatter=:plain --quiet --max-warnings= --allow-empty-input --ignore-pattern= --config=:config --fix:other --custom-formatter=:program --custom-syntax=:program -o,--output-file=:write ${shows}`, examples: ['stylelint -f ./x a.css → other@2', 'stylelint "**/*.css" → test', 'stylelint --custom-formatter ./x a → other@2 read:./x'] },
  { names: 'nyc c8', class: 'test', stops: true, options: '-r,--reporter= --all --check-coverage --lines= --branches= --functions= --statements= --include= --exclude= -x= --silent --reports-dir=:write -o=:write --temp-directory=:write --report-dir=:write --help:shows --version:shows', operands: 'command', examples: ['c8 mocha → test runs:1', 'nyc --reporter=text npm test → test runs:2'] },
  { names: 'pytest py.test', class: 'test', operands: 'read*', options: '-qvxslh -k= -m= -n= -r= -W=:noted --tb= --maxfail= --durations= --durations-min= --verbose --quiet --exitfirst --lf --last-failed --ff --failed-first --nf --sw --stepwise --co --collect-only --cov? --cov-report=:plain --cov-fail-under= --no-cov --cov-branch --cov-append --capture= --show-capture= --no-header --no-summary --strict --strict-markers --strict-config --color= --disable-warnings --disable-pytest-warnings --timeout= --numprocesses= --dist= --random-order --reruns= --ignore= --ignore-glob= --deselect= --import-mode= --markers --fixtures --fixtures-per-test --setup-show --setup-only --doctest-modules --benchmark-disable --benchmark-skip --asyncio-mode= --showlocals --full-trace --no-showlocals --forked --basetemp=:write --junitxml=:write --junit-xml=:write --report-log=:write --snapshot-update:other -p=:noted -c=:config --config-file=:config --rootdir=:base --confcutdir=:base --pdb:other --pdbcls=:other --trace:other --version:shows --help:shows -V:shows', also: (parsed, draft) => {
    const plugin = parsed.options.find((option) => option.id === 'p' && !/^no:[\w.-]+$/u.test(option.value ?? ''));
    if (plugin !== undefined) draft.worsen('other', plugin.valueAt);
    const root = parsed.option('rootdir');
    if (root !== undefined) draft.worsen('other', root.valueAt);
    warnsByModule(parsed, draft);
  }, examples: ['pytest --cov-report=html:/x → other@1', 'pytest --cov-report term-missing → test', 'pytest @args → other@1', 'pytest -W error::evil.Warning → other@2', 'pytest -W ignore::DeprecationWarning → test', 'pytest -q → test', 'pytest -p evilplugin -q → other@2', 'pytest -pevil → other@1', 'pytest -p no:cacheprovider → test', 'pytest -c ../x.ini → other@2', 'pytest --rootdir=/tmp/x → other@1', 'pytest tests/test_a.py::test_b -x → test', 'pytest --override-ini=a=b → other@1'] },
  { names: 'mypy pyright basedpyright pyre ty', class: 'test', operands: 'read*', options: '-vi -p,--package= -m,--module= --project=:config --strict --ignore-missing-imports --no-incremental --show-error-codes --hide-error-codes --pretty --no-error-summary --python-version= --platform= --pythonversion= --pythonplatform= --warnings --stats --outputjson --level= --exclude= --explicit-package-bases --namespace-packages --check-untyped-defs --disallow-untyped-defs --no-implicit-optional --follow-imports= --cache-dir=:write --show-traceback --sqlite-cache --config-file=:config --install-types:other --non-interactive:other --python-executable=:program --pythonpath=:program --any-exprs-report=:write --html-report=:write --junit-xml=:write -c=:code -h,--help:shows -V,--version:shows', examples: ['mypy src → test', 'mypy --install-types → other@1', 'mypy --python-executable ./x a → other@2 read:./x'] },
  { names: 'ruff', commands: [
    { names: 'check', class: 'test', operands: 'read*', options: '-qsvn --select= --ignore= --extend-select= --extend-ignore= --diff --no-fix --output-format= --statistics --show-files --show-settings --no-cache --isolated --preview --no-preview --target-version= --exclude= --extend-exclude= --force-exclude --exit-zero --exit-non-zero-on-fix -e --watch -w --config=:config --fix:other --fix-only:other --unsafe-fixes:other --add-noqa:other -o,--output-file=:write --cache-dir=:write -h,--help:shows', also: (parsed, draft) => writesOperands(parsed, draft, 'fix'), examples: ['ruff check . → test', 'ruff check --fix . → other@2 write:./**(some)'] },
    { names: 'format', class: checksOrWrites, operands: 'read*', options: '--check:noted --diff:noted -q --line-length= --target-version= --exclude= --config=:config', also: writesUnlessChecking, examples: ['ruff format --check . → test', 'ruff format . → other@1 write:./**(some)'] },
    { names: 'rule config linter version help analyze', class: 'read', anyOption: true, examples: ['ruff rule E501 → read'] },
    { names: 'clean server', anyOption: true, examples: ['ruff clean → other@1'] },
  ], options: '--version:shows -V:shows', examples: ['ruff --version → read'] },
  { names: 'black isort autopep8 yapf autoflake pyupgrade', class: checksOrWrites, operands: 'read*', options: '-qvlSCt --check:noted --diff:noted -c:noted -d:noted --check-only:noted -l,--line-length= -t,--target-version= --profile= --fast --safe --quiet --verbose --color --no-color --include= --exclude= --extend-exclude= --force-exclude= -j= --workers= --skip-string-normalization --preview --config=:config -h,--help:shows --version:shows -r --recursive -i:other --in-place:other', also: (parsed, draft) => {
    if (parsed.words[0]?.text === 'black' && parsed.has('c')) draft.worsen('unreadable', parsed.option('c')?.at ?? 0);
    else writesUnlessChecking(parsed, draft);
  }, examples: ['black --check . → test', 'black . → other@0 write:./**(some)', 'isort --check-only src → test', 'autopep8 -i --diff a → other write:a/**(some)'] },
  { names: 'flake8 pylint', class: 'test', operands: 'read*', options: '-qvjE --select= --ignore= --extend-ignore= --max-line-length= --max-complexity= --exclude= --statistics --count --show-source --format= -j,--jobs= -d,--disable= -e,--enable= --errors-only --reports= -r= --score= -s= --fail-under= --output-format= -f= --rcfile=:config --config=:config --output=:write --output-file=:write --tee --recursive= --ignore-patterns= --load-plugins=:other --init-hook=:other --persistent= -h,--help:shows --version:shows', examples: ['flake8 src → test', "pylint --init-hook='x' a → other@1"] },
  { names: 'coverage', commands: [
    { names: 'run', class: 'test', stops: true, options: '-pa --branch --source= --omit= --include= --parallel-mode --append -m=:noted --rcfile=:config --data-file=:write --timid', operands: 'read data*', also: (parsed, draft) => {
      const module = parsed.option('m');
      if (module === undefined ? !/(?:^|\/)(?:test_\w+|\w+_test|manage)\.py$/u.test(parsed.operand(0) ?? '') : !/^(?:pytest|unittest)$/u.test(module.value ?? '')) draft.worsen('other', module?.valueAt ?? parsed.operands[0] ?? parsed.at);
    }, examples: ['coverage run -m pytest → test', 'coverage run x.py → other@2 read:x.py'] },
    { names: 'report debug', class: 'read', operands: 'read*', options: '-mi --show-missing --skip-covered --skip-empty --fail-under= --omit= --include= --precision= --sort= --format= --rcfile=:config', examples: ['coverage report -m → read'] },
    { names: 'html xml json lcov annotate combine erase', anyOption: true, examples: ['coverage html → other@1'] },
  ], options: '--version:shows', examples: [] },
  { names: 'tox nox', class: 'test', operands: 'data*', options: '-pqvrl -e= -s= -k= --parallel --recreate --skip-missing-interpreters --list --listenvs --reuse-existing-virtualenvs -R -h,--help:shows --version:shows', examples: ['tox -e py312 → test', 'nox -f ./x.py → other@2'] },
  { names: 'rspec minitest cucumber', class: 'test', operands: 'read*', options: '-cbnw -e,--example= -t,--tag= -f,--format= -P,--pattern= --fail-fast? --only-failures --next-failure --seed= --order= --profile? --dry-run --no-color --color --force-color --bisect? -h,--help:shows -v,--version:shows -o,--out=:write -r,--require=:program -I=:program -O,--options=:config', examples: ['rspec spec/a_spec.rb → test', 'rspec -r ./x → other@2 read:./x'] },
  { names: 'rubocop standardrb reek brakeman', class: 'test', operands: 'read*', options: '-lLDSPE --lint --format= -f= --only= --except= --parallel --no-color --color --display-cop-names --fail-level= -c,--config=:config -a:other -A:other -x:other --autocorrect:other --auto-correct:other --autocorrect-all:other --auto-gen-config:other -o=:write --out=:write -r=:program --require=:program -h,--help:shows -v,--version:shows -V:shows', examples: ['rubocop → test', 'rubocop -a → other@1', 'rubocop -r ./x → other@2 read:./x'] },
  { names: 'phpunit pest phpstan psalm phpcs php-cs-fixer', class: 'test', operands: 'read*', options: '-lvns --filter= --testsuite= --group= --exclude-group= --colors? --stop-on-failure --testdox --no-coverage --debug --level= -l= --memory-limit= --no-progress --error-format= --standard=:plain -c,--configuration=:config --dry-run:noted --diff:noted --bootstrap=:program --coverage-html=:write --log-junit=:write -h,--help:shows --version:shows', also: (parsed, draft) => {
    if (parsed.words[0]?.text === 'php-cs-fixer' && !parsed.has('dry-run')) draft.worsen('other', parsed.operands[0] ?? 0);
  }, examples: ['phpunit --filter x → test', 'phpunit --bootstrap ./x → other@2 read:./x', 'php-cs-fixer fix → other@1', 'phpstan analyse src → test', 'phpcs --standard=/tmp/x a → other@1', 'phpcs --standard=PSR12 src → test'] },
  { names: 'golangci-lint', commands: [
    { names: 'run', class: 'test', operands: 'read*', options: '-v --timeout= -E= -D= --enable= --disable= --enable-all --fast --new --new-from-rev= --out-format=:plain --max-issues-per-linter= --max-same-issues= --tests --build-tags= --skip-dirs= -c,--config=:config --fix:other', examples: ['golangci-lint run --out-format json:x.json → other@3', 'golangci-lint run ./... → test', 'golangci-lint run --fix → other@2'] },
    { names: 'linters version help config', class: 'read', anyOption: true, examples: ['golangci-lint linters → read'] },
    { names: 'custom fmt cache', anyOption: true, examples: ['golangci-lint custom → other@1'] },
  ], examples: [] },
  { names: 'ctest', class: 'test', operands: 'data*', options: '-VvNQFH -j?,--parallel? -R,--tests-regex= -E,--exclude-regex= -L,--label-regex= -LE= -C,--build-config= -I,--tests-information= --output-on-failure --stop-on-failure --rerun-failed --progress --timeout= --repeat= --schedule-random --show-only? --no-tests= --quiet --verbose --extra-verbose --preset= --test-dir=:base -O,--output-log=:write -S=:program -SP=:program --help:shows --version:shows', examples: ['ctest --output-on-failure → test', 'ctest -S x.cmake → other@2 read:x.cmake', 'ctest -j8 → test'] },
  { names: 'bats shellspec', class: 'test', operands: 'read*', options: '-cjprtT --count --filter= -f= --jobs= --pretty --recursive --tap --timing --formatter=:plain --help:shows --version:shows', examples: ['bats test → test'] },
  { names: 'pre-commit lefthook husky lint-staged', named: 'all', anyOption: true, examples: ['pre-commit run → other@1'] },
  { names: 'gotestsum ginkgo', class: 'test', operands: 'data*', options: '-rvp --format= -f= --junitfile=:write --race --cover --fail-fast --keep-going --help:shows', also: (parsed, draft) => {
    const at = parsed.words.findIndex((word) => /^-?-(?:exec|toolexec|raw-command|post-run-command|vettool)/u.test(word.text ?? ''));
    if (at > 0) draft.worsen('other', parsed.words.length - 1);
  }, examples: ['gotestsum --format=dots → test', 'gotestsum -- -exec=./x ./... → other@3'] },
];

/** With the option that writes, every operand (or the present folder) is written, as far as there is something to mend */
function writesOperands(parsed: Parsed, draft: Draft, id: string): void {
  const option = parsed.option(id);
  if (option === undefined) return;
  if (parsed.operands.length === 0) draft.path('write', '.', undefined, option.at, { recursive: true, some: true });
  for (const at of parsed.operands) draft.path('write', parsed.words[at]?.text ?? null, parsed.words[at], option.at, { recursive: true, some: true });
}

/** A formatter: a test where it only checks, else it writes its operands */
function checksOrWrites(parsed: Parsed): 'test' | 'other' {
  const checks = parsed.options.some((option) => ['check', 'diff', 'check-only', 'c', 'd'].includes(option.id));
  return checks && !parsed.options.some((option) => option.id === 'in-place' || option.id === 'i') ? 'test' : 'other';
}

function writesUnlessChecking(parsed: Parsed, draft: Draft): void {
  if (checksOrWrites(parsed) === 'test') return;
  for (const at of parsed.operands) draft.path('write', parsed.words[at]?.text ?? null, parsed.words[at], parsed.at, { recursive: true, some: true });
}

/** `-W action::package.Category` imports the package */
export function warnsByModule(parsed: Parsed, draft: Draft): void {
  for (const option of parsed.options) {
    if (option.id === 'W' && !/^\w*(?::[^:]*(?::\w*(?::.*)?)?)?$/u.test(option.value ?? ':::.')) draft.worsen('other', option.valueAt);
  }
}
