import type { Draft } from './draft.ts';
import { staysBelow } from './readByRow.ts';
import type { Parsed, Row } from './row.ts';

const goBuild = '-v -x -n -a -race -msan -asan -cover -trimpath -p= -tags= -ldflags=:noted -gcflags=:noted -asmflags=:noted -mod=:noted -modcacherw -buildvcs= -buildmode= -covermode= -coverpkg= -compiler= -installsuffix= -pgo= -json -work -C=:base -o=:write -exec=:runs -toolexec=:runs -vettool=:program -overlay=:program -modfile=:program -pkgdir=:write -help:shows';
const cargoBuild = '-qvrlF -q,--quiet -v,--verbose -r,--release --all-targets --lib --bins --examples --tests --benches --all --workspace --all-features --no-default-features -F,--features= -p,--package= --exclude= --bin= --example= --test= --bench= --profile= -j,--jobs= --keep-going --no-run --no-fail-fast --doc --message-format= --color= --frozen --locked --offline --target= --future-incompat-report --unit-graph --timings? --ignore-rust-version --config=:noted --manifest-path=:base --target-dir=:write --artifact-dir=:write -Z=:other -C=:base --lockfile-path=:program -h,--help:shows';

/** Compilers and builders. What checks or tests is a test; what writes results the project asks for is `other` */
export const buildToolRows: readonly Row[] = [
  {
    names: 'make gmake bmake', class: (parsed) => (parsed.operands.length > 0 && parsed.operands.every((at) => /^(?:test|tests|check|lint|typecheck|vet|coverage|unit|test[-_.:]\w[\w-]*|check[-_.:]\w[\w-]*|lint[-_.:]\w[\w-]*)$/u.test(parsed.words[at]?.text ?? '/') && !/fix|update/u.test(parsed.words[at]?.text ?? '')) ? 'test' : parsed.has('dry-run') ? 'test' : 'other'), operands: 'noted*',
    options: '-BikmrRsStqwbdp -n,--just-print,--dry-run:noted --recon -j?,--jobs? -l? --load-average? -O? --output-sync? --silent --quiet --keep-going --always-make --ignore-errors --print-directory --no-print-directory --warn-undefined-variables --trace --debug? --question --touch:other --no-builtin-rules --no-builtin-variables -C,--directory=:base -f,--file,--makefile=:noted -I=:noted --include-dir=:noted -o= --old-file= -W= --what-if= --eval=:other -E=:other -e,--environment-overrides:other -h,--help:shows -v,--version:shows',
    also: makes,
    examples: ['make test → test@0', 'make SHELL=./x test → other@2', 'make -C /tmp/evil test → test read:/tmp/evil', 'make -C sub test → test', 'make → other@0', 'make build → other@0', "make --eval='x' test → other", 'make -f ../x test → other@2 read:../x', 'make -f build/test.mk test → test', 'make -j8 check → test', 'make lint test → test@0', 'make install → other@0'],
  },
  { names: 'ninja samu bazel bazelisk buck buck2 pants please waf scons meson xmake premake5 task just mage rake ant gradle gradlew mvn mvnw sbt mill lein stack cabal dart rails nx turbo grunt gulp webpack vite rollup esbuild parcel next nuxt astro gatsby tsup unbuild swc babel sass postcss tailwindcss ng expo react-native storybook remix wrangler hugo jekyll mkdocs sphinx-build pandoc latexmk pdflatex xelatex lualatex tex cmake autoconf automake configure gcc g++ cc c++ clang clang++ ld as rustc javac ocaml dune opam swiftc fpc nasm protoc buf thrift flatc', class: (parsed) => (buildTest(parsed) ? 'test' : onlyShows(parsed) ? 'read' : 'other'), named: 'operand', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    if (buildTest(parsed)) draft.worsen('test', parsed.words.length - 1);
    else if (!onlyShows(parsed)) draft.worsen('other', Math.max(0, parsed.words.findLastIndex((word) => word.text === null || word.text.startsWith('-'))));
    for (let i = 1; i < parsed.words.length; i += 1) {
      const text = parsed.words[i]?.text;
      if (text === '-o' || text === '--output') draft.path('write', parsed.words[i + 1]?.text ?? null, undefined, i + 1);
      else if (typeof text === 'string' && /^(?:\.\.\/|\/|~)/u.test(text)) draft.path('read', text, undefined, i);
    }
  }, examples: ['gcc a.c -o a → other write:a', 'mvn -q test → test@2', 'gradle test → test@1', './gradlew test → test', 'cmake --version → read', 'vite build → other@1', 'mvn -Dexec=x test → other', 'rustc --version → read', 'gcc -o a -B ./x a.c → other write:a', 'turbo run lint → test@2', 'nx test app → test@2', 'mvn test -Dx=y → other@2', 'nx test a ../b → other'] },
  {
    names: 'cargo', here: 'trusts', verbAliases: 't=test c=check b=build r=run d=doc rm=remove', options: '-q,--quiet -v,--verbose --color= --frozen --locked --offline --list:shows --explain=:shows --config=:noted -Z=:other -C=:base -V,--version:shows -h,--help:shows',
    also: cargoConfig,
    commands: [
      { names: 'test check clippy bench doc', class: 'test', inherits: true, options: `${cargoBuild} --fix:other --open:other --no-deps --document-private-items`, operands: 'data*', also: cargoConfig, examples: ['cargo check --all-targets → test@1', 'cargo test --config target.x.runner=./evil → other@3', 'cargo test --config=a → other@2', 'cargo clippy --fix → other@2', 'cargo +nightly test → other', 'cargo test foo -- --nocapture → test'] },
      { names: 'fmt', class: (parsed) => (parsed.has('check') || (parsed.operands.length === 1 && parsed.operand(0) === '--check') ? 'test' : 'other'), inherits: true, options: '--check:noted --all -p,--package= -v -q --message-format= --manifest-path=:base', operands: 'data*', examples: ['cargo fmt --check → test', 'cargo fmt --all -- --check → test', 'cargo fmt → other@1'] },
      { names: 'build run rustc rustdoc expand nextest', inherits: true, anyOption: true, stops: true, options: cargoBuild, operands: 'data*', also: cargoConfig, examples: ['cargo build → other@1', 'cargo run → other@1'] },
      { names: 'tree metadata pkgid locate-project verify-project version read-manifest search info', class: 'read', inherits: true, anyOption: true, options: '--manifest-path=:base --index=:other --registry=:other', operands: 'data*', examples: ['cargo tree → read', 'cargo metadata --format-version 1 → read'] },
      { names: 'publish yank owner login logout', inherits: true, anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.at, { provider: 'crates.io' }), examples: ['cargo publish --no-verify → other@1 export:crates.io'] },
      { names: 'add remove update install uninstall fix new init clean package vendor fetch generate-lockfile upgrade set-version', inherits: true, anyOption: true, named: 'last', operands: 'data*', also: (parsed, draft) => draft.fetch(undefined, parsed.at, { provider: 'crates.io' }), examples: ['cargo add serde → other@2'] },
    ],
    examples: ['cargo --version → read', 'cargo foo → other@1'],
  },
  { names: 'rustup', options: '-v -q -V,--version:shows -h,--help:shows', commands: [
    { names: 'show which check', class: 'read', anyOption: true, examples: ['rustup show → read'] },
    { names: 'run', stops: true, named: 'all', operands: 'data command', examples: ['rustup run nightly rm x → other runs:3'] },
    { names: 'update default toolchain target component override self install uninstall set completions', named: 'all', anyOption: true, examples: ['rustup update → other@1'] },
  ], examples: [] },
  {
    names: 'go', here: 'trusts', style: 'long', options: '-C=:base -h:shows -help:shows',
    commands: [
      { names: 'test', class: 'test', style: 'long', options: `${goBuild} -run= -bench= -benchtime= -benchmem -count= -cpu= -failfast -fuzz= -fuzztime= -list= -parallel= -short -shuffle= -skip= -timeout= -vet= -args:noted -test.run= -test.v -c:other -coverprofile=:write -cpuprofile=:write -memprofile=:write -blockprofile=:write -mutexprofile=:write -trace=:write -outputdir=:write -i:other`, operands: 'data*', also: goFlags, examples: ["go test -ldflags='-extld=./x' ./... → other@2", 'go test -gcflags=all=-N ./... → test', 'go test -mod=mod ./... → other@2', 'go test /tmp/x/... → test read:/tmp/x', 'go test ./... → test@1', 'go test -exec ./x ./... → other@3 script:./x', 'go test -exec=./evil ./... → other@2 script:./evil', 'go test -toolexec=./evil ./... → other script:./evil', 'go test -coverprofile=c.out ./... → other@2 write:c.out', 'go test --exec=./x → other script:./x'] },
      { names: 'vet', class: 'test', style: 'long', options: goBuild, operands: 'data*', also: goFlags, examples: ['go vet ./... → test', 'go vet -vettool=./x ./... → other@2 read:./x'] },
      { names: 'build', class: 'test', style: 'long', options: goBuild, operands: 'data*', also: goFlags, examples: ['go build ./... → test', 'go build -o x . → other@3 write:x', 'go build -ldflags="-X a=b" ./... → test'] },
      { names: 'version env list doc help', class: 'read', style: 'long', options: `-m -json -f= -deps -test -e -u -versions -all -src -short -cmd -changed -w:other -u:other -export -find -compiled -retracted ${goBuild}`, operands: 'data*', also: (parsed, draft) => {
        goFlags(parsed, draft);
        if (parsed.words[parsed.at]?.text === 'env' && parsed.words.some((word) => word.text === '-w' || word.text === '-u')) draft.worsen('other', parsed.words.length - 1);
      }, examples: ['go version → read', 'go env GOPATH → read', 'go env -w A=b → other@3', 'go list -m all → read', 'go list -mod=mod → other@2'] },
      { names: 'fmt generate run install get mod work clean fix tool bug telemetry', style: 'long', anyOption: true, named: 'all', options: '-exec=:runs -toolexec=:runs', operands: 'noted*', examples: ['go generate ./... → other@2', 'go run . → other@2', 'go mod tidy → other@2'] },
    ],
    examples: [],
  },
  { names: 'gofmt goimports', class: (parsed) => (parsed.has('w') ? 'other' : 'read'), operands: 'read*', options: '-l -d -e -s -r= -w:noted -local= -cpuprofile=:write', style: 'long', also: (parsed, draft) => {
    if (parsed.has('w')) for (const at of parsed.operands) draft.path('write', parsed.words[at]?.text ?? null, parsed.words[at], at, { recursive: true, some: true });
  }, examples: ['gofmt -l . → read', 'gofmt -w a.go → other write:a.go/**(some)'] },
  { names: 'dotnet', options: '--version:shows --info:shows --list-sdks:shows --list-runtimes:shows -h,--help:shows', commands: [
    { names: 'test', class: 'test', operands: 'read*', options: '-v= -c= -f= -r= --verbosity= --configuration= --framework= --filter= -t --list-tests --no-build --no-restore --nologo --collect= --blame --arch= --os= -l=:noted --logger=:noted --results-directory=:write -o=:write --output=:write -s=:program --settings=:program --test-adapter-path=:program -d=:write --diag=:write -p=:other --property=:other', examples: ['dotnet test → test@1', 'dotnet test -p:X=y → other', 'dotnet test --filter A → test'] },
    { names: 'build restore run publish clean pack add remove new tool watch exec format list workload sln nuget msbuild vstest fsi store user-secrets dev-certs ef', anyOption: true, named: 'operand', examples: ['dotnet build → other@1', 'dotnet nuget push x → other@2'] },
  ], examples: ['dotnet --version → read'] },
  { names: 'mix', options: '--version:shows --help:shows', commands: [
    { names: 'test', class: 'test', operands: 'read*', options: '-v --only= --exclude= --include= --stale --failed --trace --seed= --max-failures= --cover --color --no-color --no-compile --no-deps-check --slowest= --timeout= --partitions= --warnings-as-errors', examples: ['mix test → test@1', 'mix test --require ./x → other@3'] },
    { names: 'format', class: (parsed) => (parsed.has('check-formatted') ? 'test' : 'other'), operands: 'read*', options: '--check-formatted:noted --dry-run', examples: ['mix format --check-formatted → test', 'mix format → other@1'] },
    { names: 'credo dialyzer', class: 'test', operands: 'data*', options: '--strict --format= -a --all', examples: ['mix credo → test'] },
    { names: 'hex.publish', anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.at, { provider: 'hex.pm' }), examples: ['mix hex.publish → other@1 export:hex.pm'] },
  ], examples: ['mix deps.get → other@1'] },
  { names: 'swift', options: '--version:shows --help:shows', language: 'swift', commands: [
    { names: 'test', class: 'test', options: '-v -q --filter= --skip= --parallel --enable-code-coverage -c= --configuration= --package-path=:base --num-workers= --list-tests --skip-build --enable-test-discovery', examples: ['swift test → test@1', 'swift test -Xswiftc x → other@3'] },
    { names: 'build run package repl sdk', anyOption: true, named: 'all', examples: ['swift build → other@1'] },
  ], examples: [] },
  { names: 'xcodebuild flutter', class: (parsed) => (/^(?:test|analyze)$/u.test(parsed.operand(0) ?? '') ? 'test' : 'other'), named: 'last', anyOption: true, style: 'long', operands: 'data*', options: '-scheme= -destination= -project= -workspace= -version:shows', examples: ['xcodebuild -scheme A test → test', 'flutter test → test@1', 'flutter build apk → other'] },
  { names: 'zig', options: '', commands: [
    { names: 'test', class: 'test', operands: 'read*', options: '-O= --test-filter=', examples: ['zig test a.zig → test'] },
    { names: 'fmt', class: (parsed) => (parsed.has('check') ? 'test' : 'other'), operands: 'read*', options: '--check:noted', examples: ['zig fmt --check . → test', 'zig fmt . → other@1'] },
    { names: 'version env targets zen', class: 'read', examples: ['zig version → read'] },
    { names: 'build', class: (parsed) => (parsed.operands.length === 1 && parsed.operand(0) === 'test' ? 'test' : 'other'), operands: 'data*', options: '-j=', examples: ['zig build test → test', 'zig build --build-file x test → other'] },
  ], examples: ['zig build → other@1'] },
  { names: 'patch', named: 'last', anyOption: true, options: '-i,--input=:read -o,--output=:write -d,--directory=:base -r,--reject-file=:write -B= --dry-run:noted -p= -F= -D= -V= -Y= -z= -g=', operands: 'noted read', also: (parsed, draft) => {
    const at = parsed.words.length - 1;
    draft.worsen('other', at);
    const target = parsed.operands[0];
    if (target !== undefined) draft.path('write', parsed.words[target]?.text ?? null, parsed.words[target], target);
    else if (!parsed.has('dry-run')) draft.unknown('it writes whatever the patch names', at);
  }, examples: ['patch -p0 → other@1 unknown', 'patch a x.diff → other@2 write:a read:x.diff'] },
];

/** `gradle test`, `mvn -q test`, `turbo run lint`: only plain words that name tests, and options that cannot steer the build */
function buildTest(parsed: Parsed): boolean {
  const name = (parsed.words[0]?.text ?? '').replace(/^.*\//u, '');
  if (!/^(?:gradle|gradlew|mvn|mvnw|sbt|lein|turbo|nx|rake|just|task|ninja|bazel|bazelisk|ant|mill|dune|stack|cabal|dart|rails|ng)$/u.test(name)) return false;
  const words = parsed.words.slice(1).map((word) => word.text);
  if (words.includes(null)) return false;
  const plain = words.filter((word) => word !== null && !word.startsWith('-'));
  const options = words.filter((word) => word?.startsWith('-') === true);
  const runs = plain[0] === 'run' || plain[0] === 'run-many' ? plain.slice(1) : plain;
  if (/^(?:nx|ng)$/u.test(name) && runs.length === 2 && /^[\w@/-]+$/u.test(runs[1] ?? '')) runs.pop();
  return runs.length > 0 && runs.every((word) => /^(?:\/\/[\w/:.-]*|:?(?:[\w-]+:)*(?:test|tests|check|lint|typecheck|spec|verify|unit|runtest|analyze)(?:[:_-][\w-]+)?)$/u.test(word ?? '') && !/fix/u.test(word ?? ''))
    && options.every((option) => /^(?:-q|-B|-v|-k|-n|-o|-ntp|--quiet|--verbose|--offline|--no-daemon|--parallel|--continue|--batch-mode|--info|--stacktrace|--console=\w+|--all|--affected|--no-transfer-progress|-j\d+)$/u.test(option ?? ''));
}

function onlyShows(parsed: Parsed): boolean {
  return parsed.words.length === 2 && /^(?:--version|-version|--help|-V)$/u.test(parsed.words[1]?.text ?? '');
}

function makes(parsed: Parsed, draft: Draft): void {
  for (const option of parsed.options) {
    if (option.id === 'makefile' || option.id === 'I' || option.id === 'include-dir') {
      if (typeof option.value !== 'string' || !staysBelow(option.value) || !/(?:^|\/)(?:GNU)?[Mm]akefile[\w.-]*$|\.ma?k$/u.test(option.value)) draft.worsen('other', option.valueAt);
      if (option.value !== undefined) draft.path('read', option.value, undefined, option.valueAt, { confined: true, recursive: false });
    }
  }
  const last = parsed.operands.at(-1) ?? 0;
  if (parsed.operands.some((at) => /=/u.test(parsed.words[at]?.text ?? '='))) draft.worsen('other', last);
}

/** `--config` of cargo can name programs to run */
function cargoConfig(parsed: Parsed, draft: Draft): void {
  for (const option of parsed.options) if (option.id === 'config') draft.worsen('other', option.valueAt);
}

/** Flags for compiler and linker can name other programs and files to write; and `-mod=mod` mends go.mod */
function goFlags(parsed: Parsed, draft: Draft): void {
  for (const option of parsed.options) {
    const flags = option.id === 'ldflags' || option.id === 'gcflags' || option.id === 'asmflags';
    if (flags && !/^(?:[\w./]*=)?(?:\s*-(?:[swNlm]|X[ =]\s*[\w./=-]+|race|m=\d))*\s*$/u.test(option.value ?? '-o')) draft.worsen('other', option.valueAt);
    if (option.id === 'mod' && option.value !== 'vendor' && option.value !== 'readonly') draft.worsen('other', option.valueAt);
  }
}
