import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCommand } from '../../../../../../src/core/describe/shell/command.ts';
import type { CommandReading, Word } from '../../../../../../src/core/describe/shell/command.ts';
import { rows } from '../../../../../../src/core/describe/shell/commands/table.ts';
import { splitWords } from './splitWords.ts';

function read(line: string): CommandReading {
  return readCommand(splitWords(line), { stdin: 'none', platform: 'linux' });
}

const programs = rows.flatMap((row) => row.names.split(' '));
const pieces = fc.oneof(
  fc.constantFrom('-', '--', '-c', '-e', '-f', '-i', '-o', '-rf', '-x', '--output=x', '--exec', '-exec', ';', '+', '{}', '/', '.', '~', '*', '..', 'a', 'https://h/x', 'A=1', 'push', 'test', 'run', 'exec', '1e id', '{print > "x"}', 's/a/b/e', '', '@x', ':', '+x', '\u0000', '\n'),
  fc.string({ maxLength: 12 }),
);
const word: fc.Arbitrary<Word> = fc.record({
  text: fc.option(pieces, { freq: 6 }), raw: fc.oneof(pieces, fc.constantFrom('$x', '"$x"', '--a=$x', 'src/$x')), glob: fc.boolean(), quoted: fc.boolean(),
});

describe('reading one command', () => {
  it('any words of any program are read, and what is named stands within them', () => {
    fc.assert(fc.property(fc.constantFrom(...programs), fc.array(word, { maxLength: 8 }), fc.constantFrom('linux', 'darwin', 'win32'), (program, rest, platform) => {
      const words: Word[] = [{ text: program, raw: program, glob: false, quoted: false }, ...rest];
      const reading = readCommand(words, { stdin: 'pipe', platform });
      for (const at of [reading.namedAt, ...reading.effects.map((effect) => effect.namedAt)]) {
        assert.ok(at === Infinity || (Number.isInteger(at) && at >= 0 && at < words.length), `named at ${at}`);
      }
      assert.ok(reading.reading.length > 0);
    }), { numRuns: 20_000 });
  });

  it('no words are no command', () => {
    assert.deepEqual(readCommand([], { stdin: 'none', platform: 'linux' }).effects, []);
  });

  it('an option that a read does not know makes it other, named there', () => {
    for (const line of ['cat a', 'ls', 'head a', 'wc a', 'sort a', 'grep x a', 'diff a b', 'git status', 'git log', 'git diff', 'rg x', 'cut -f1', 'stat a', 'tree', 'jq .', 'file a', 'du', 'find .']) {
      const words = [...splitWords(line), ...splitWords('--zz-unknown')];
      const reading = readCommand(words, { stdin: 'none', platform: 'linux' });
      assert.equal(reading.class, 'other', line);
      assert.equal(reading.namedAt, words.length - 1, line);
    }
  });

  it('a word that may turn out to be an option is no read, unless the program prints whatever it is told', () => {
    for (const line of ['cat', 'sort', 'git log', 'git diff', 'rg x', 'tar tf a', 'find .', 'sed p', 'npm test', 'curl https://h', 'uniq', 'xxd', 'man']) {
      for (const unknown of ['$x', '"$x"', '`x`', '-$x', '--$x']) {
        const reading = read(`${line} ${unknown}`);
        assert.ok(reading.class === 'other' || reading.class === 'unreadable' || reading.effects.some((effect) => effect.kind === 'unknown'), `${line} ${unknown}`);
      }
    }
    for (const line of ['echo $x', 'basename "$x"', 'seq $x', 'sleep $x', 'printf "%s" "$x"', 'true $x', 'which "$x"']) assert.equal(read(line).class, 'read', line);
  });

  it('a file that is only known at run time is a question', () => {
    for (const line of ['cat -- "$x"', 'cat "src/$x"', 'cat -- "$@"', 'rm -- "$x"', 'cp a "b/$x"', 'touch "a$x"', 'tee "a$x"', 'sed p "a$x"', 'grep -e x "a$x"', 'curl -d "@$x" https://h']) {
      assert.ok(read(line).effects.some((effect) => effect.kind === 'unknown'), line);
    }
  });

  it('a value that the shell may split into several words may bring options', () => {
    for (const line of ['git diff --stat=$x', 'git diff --stat=""$x', 'git log "--format=$x"$y', 'git diff --stat "$@"', 'git log -n $x', 'sort -k $x a', 'git log a$x', 'git diff "${a[@]}"']) assert.equal(read(line).class, 'other', line);
    for (const line of ['git diff --stat="$x"', 'git log "--format=$x"', 'git log -n "$x"', 'sort -k "$x" a']) assert.equal(read(line).class, 'read', line);
  });

  it('names that a wildcard finds may be options of a program that has sharp ones', () => {
    for (const line of ['sort *', 'rg x *', 'git diff *', 'tree *', 'uniq *']) assert.equal(read(line).class, 'other', line);
    for (const line of ['cat *', 'wc -l *', 'ls *', 'sort ./*', 'sort -- *', 'head src/*.ts']) assert.equal(read(line).class, 'read', line);
  });

  it('a program in a folder of its own is not the one of the same name', () => {
    for (const line of ['./ls', '../cat a', '/tmp/git status', 'bin/grep x a', '~/bin/ls']) assert.equal(read(line).class, 'other', line);
    for (const line of ['/bin/ls', '/usr/bin/git status', '/opt/homebrew/bin/rg x']) assert.equal(read(line).class, 'read', line);
    assert.equal(read('node_modules/.bin/eslint src').class, 'test');
    assert.equal(read('node_modules/.bin/cat a').class, 'test');
  });

  it('an unknown program is other, and its paths and addresses count', () => {
    const reading = read('mytool --config=/etc/x ~/.ssh/id_rsa https://h/x src/a');
    assert.equal(reading.class, 'other');
    assert.equal(reading.namedAt, 0);
    assert.deepEqual(reading.effects.map((effect) => ('text' in effect ? `${effect.kind} ${effect.text ?? ''}` : effect.kind)), ['read /etc/x', 'read ~/.ssh/id_rsa', 'fetch https://h/x', 'read src/a']);
  });

  it('a computed program is unreadable, and nothing names it', () => {
    const reading = readCommand([{ text: null, raw: '$x', glob: false, quoted: false }], { stdin: 'none', platform: 'linux' });
    assert.equal(reading.class, 'unreadable');
  });

  it('help and versions change nothing, but only before the operands and after options that are known', () => {
    for (const line of ['rm --help', 'git --version', 'curl --version', 'npm -v', 'tar --help']) assert.equal(read(line).class, 'read', line);
    for (const line of ['rm -rf a --help', 'rm -- --help', 'sort -o --help a', 'rm --zz --help a']) assert.equal(read(line).class, 'other', line);
  });

  it('rules see the program and its verb, folders and global options taken off', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['/usr/bin/git --no-pager push origin', 'git push origin'], ['git -C a -c x=y push', 'git push'], ['npm --silent publish', 'npm publish'], ['npm i x', 'npm install x'], ['npm -w a pub', 'npm publish'],
      ['docker --debug push x', 'docker push x'], ['kubectl -n x delete pod y', 'kubectl delete pod y'], ['cargo +nightly publish', 'cargo publish'], ['go -C x run .', 'go run .'], ['git remote add a b', 'git remote add a b'], ['git "$x"', 'git "$x"'],
    ];
    for (const [line, expected] of cases) assert.equal(read(line).reading.join(' '), expected, line);
    assert.deepEqual(read('ssh h git push').otherReadings, [['git', 'push']]);
    assert.deepEqual(read('pip3 install x').otherReadings, [['pip', 'install', 'x']]);
  });

  it('Windows and macOS do not care about case or endings of program names', () => {
    assert.equal(readCommand(splitWords('GIT.EXE status'), { stdin: 'none', platform: 'win32' }).reading.join(' '), 'git status');
    assert.equal(readCommand(splitWords('SUDO id'), { stdin: 'none', platform: 'darwin' }).guardrail?.id, 'privilege_escalation');
  });
});
