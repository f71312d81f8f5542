import assert from 'node:assert/strict';
import { evaluate } from '../../../../../src/core/evaluate.ts';
import { policy, session } from '../../decide/given.ts';
import { machine } from './reading.ts';

const scripts = '{"scripts":{"test":"mocha"}}';
const surroundings = machine({ '/ws/package.json': scripts, '/ws/.git/HEAD': 'ref: refs/heads/main', '/ws/node_modules/.bin/tsc': '#!', '/ws/node_modules/.bin/eslint': '#!', '/ws/packages/a/package.json': scripts, '/tmp/node_modules/.bin/evil': '#!', '/node_modules/.bin/above': '#!' });

function decided(command: string): string {
  return evaluate({ tool: 'run_command', input: { command } }, surroundings, policy({ mode: 'dangerous_only', rules: [] }), session).decision;
}

function answers(wanted: string, commands: readonly string[]): void {
  for (const command of commands) it(`${command} → ${wanted}`, () => assert.equal(decided(command), wanted));
}

describe('names that one command lists for another', () => {
  answers('allow', [
    "find . -name '*.ts' -print0 | xargs -0 grep foo", "find src test -type f -name '*.ts' -not -path '*/node_modules/*' -print0 | xargs -0 -n 5 wc -l", "find . -maxdepth 3 -name '*.ts' ! -name '*.d.ts' -size +1k -print0 | xargs -0 head -5",
    "git ls-files -z '*.ts' | xargs -0 wc -l", "git ls-files -z -- 'src/*.ts' '*.js' | xargs -0 grep -n foo",
  ]);
  // a folder called `x ` makes two names of one, a file called `--compress-program=x.ts` an option, and a secret has no extension
  answers('ask', [
    "find . -name '*.ts' | xargs grep foo", 'git ls-files | xargs cat', 'cat $(git ls-files)', "find src -name '*.ts' | while read f; do cat \"$f\"; done", 'for f in $(git ls-files); do cat $f; done', "git ls-files '*.ts' | xargs -0 cat", "find src -name '*.ts' | xargs -d '\\n' cat", "git ls-files -z '*.ts' | xargs cat",
    "git ls-files -z '*.ts' | xargs -0 sort", 'git ls-files -z | xargs -0 cat', "git ls-files -z '*' | xargs -0 cat", "git ls-files -z '.env*' | xargs -0 cat", "git ls-files -z '*.pem' | xargs -0 cat", "git ls-files -o -z '*.ts' | xargs -0 cat", "git ls-files -z ../x.ts | xargs -0 cat", "git ls-files -z ':/*.ts' | xargs -0 cat",
    "find . -name '*' -print0 | xargs -0 cat", "find . -type f -print0 | xargs -0 cat", "find . -not -name '*.ts' -print0 | xargs -0 cat", "find . ! -name '*.ts' -print0 | xargs -0 cat", "find . -name '*.ts' -o -name '.env' -print0 | xargs -0 cat", "find . -name '*.ts' -print0 -o -print0 | xargs -0 cat", "find . -name '*.ts' , -print0 | xargs -0 cat",
    "find / -name '*.ts' -print0 | xargs -0 cat", "find ../.. -name '*.ts' -print0 | xargs -0 cat", "find . -name '*.ts' -print0 | xargs -0 sh -c 'cat \"$@\"'", "find . -name '*.ts' -print0 | xargs -0 rm", "X=1 find . -name '*.ts' -print0 | xargs -0 cat", "find() { echo /etc/passwd; }; find . -name '*.ts' -print0 | xargs -0 cat",
  ]);
});

describe('programs that the packages of the workspace bring', () => {
  answers('allow', ['npx tsc --noEmit', 'npx tsc --version', 'npx eslint src', 'cd packages/a && npx tsc --noEmit', 'npx -q tsc --noEmit', 'FORCE_COLOR=0 npx eslint .', './gradlew test', './mvnw -q test']);
  answers('ask', ['npx jest', 'npx tsc', 'npx eslint --fix .', 'npx -y tsc --noEmit', 'npx -p evil tsc --noEmit', 'npx tsc@latest --noEmit', 'npx ../../tmp/evil', 'npx above', 'cd /tmp && npx evil', 'cd "$X" && npx tsc --noEmit', 'npx --prefix /tmp tsc --noEmit', 'npx -w a tsc --noEmit', 'npx -c "tsc --noEmit; rm x"', 'pnpx tsc --noEmit', 'npm_config_prefix=/tmp npx tsc --noEmit', 'npx "$X"', 'npx .', 'cd /tmp && ./gradlew test', '/tmp/gradlew test', './gradlew publish']);
});

describe('substitutions whose output is certain', () => {
  answers('allow', ['ls $(dirname src/a.ts)', 'cat "$(dirname src/a.ts)/b.ts"', 'cat $(basename /etc/x.ts)', 'cat src/$(basename a/b.js .js).ts', 'cd "$(git rev-parse --show-toplevel)" && npm test', 'cd packages/a && cd $(git rev-parse --show-toplevel) && npm test', 'd=$(dirname src/a.ts); ls $d']);
  answers('ask', [
    'cat $(dirname /etc/x)/shadow', 'ls $(dirname ../../x)', '$(basename x/rm) -rf a', 'dirname() { echo /etc; }; cat $(dirname a/b)/passwd', 'alias dirname=x; cat $(dirname a/b)', 'PATH=.; cat $(dirname a/b)', 'cat $(PATH=. dirname a/b)', 'cat $(dirname "$x/y")', "cat $(dirname 'a /etc/passwd/x')", 'x="a /etc"; cat $(dirname $x/y)', 'cat $(dirname -z a/b)', 'cat $(dirname a b)',
    'cat $(dirname ~/x/y)/z', 'cat $(basename .env.x .x)', 'cat $(dirname a/b; echo /etc/passwd)', 'cat $(dirname {/etc,a}/x)/b', 'cat $(dirname */x)/b', 'IFS=/; cat $(dirname a/b/c)', 'cd $(git rev-parse --show-toplevel) && cat ../x', 'cd /tmp && cat "$(git rev-parse --show-toplevel)/x"', 'export GIT_DIR=/x; cd "$(git rev-parse --show-toplevel)" && npm test', 'cat $(git rev-parse --show-toplevel --git-dir)',
  ]);
  answers('deny', ['rm -rf "$(git rev-parse --show-toplevel)"', 'rm -rf $(dirname /x)', 'rm -rf $(dirname a)']);
});
