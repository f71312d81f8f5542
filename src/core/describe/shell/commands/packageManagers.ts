import type { Word } from '../command.ts';
import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';

/** Names of scripts that test or check and change nothing, as far as a name can tell */
const testName = /^(?:pre|post)?(?:tests?|spec|specs|lint|check|checks|type-?checks?|types|tsc|e2e|unit|integration|coverage|cov|vitest|jest|mocha|verify|validate|eslint|format-check|ci-test)(?:$|[:._-])|[:._-](?:check|lint|test|typecheck)$/u;
const changingName = /(?:^|[:._-])(?:fix|write|update|u|publish|deploy|release|push|upload|prod)(?:$|[:._-])/u;

/** Whether a script of `package.json` is one of the tests and checks, by its name */
export function isTestScript(name: string): boolean {
  return testName.test(name) && !changingName.test(name) && !/\.[cm]?[jt]sx?$/u.test(name);
}

/** Words handed on to a test that make it load or write something */
const sharpArgument = /^--?(?:config|c|require|r|import|loader|setup\w*|global\w*|plugin|p|rootdir|root|cwd|prefix|fix\w*|write|u|update\w*|o|out\w*|exec\w*|reporter=.*[./].*|script-shell|node-options)(?:=.*)?$/iu;

const common = '-sqdgyDEPfOWtr -e=:code --silent --quiet --verbose --json --long --parseable --no-color --color? --no-fund --no-audit --offline --prefer-offline --loglevel= --workspaces --include-workspace-root --if-present:noted --ignore-scripts --foreground-scripts --no-progress --progress? --yes --depth= --all --production --only= --omit= --include= --global --prefix=:base --dir=:base --cwd=:base -C=:base --script-shell=:runs --shell=:runs --userconfig=:program --globalconfig=:program --registry=:other --node-options=:other --proxy=:other --https-proxy=:other --cache=:other --filter= -F= --recursive --parallel --no-bail --reporter= --stream --top-level --immutable --frozen-lockfile -h,--help:shows -v,--version:shows';
const installs = { anyOption: true, named: 'last', inherits: true } as const;
/** Packages by name belong to the verb, so that a rule for `npm install` covers them; paths, addresses and options do not */
const installsByName = { anyOption: true, inherits: true, operands: 'noted*', also: installsPackages } as const;

const verbAliases = 'i=install in=install isntall=install add=install it=install-test t=test tst=test run=run-script rum=run-script urn=run-script x=exec rm=uninstall r=uninstall un=uninstall remove=uninstall unlink=uninstall up=update upgrade=update udpate=update ln=link c=config s=search se=search find=search la=ls ll=ls list=ls info=view show=view v=view why=explain issues=bugs home=docs author=owner dist-tags=dist-tag add-user=adduser login=adduser create=init innit=init ddp=dedupe rb=rebuild ic=ci clean-install=ci cit=install-ci-test pub=publish';

/** Verbs that all managers of JavaScript packages share */
function verbs(manager: string): Row[] {
  const service = 'npm';
  // All but npm hand unknown options on to the script
  const handsOn = manager === 'npm' ? undefined : ({ anyOption: true } as const);
  return [
    { names: 'test', class: 'test', ...handsOn, inherits: true, operands: 'data*', also: (parsed, draft) => runsScriptNamed('test', parsed.at, manager, parsed, draft, parsed.operands) },
    { names: 'run-script run', class: (parsed) => (parsed.operands.length === 0 ? 'read' : !parsed.has('if-present') && isTestScript(parsed.operand(0) ?? '') ? 'test' : 'other'), ...handsOn, inherits: true, operands: 'data*', named: 'operand', also: (parsed, draft) => {
      const at = parsed.operands[0];
      if (at !== undefined) runsScriptNamed(parsed.words[at]?.text ?? null, at, manager, parsed, draft, parsed.operands.slice(1));
    } },
    { names: 'start stop restart', inherits: true, operands: 'data*', also: (parsed, draft) => runsScriptNamed(parsed.words[parsed.at]?.text ?? null, parsed.at, manager, parsed, draft, parsed.operands) },
    { names: 'exec dlx', anyOption: true, inherits: true, stops: true, named: 'operand', options: '-c,--call=:runs --package=:other', operands: 'command' },
    { names: 'install ci install-test install-ci-test uninstall update link rebuild dedupe prune init version install-links shrinkwrap set-script approve-builds fetch import patch patch-commit unplug workspaces-update', ...installsByName },
    { names: 'pack', ...installs },
    { names: 'view ls explain outdated search ping whoami root prefix bin fund query help help-search doctor licenses info diff', class: 'read', inherits: true, anyOption: true, operands: 'data*', also: (parsed, draft) => {
      const verb = parsed.words[parsed.at]?.text ?? '';
      if (!/^(?:ls|list|ll|la|explain|why|root|prefix|bin|fund|query|help|help-search|licenses)$/u.test(verb)) draft.fetch(undefined, parsed.at, { provider: service });
      if (parsed.words.some((word) => /^--(?:fix|write)/u.test(word.text ?? ''))) draft.worsen('other', parsed.words.length - 1);
    } },
    { names: 'audit', inherits: true, anyOption: true, also: (_, draft) => draft.fetch(undefined, 1, { provider: service }) },
    { names: 'config get set', class: (parsed) => (configVerb(parsed) === 'get' && !/auth|token|password/iu.test(parsed.operand(parsed.operands.length - 1) ?? 'token') ? 'read' : 'other'), inherits: true, anyOption: true, named: 'all', operands: 'data*', also: (parsed, draft) => {
      if (configVerb(parsed) === 'set') draft.path('write', '~/.npmrc', undefined, parsed.words.length - 1);
    } },
    { names: 'pkg', class: (parsed) => (parsed.operand(0) === 'get' ? 'read' : 'other'), inherits: true, anyOption: true, named: 'last', operands: 'data*' },
    { names: 'publish unpublish deprecate undeprecate dist-tag owner access token adduser logout profile team org star unstar hook sbom trust stage', inherits: true, anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.at, { provider: service }) },
    { names: 'docs repo bugs edit explore cache node workspace workspaces foreach env setup store server self-update deploy stats plugin policies set-version npm', inherits: true, anyOption: true, named: 'all', operands: 'noted*', also: (parsed, draft) => {
      // `yarn npm publish`, `yarn workspace a publish`
      if (parsed.operands.some((at) => /^(?:publish|unpublish|login|logout|tag)$/u.test(parsed.words[at]?.text ?? 'publish'))) draft.exports(undefined, parsed.words.length - 1, { provider: service });
    } },
  ];
}

function manager(names: string, options: { verbsShorten?: true; examples: readonly string[]; scripts: boolean }): Row {
  const name = names.split(' ', 1)[0] ?? names;
  return {
    names, here: 'trusts', options: `${common} -m= ${name === 'npm' ? '-w,--workspace=' : '-w --workspace-root --workspace='}`, commands: verbs(name), verbAliases, ...(options.verbsShorten ? { verbsShorten: true } : undefined), examples: options.examples,
    also: (parsed, draft) => {
      // Any other word is the name of a script or of an installed program
      const at = parsed.operands[0];
      const text = at === undefined ? undefined : parsed.words[at]?.text;
      if (!options.scripts || at === undefined || typeof text !== 'string' || isVerb(name, text)) return;
      draft.worsen(isTestScript(text) && !parsed.words.slice(at + 1).some((word) => word.text === null || sharpArgument.test(word.text)) ? 'test' : 'other', at);
      draft.run({ kind: 'npm_script', manager: name, name: text, namedAt: at, ...(draft.base === undefined ? undefined : { cwd: draft.base }), ...(picksPackages(parsed.words, at, name) ? { elsewhere: true } : undefined) });
    },
  };
}

const known = new Map<string, Set<string>>();

function isVerb(name: string, text: string): boolean {
  let names = known.get(name);
  if (names === undefined) {
    names = new Set([...verbs(name).flatMap((row) => row.names.split(' ')), ...verbAliases.split(' ').map((alias) => alias.split('=', 1)[0] ?? '')]);
    known.set(name, names);
  }
  return names.has(text);
}

/** Package managers */
export const packageManagerRows: readonly Row[] = [
  manager('npm', {
    verbsShorten: true, scripts: false,
    examples: [
      'npm test → test@1 npm:npm:test', 'npm t → test@1 npm:npm:test', 'npm run typecheck → test@2 npm:npm:typecheck', 'npm run test:unit -- --reporter=dot → test@2 npm:npm:test:unit', 'npm run build → other@2 npm:npm:build', 'npm run lint:fix → other@2 npm:npm:lint:fix', 'npm run build --if-present → other@2 npm:npm:build', 'npm run → read',
      'npm test --script-shell=./x → other@2 script:./x npm:npm:test', 'npm test --prefix ../x → test read:../x npm:npm:test', 'npm --silent publish → other@2 export:npm', 'npm publish → other@1 export:npm', 'npm publis → other@1 export:npm', 'npm install left-pad @types/node@24 → other@1', 'npm install ./evil-pkg → other@2 read:./evil-pkg', 'npm install someone/package → other@2', 'npm install github:someone/package → other@2', 'npm install https://x.example/a.tgz → other@2', 'npm install --foo a → other@2', 'npm install -D a → other@1', 'npm ci → other@1', 'npm view zod → read', 'npm ls → read', 'npm audit fix → other@1', 'npm test -- --config ./x → other@4 npm:npm:test', 'npm testx → other@1', 'npm exec foo → other@2 runs:2', 'npm --version → read', 'npm config get registry → read', 'npm config set a b → other@4 write:~/.npmrc', 'npm test --foo → other@2 npm:npm:test', 'npm pack → other@1', 'npm run --silent prepare → other@3 npm:npm:prepare', 'npm "$X" → other unknown', 'npm -w a publish → other@3 export:npm',
    ],
  }),
  manager('yarn yarnpkg', { scripts: true, examples: ['yarn test → test@1 npm:yarn:test', 'yarn lint → test@1 npm:yarn:lint', 'yarn test --coverage → test npm:yarn:test', 'pnpm test --config ./x → other npm:pnpm:test', 'yarn build → other@1 npm:yarn:build', 'yarn add x → other@1', 'yarn publish → other@1 export:npm', 'yarn npm publish → other@2 export:npm', 'yarn workspace a publish → other@3 export:npm', 'yarn test --cwd /tmp/evil → test read:/tmp/evil npm:yarn:test', 'yarn → other@0', 'yarn dlx x → other@2 runs:2'] }),
  manager('pnpm', { scripts: true, examples: ['pnpm test → test@1 npm:pnpm:test', 'pnpm -r test → test@2 npm:pnpm:test', 'pnpm lint → test@1 npm:pnpm:lint', 'pnpm add x → other@1', 'pnpm publish → other@1 export:npm', 'pnpm dlx x → other@2 runs:2', 'pnpm exec eslint . → other@2 runs:2'] }),
  { ...manager('bun', { scripts: true, examples: ['bun test --preload ./x → other@3 npm:bun:test', 'bun test -r ./x → other@3 npm:bun:test', 'bun test → test@1 npm:bun:test', 'bun run lint → test@2 npm:bun:lint', 'bun add x → other@1', 'bun x.ts → other@1 npm:bun:x.ts', 'bun -e 1 → unreadable code:bun'] }) },
  { names: 'corepack', stops: true, operands: 'command', named: 'all', examples: ['corepack npm test → other runs:1'] },
  {
    names: 'npx bunx pnpx', class: (parsed) => (parsed.operands.length > 0 && staysHere(parsed) ? 'test' : 'other'), stops: true, named: 'operand', options: '-y,--yes:other -p,--package=:other -c,--call=:runs --no-install:noted --no:noted -q,--quiet --ignore-existing:other --shell=:runs --prefix=:base --userconfig=:program --registry=:other -w= --workspace= --if-present --bun -h,--help:shows -v,--version:shows', operands: 'command',
    also: (parsed, draft) => {
      if (!staysHere(parsed)) draft.fetch(undefined, parsed.operands[0] ?? 0, { provider: 'npm' });
    },
    examples: ['npx --no-install eslint . → test@2 runs:2', 'npx --no-install prettier --write src → test@2 runs:2', 'npx cowsay → other@1 runs:1', 'npx -y foo → other@2 runs:2', "npx -c 'rm x' → other script:rm_x", 'npx --no-install --bogus eslint → other@3 runs:3'],
  },
  { names: 'pip pipx', options: '-qvV --quiet --verbose --python=:program --no-input --isolated --require-virtualenv --disable-pip-version-check --no-color --log=:write --cache-dir=:write --proxy=:other -h,--help:shows --version:shows', commands: [
    { names: 'list show freeze check inspect hash debug help environment', class: 'read', inherits: true, anyOption: true, operands: 'data*', examples: ['pip list → read', 'pip show x → read'] },
    { names: 'config', named: 'all', anyOption: true, examples: ['pip config list → other@2'] },
    { names: 'install uninstall download wheel upgrade inject reinstall ensurepath upgrade-all', ...installsByName, options: '-r=:read --requirement=:read -c=:read --constraint=:read -e=:read --editable=:read -t=:write --target=:write --prefix=:write --root=:write -i=:other --index-url=:other --extra-index-url=:other -f= --find-links=', examples: ['pip install -r requirements.txt → other@1 read:requirements.txt', 'pip install x → other@1', 'pip install ./x → other@2 read:./x', 'pip install --index-url http://e x → other'] },
    { names: 'run', anyOption: true, stops: true, named: 'operand', options: '--spec=:other --pip-args=:other --python=:program', operands: 'noted*', examples: ['pipx run x → other@2'] },
    { names: 'index search cache', anyOption: true, examples: ['pip cache purge → other@1'] },
  ], examples: ['pip --version → read'] },
  { names: 'uvx', stops: true, anyOption: true, named: 'operand', options: '--from=:other --with=:other --index-url=:other -p=', operands: 'noted*', also: (parsed, draft) => draft.fetch(undefined, parsed.operands[0] ?? 0, { provider: 'PyPI' }), examples: ['uvx some-tool → other@1'] },
  { names: 'uv rye pdm poetry pipenv hatch flit maturin', anyOption: true, options: '-q -v --directory=:base --project=:base -C=:base -h,--help:shows -V,--version:shows', commands: [
    { names: 'run', class: (parsed) => (parsed.words[0]?.text === 'uv' ? 'other' : 'test'), anyOption: true, stops: true, named: 'operand', options: '--with=:other --env-file=:program --python= -p= -m=:other --directory=:base --project=:base --extra= --group=', operands: 'command', examples: ['poetry run pytest → test@2 runs:2', 'uv run x → other@2 runs:2'] },
    { names: 'publish upload', anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.at, { provider: 'PyPI' }), examples: ['uv publish → other@1 export:PyPI'] },
    { names: 'show tree list export version check about outdated', class: 'read', anyOption: true, options: '-o,--output=:write --output-file=:write', examples: ['poetry show → read', 'poetry export -o x → other write:x'] },
    { names: 'install add remove sync lock update init new build pip tool python venv self cache config env shell use', ...installsByName, examples: ['uv add x → other@1'] },
  ], examples: [] },
  { names: 'twine', commands: [
    { names: 'upload register', anyOption: true, operands: 'noted*', also: (parsed, draft) => {
      for (const at of parsed.operands) draft.path('read', parsed.words[at]?.text ?? null, parsed.words[at], at);
      draft.exports(parsed.words.find((word, at) => parsed.words[at - 1]?.text === '--repository-url' && word.text !== null)?.text ?? undefined, parsed.at, { provider: 'PyPI' });
    }, examples: ['twine upload dist/* → other@1 export:PyPI read:dist/*'] },
    { names: 'check', class: 'test', operands: 'read*', options: '--strict', examples: ['twine check dist/* → test'] },
  ], examples: [] },
  { names: 'gem', options: '--version:shows -v:shows -h,--help:shows', commands: [
    { names: 'push yank owner signin', anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.at, { provider: 'RubyGems' }), examples: ['gem push x.gem → other@1 export:RubyGems'] },
    { names: 'list search info environment which contents specification outdated', class: 'read', anyOption: true, examples: ['gem list → read'] },
    { names: 'install uninstall update build fetch cleanup exec pristine', ...installs, examples: ['gem install x → other@2'] },
  ], examples: [] },
  { names: 'bundle bundler', options: '-v,--version:shows --help:shows', commands: [
    { names: 'exec', class: 'test', stops: true, operands: 'command', options: '--keep-file-descriptors --gemfile=:program', examples: ['bundle exec rspec → test@1 runs:2'] },
    { names: 'list show info outdated check platform licenses', class: 'read', anyOption: true, examples: ['bundle list → read'] },
    { names: 'install update add remove package config clean init lock open binstubs', ...installs, examples: ['bundle install → other@1'] },
  ], examples: ['bundle → other@0'] },
  { names: 'composer', options: '-nqv --no-interaction -d=:base --working-dir=:base --version:shows -V:shows --help:shows', commands: [
    { names: 'show info outdated licenses validate why why-not depends prohibits search diagnose status', class: 'read', anyOption: true, inherits: true, examples: ['composer show → read'] },
    { names: 'test', class: 'test', inherits: true, operands: 'data*', examples: ['composer test → test'] },
    { names: 'install update require remove create-project dump-autoload run-script run exec global config self-update init', ...installs, examples: ['composer require x → other@2'] },
  ], examples: [] },
  { names: 'brew port', options: '-v --version:shows --help:shows --prefix:shows', commands: [
    { names: 'list ls info search deps uses outdated leaves desc config doctor cat', class: 'read', anyOption: true, operands: 'data*', examples: ['brew list → read', 'brew info x → read'] },
    { names: 'install uninstall upgrade update tap untap link unlink services cleanup pin reinstall cask bundle', ...installs, examples: ['brew install x → other@2'] },
  ], examples: [] },
  { names: 'apt apt-get aptitude yum dnf zypper pacman apk pkg emerge xbps-install choco winget scoop snapd flatpak-builder rpm dpkg', anyOption: true, named: 'all', options: '--version:shows', class: (parsed) => {
    const verb = parsed.words.slice(1).find((word) => word.text !== null && !word.text.startsWith('-'))?.text ?? '';
    const asks = /^(?:list|show|search|info|policy|depends|rdepends|madison|repolist|provides|whatprovides)$/u.test(verb) && !parsed.words.some((word) => word.text === null || /^-(?:-?o|c|-config)/u.test(word.text));
    const lists = /^(?:rpm|dpkg|pacman)$/u.test(parsed.words[0]?.text ?? '') && /^-(?:q[ailcfR]*|l|L|s|S|Q[a-z]*)$/u.test(parsed.words[1]?.text ?? '');
    return asks || lists ? 'read' : 'other';
  }, examples: ['apt list --installed → read', 'apt-get install x → other@2', 'dpkg -l → read', 'pacman -S x → read', 'rpm -qa → read'] },
  { names: 'apt-cache dpkg-query pkg-config pkgconf', class: 'read', anyOption: true, operands: 'data*', examples: ['apt-cache search x → read'] },
  { names: 'vsce ovsx lerna changeset np semantic-release release-it', anyOption: true, stops: true, operands: 'noted*', also: (parsed, draft) => {
    const name = parsed.words[0]?.text ?? '';
    const verb = parsed.operand(0);
    const at = parsed.operands[0] ?? 0;
    if (/^(?:np|semantic-release|release-it)$/u.test(name)) draft.exports(undefined, parsed.words.length - 1, { provider: 'npm' });
    else if (verb === 'publish' || verb === 'unpublish') draft.exports(undefined, at, { provider: name === 'vsce' ? 'Visual Studio Marketplace' : name === 'ovsx' ? 'Open VSX' : 'npm' });
    draft.worsen('other', at);
  }, examples: ['vsce publish → other@1 export:Visual_Studio_Marketplace', 'vsce ls → other@1', 'np → other export:npm'] },
];

/** Whether `npx` runs what is installed here and fetches nothing: told so, or because it is */
function staysHere(parsed: Parsed): boolean {
  if (parsed.has('no-install') || parsed.has('no')) return true;
  const name = parsed.operand(0);
  return parsed.words[0]?.text === 'npx' && typeof name === 'string' && !['package', 'call', 'prefix', 'workspace', 'w', 'ignore-existing'].some((id) => parsed.has(id)) && parsed.context.installed?.(name) === true;
}

function configVerb(parsed: Parsed): string | null | undefined {
  return parsed.words[parsed.at]?.text === 'config' ? parsed.operand(0) : parsed.words[parsed.at]?.text;
}

/** Whether the script is that of other packages of the workspace than the one in this folder; only npm takes options after the name */
function picksPackages(words: readonly Word[], at: number, managerName: string): boolean {
  const end = words.findIndex((word) => word.text === '--');
  const options = words.slice(1, managerName === 'npm' ? (end < 0 ? words.length : end) : at);
  return options.some(({ text }) => /^(?:-w.*|--workspaces?(?:=.*)?|--filter(?:-prod)?(?:=.*)?|-F.*|-r|--recursive|--include-workspace-root)$/u.test(text ?? ''));
}

function runsScriptNamed(name: string | null, at: number, managerName: string, parsed: Parsed, draft: Draft, handedOn: readonly number[]): void {
  if (name === null) {
    draft.unknown('which script it runs is only known when it runs', at);
    return;
  }
  const known = new Set(parsed.options.filter((option) => option.valueAt !== option.at).map((option) => option.valueAt));
  const sharp = parsed.words.findIndex((word, index) => index > at && !known.has(index) && (word.text === null || sharpArgument.test(word.text)) && !parsed.options.some((option) => option.at === index));
  if (sharp >= 0) draft.worsen('other', handedOn.at(-1) ?? Math.max(at, sharp));
  // bun runs tests itself, and what it is told to load before them
  if (managerName === 'bun' && parsed.words.some(({ text }) => /^(?:-r|-c|-l|--(?:preload|require|import|config|env-file|define|loader|plugin|tsconfig-override))(?:=|$)/u.test(text ?? ''))) draft.worsen('other', parsed.words.length - 1);
  draft.run({ kind: 'npm_script', manager: managerName, name, namedAt: at, ...(draft.base === undefined ? undefined : { cwd: draft.base }), ...(picksPackages(parsed.words, at, managerName) ? { elsewhere: true } : undefined) });
}

/** Installing fetches, and runs the scripts of what it fetched */
function installsPackages(parsed: Parsed, draft: Draft): void {
  const known = new Set(parsed.options.flatMap((option) => [option.at, option.valueAt]));
  parsed.words.forEach((word, at) => {
    if (at > parsed.at && !known.has(at) && (word.text === null || !/^@?[\w][\w.@^~/+<>=![\]-]*$/u.test(word.text) || /^[\w.-]+\/[\w.-]+$|:/u.test(word.text))) draft.worsen('other', at);
  });
  const service = /^(?:pip|pipx|uv|rye|pdm|poetry|pipenv|hatch|flit|maturin)/u.test(parsed.words[0]?.text ?? '') ? 'PyPI' : 'npm';
  let named = false;
  for (const at of parsed.operands) {
    const text = parsed.words[at]?.text;
    if (typeof text !== 'string') draft.unknown('which package it installs is only known when it runs', at);
    else if (/^(?:\.{0,2}\/|~\/|file:)/u.test(text)) draft.path('read', text.replace(/^file:(?!\/\/)/u, ''), parsed.words[at], at, { recursive: false });
    else if (/^(?:git\+)?(?:https?|ssh|git):\/\//u.test(text)) {
      draft.fetch(text.replace(/^git\+/u, ''), at);
      named = true;
    }
  }
  if (!named) draft.fetch(undefined, parsed.operands.at(-1) ?? parsed.at, { provider: service });
}
