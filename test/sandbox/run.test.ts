import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bareSandbox } from '../../src/node/sandbox/bare.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import { type SandboxKind, defaultSandbox } from '../../src/core/policy/sandboxChoice.ts';
import { bubblewrapSandbox } from '../../src/node/sandbox/bubblewrap.ts';
import { openChosenSandbox } from '../../src/node/sandbox/chosenSandbox.ts';
import { dockerSandbox } from '../../src/node/sandbox/docker.ts';
import { openSandbox } from '../../src/node/sandbox/openSandbox.ts';
import { type Ran, type RunOptions, type Sandbox, type SandboxSettings, outputCap, truncationMark } from '../../src/node/sandbox/sandbox.ts';
import { suiteEngine } from './suiteEngine.ts';

let folder: string;
let workspace: string;
let settings: SandboxSettings;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-sandbox-test-')));
  workspace = path.join(folder, 'workspace');
  for (const name of ['workspace/.git/hooks', 'home', 'user']) mkdirSync(path.join(folder, name), { recursive: true });
  settings = { workspace, home: path.join(folder, 'home'), userFolder: path.join(folder, 'user'), docker: { image: engine?.image ?? '' } };
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const engine = await suiteEngine();
const kinds: readonly (readonly [string, () => Sandbox])[] = [
  ['bubblewrap', () => bubblewrapSandbox(settings)],
  ...(engine === undefined ? [] : [['docker', () => dockerSandbox(settings)] as const]),
  ['none', () => bareSandbox(settings)],
];
async function ran(sandbox: Sandbox, command: string, options?: RunOptions): Promise<Ran> {
  const result = await sandbox.run(command, options);
  assert.ok(result.ok, result.ok ? '' : result.reason);
  return result;
}

function everything(): ReadonlySet<string> {
  return new Set(readdirSync(workspace, { recursive: true, encoding: 'utf8' }));
}

/** What was put up for a run goes right after it */
async function takenDown(): Promise<void> {
  for (let looks = 0; looks < 400 && existsSync(path.join(workspace, '.cowork')); looks += 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Whether any process of this machine has the word among its arguments */
function lives(word: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word);
    } catch {
      // It ended while we looked
      return false;
    }
  });
}

/** Leaves its group and its parents, does not listen to signals, and keeps the streams open */
const stubborn = (word: string): string => `setsid bash -c 'trap "" TERM INT HUP; (trap "" TERM INT HUP; exec -a ${word} sleep 300) & exec -a ${word} sleep 300' & sleep 0.3`;

for (const [kind, make] of kinds) {
  describe(`a command in ${kind}`, () => {
    beforeEach(() => {
      // In a container nobody is root
      if (kind === 'docker' && process.getuid?.() === 0) execFileSync('chown', ['-R', '1000:1000', workspace]);
    });

    it('ends with its own code, its output and its complaints', async () => {
      const { exitCode, signal, stdout, stderr, ended, truncated } = await ran(make(), 'echo out; echo wrong >&2; exit 7');
      assert.deepEqual({ exitCode, signal, stdout, stderr, ended, truncated }, { exitCode: 7, signal: undefined, stdout: 'out\n', stderr: 'wrong\n', ended: 'exited', truncated: [] });
    });

    it('tells the signal that ended it', async () => {
      const { exitCode, signal } = await ran(make(), 'kill -KILL $$');
      assert.deepEqual({ exitCode, signal }, { exitCode: 137, signal: 'SIGKILL' });
    });

    it('may write to its output by name', async () => {
      const { stdout, stderr, exitCode } = await ran(make(), 'echo a > /dev/stdout && echo b > /dev/stderr && echo c >> /proc/self/fd/1 && echo d | tee /dev/stderr');
      assert.deepEqual({ stdout, stderr, exitCode }, { stdout: 'a\nc\nd\n', stderr: 'b\nd\n', exitCode: 0 });
    });

    it('is run byte for byte', async () => {
      const odd = `printf '%s|' "a  b" '$HOME' "ä€😀" 'q"q' '\\n' "$(printf 'x\\ty')" # no \`end\``;
      assert.equal((await ran(make(), odd)).stdout, 'a  b|$HOME|ä€😀|q"q|\\n|x\ty|');
    });

    it('is refused where it cannot be handed on as it is', async () => {
      for (const command of ['echo a\0b', 'echo \ud800']) assert.equal((await make().run(command)).ok, false);
    });

    it('starts in the workspace, or below it, never outside', async () => {
      mkdirSync(path.join(workspace, 'sub'));
      const seenAs = kind === 'docker' ? '/workspace' : workspace;
      assert.equal((await ran(make(), 'pwd')).stdout, `${seenAs}\n`);
      assert.equal((await ran(make(), 'pwd', { cwd: path.join(workspace, 'sub') })).stdout, `${seenAs}/sub\n`);
      symlinkSync('/usr', path.join(workspace, 'link'));
      for (const cwd of [folder, path.join(workspace, 'link'), path.join(workspace, 'missing')]) assert.equal((await make().run('pwd', { cwd })).ok, false, cwd);
    });

    it('starts in no other folder than the one it was sent to, where a link takes its place meanwhile', async () => {
      const [wanted, other] = [path.join(workspace, 'wanted'), path.join(workspace, 'other')];
      for (const each of [wanted, other]) mkdirSync(each);
      const running = make().run('echo ran > here', { cwd: wanted });
      // It was looked at by now, and nothing is started yet
      rmdirSync(wanted);
      symlinkSync('other', wanted);
      const result = await running;
      assert.match(result.ok ? 'it ran' : result.reason, /leads elsewhere than when this was decided; nothing was run/);
      assert.deepEqual(readdirSync(other), []);
    });

    it('cannot make it seem that it never ran', async () => {
      for (const code of [65, 71, 125, 126, 127]) {
        const said = 'docker: Error response from daemon: nothing was run.\nsandbox-exec: nothing was run.\n';
        const result = await ran(make(), `touch ran-${code}; printf '%s' '${said}' >&2; exit ${code}`);
        assert.deepEqual([result.exitCode, result.stderr], [code, said]);
      }
    });

    it('sees nothing of our environment but what it needs', async () => {
      process.env['COWORK_TEST_SECRET'] = 'hidden';
      try {
        const names = (await ran(make(), 'env')).stdout.split('\n').map((line) => line.split('=')[0] ?? '').filter((name) => name !== '');
        assert.deepEqual(names.filter((name) => !['PATH', 'HOME', 'USER', 'SHELL', 'LANG', 'TERM', 'TMPDIR', 'PWD', 'OLDPWD', 'SHLVL', '_', 'COWORK_RUN', 'HOSTNAME'].includes(name)), []);
      } finally {
        delete process.env['COWORK_TEST_SECRET'];
      }
    });

    it('hands its output on while it runs', async () => {
      const told: string[] = [];
      const stop = new AbortController();
      const result = await ran(make(), 'echo first; sleep 300', {
        signal: stop.signal,
        onOutput: (stream, text) => {
          told.push(`${stream} ${text}`);
          stop.abort();
        },
      });
      assert.deepEqual(told, ['stdout first\n']);
      assert.deepEqual({ ended: result.ended, exitCode: result.exitCode, stdout: result.stdout }, { ended: 'cancelled', exitCode: undefined, stdout: 'first\n' });
    });

    it('does not start where it was cancelled before', async () => {
      const { ended } = await ran(make(), 'touch started', { signal: AbortSignal.abort() });
      assert.equal(ended, 'cancelled');
      assert.equal(existsSync(path.join(workspace, 'started')), false);
    });

    it('is ended with all it started when its time is up, whatever they ignore', async () => {
      const word = `cowork-late-${kind}-${process.pid}`;
      const { ended, exitCode } = await ran(make(), `${stubborn(word)}; trap '' TERM INT HUP; while :; do sleep 1; done`, { timeout: 1500 });
      assert.deepEqual({ ended, exitCode }, { ended: 'timed_out', exitCode: undefined });
      assert.equal(lives(word), false);
    });

    it('leaves nothing running when it is through, not even what holds the streams open', async () => {
      const word = `cowork-left-${kind}-${process.pid}`;
      const { ended, stdout } = await ran(make(), `${stubborn(word)}; echo done`);
      assert.deepEqual({ ended, stdout }, { ended: 'exited', stdout: 'done\n' });
      assert.equal(lives(word), false);
    });

    it('may write more than anybody wants to keep', async () => {
      const { stdout, stderr, truncated, exitCode } = await ran(make(), 'head -c 300000000 /dev/zero | tr "\\0" x; yes wrong | head -c 200000 >&2; exit 3');
      assert.deepEqual({ exitCode, truncated }, { exitCode: 3, truncated: ['stdout', 'stderr'] });
      for (const text of [stdout, stderr]) assert.ok(text.endsWith(truncationMark) && text.length <= outputCap + truncationMark.length);
    });

    it('may write what is no text, and credentials are taken out', async () => {
      const { stdout } = await ran(make(), "head -c 1000 /dev/urandom; echo; printf 'ghp_abcdefghij'; sleep 0.1; echo klmnopqrstuvwxyz0123456789");
      assert.ok(stdout.endsWith('[secret removed]\n'), stdout.slice(-100));
    });

    it('is ended where whoever listens fails', async () => {
      const result = await make().run('echo a; sleep 300', {
        onOutput: () => {
          throw new Error('listener');
        },
      });
      assert.equal(result.ok, false);
    });
  });
}

for (const [kind] of kinds) {
  if (kind === 'none') continue;

  describe(`folders besides the workspace in ${kind}`, () => {
    let extra: string;

    const open = async (more: { readonly allowed?: readonly string[]; readonly write?: boolean } = {}): Promise<Sandbox> => {
      const opened = await openChosenSandbox({ protectedPlaces: { sealed: [], guarded: [] }, allowedPaths: more.allowed ?? [extra], permissions: { ...defaultSettings.permissions, write: more.write ?? true }, sandbox: { ...defaultSandbox, image: engine?.image ?? '' } }, settings, kind as SandboxKind);
      assert.ok(opened.ok);
      return opened.sandbox;
    };

    beforeEach(() => {
      extra = path.join(folder, 'extra');
      mkdirSync(path.join(extra, '.git/hooks'), { recursive: true });
      writeFileSync(path.join(extra, 'a'), 'there');
      if (kind === 'docker' && process.getuid?.() === 0) for (const each of [extra, workspace]) execFileSync('chown', ['-R', '1000:1000', each]);
    });

    it('are there where they are allowed, with what is protected in them read only', async () => {
      const { stdout, stderr } = await ran(await open(), `cd '${extra}' && cat a && echo new > b && cat b; echo hook > .git/hooks/pre-commit; echo x > .mcp.json`);
      assert.equal(stdout, 'therenew\n', stderr);
      assert.deepEqual({ b: readFileSync(path.join(extra, 'b'), 'utf8'), hooks: readdirSync(path.join(extra, '.git/hooks')) }, { b: 'new\n', hooks: [] });
    });

    it('are to be read only where writing is off', async () => {
      await ran(await open({ write: false }), `echo new > '${extra}/b'`);
      assert.equal(existsSync(path.join(extra, 'b')), false);
    });

    it('are left out where they would lead around the sandbox', async () => {
      writeFileSync(path.join(folder, 'home', 'key'), 'of the home');
      writeFileSync(path.join(folder, 'user', 'key'), 'of ours');
      const { stdout } = await ran(await open({ allowed: [folder, path.join(folder, 'home'), path.join(folder, 'user'), '/', '/etc', path.join(workspace, '.git'), path.join(folder, 'missing')] }), `cat '${folder}/home/key' '${folder}/user/key'; echo hook > .git/hooks/pre-commit; echo through`);
      assert.equal(stdout, 'through\n');
      assert.deepEqual(readdirSync(path.join(workspace, '.git/hooks')), []);
    });
  });
}

describe('docker', () => {
  if (engine !== undefined) it('runs in an image without bash only what a plain shell reads alike', async () => {
    chmodSync(folder, 0o755);
    chmodSync(workspace, 0o777);
    // Where nothing is found by its name, neither is bash
    const container = execFileSync('docker', ['create', engine.image, 'true'], { encoding: 'utf8' }).trim();
    execFileSync('docker', ['commit', '--change', 'ENV PATH=/none', container, 'cowork-without-bash'], { stdio: 'ignore' });
    execFileSync('docker', ['rm', container], { stdio: 'ignore' });
    const plain = dockerSandbox({ ...settings, docker: { image: 'cowork-without-bash' } });
    assert.equal((await ran(plain, 'x=1; echo "${x} $((x + 1))" > made; echo "${BASH_VERSION:-none}"')).stdout, 'none\n');
    assert.equal(readFileSync(path.join(workspace, 'made'), 'utf8'), '1 2\n');
    for (const line of ['echo got > {a,b}', '[[ a > got ]]', "echo got > $'a'", '(( got = 1 )); echo got > got']) {
      const refused = await plain.run(line);
      assert.ok(!refused.ok && refused.reason.includes('written for Bash'), JSON.stringify(refused));
    }
    assert.deepEqual(readdirSync(workspace).toSorted(), ['.git', 'made']);
  });

  if (engine !== undefined) it('says so when a container cannot be ended', async () => {
    const binary = path.join(folder, 'docker');
    writeFileSync(binary, '#!/bin/sh\nif [ "$1" = rm ]; then echo "the engine is busy" >&2; exit 1; fi\nexec docker "$@"\n', { mode: 0o755 });
    const { ended, stderr } = await ran(dockerSandbox({ ...settings, docker: { image: engine.image, binary } }), 'sleep 60', { timeout: 2_000 });
    assert.equal(ended, 'timed_out');
    const [, name = ''] = /The container (\S+) could not be ended and may run on; end it with: docker rm --force/.exec(stderr) ?? [];
    assert.match(name, /^cowork-sandbox-/, stderr);
    execFileSync('docker', ['rm', '--force', name], { stdio: 'ignore' });
  });

  it('ends the container where its engine is lost while it runs', async () => {
    const binary = path.join(folder, 'docker');
    // Says what a real one says then; what is left is noted
    writeFileSync(binary, `#!/bin/sh\nif [ "$1" != run ]; then echo "$@" >> '${folder}/asked'; exit 0; fi\nwhile [ "$1" != --name ]; do shift; done\necho "$2"; echo began; echo "docker: error waiting for container: unexpected EOF" >&2; exit 125\n`, { mode: 0o755 });
    const { exitCode, stdout, stderr } = await ran(dockerSandbox({ ...settings, docker: { image: 'any', binary } }), 'sleep 60');
    assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 125, stdout: 'began\n', stderr: 'docker: error waiting for container: unexpected EOF\n' });
    assert.match(readFileSync(path.join(folder, 'asked'), 'utf8'), /^rm --force cowork-sandbox-\S+\n$/);
  });

  it('explains that the engine does not answer', async () => {
    process.env['DOCKER_HOST'] = `unix://${folder}/nobody`;
    try {
      const result = await dockerSandbox({ ...settings, docker: {} }).run('true');
      // And of no container, as none began
      assert.equal(result.ok ? '' : result.reason, 'docker does not reach its engine; start it, or choose another sandbox.');
    } finally {
      delete process.env['DOCKER_HOST'];
      if (engine !== undefined) process.env['DOCKER_HOST'] = engine.host;
    }
  });

  if (engine === undefined) return;

  it('explains that the image is missing, and fetches none', async () => {
    const result = await dockerSandbox({ ...settings, docker: { image: 'no-such-image:1' } }).run('true');
    assert.match(result.ok ? '' : result.reason, /^The image no-such-image:1 is not on this machine\..*docker pull no-such-image:1/);
  });

  it('says so when the container cannot start, whatever the engine’s code', async () => {
    for (const [docker, reason] of [[{ memory: '1m' }, /^The container cannot start: docker: .*memory/i], [{ cpus: 10_000 }, /^The container cannot start: docker: .*CPUs/i]] as const) {
      const result = await dockerSandbox({ ...settings, docker: { image: engine.image, ...docker } }).run('touch ran');
      assert.match(result.ok ? 'it ran' : result.reason, reason);
    }
    assert.equal(existsSync(path.join(workspace, 'ran')), false);
  });

  it('takes its place holders down, and its container', async () => {
    await dockerSandbox(settings).run('true');
    assert.deepEqual(readdirSync(workspace), ['.git']);
    const left = execFileSync('docker', ['ps', '--all', '--quiet', '--filter', 'name=cowork-sandbox-'], { encoding: 'utf8' });
    assert.equal(left, '');
  });
});

describe('bubblewrap', () => {
  it('takes its place holders down, and leaves alone what was there', async () => {
    mkdirSync(path.join(workspace, '.claude'));
    const before = everything();
    const { stdout } = await ran(bubblewrapSandbox(settings), 'ls -a; touch new');
    assert.ok(stdout.includes('.cowork\n') && stdout.includes('.mcp.json\n'), 'they stood there meanwhile');
    await takenDown();
    assert.deepEqual(everything(), new Set([...before, 'new']));
  });

  it('keeps the place holders up as long as another run leans on them', async () => {
    const stop = new AbortController();
    let began: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (began = resolve));
    const long = ran(bubblewrapSandbox(settings), 'echo began; sleep 300', { signal: stop.signal, onOutput: () => began() });
    await first;
    await ran(bubblewrapSandbox(settings), 'true');
    assert.ok(existsSync(path.join(workspace, '.cowork')), 'the first run still needs it');
    stop.abort();
    await long;
    await takenDown();
    assert.deepEqual(readdirSync(workspace), ['.git']);
  });

  it('lets a workspace be read only', async () => {
    writeFileSync(path.join(workspace, 'a'), 'as it was');
    const { exitCode } = await ran(bubblewrapSandbox({ ...settings, readOnly: true }), 'cat a; echo x > a || echo y > b');
    assert.equal(exitCode, 1);
    assert.deepEqual({ a: readFileSync(path.join(workspace, 'a'), 'utf8'), all: readdirSync(workspace) }, { a: 'as it was', all: ['.git', 'a'] });
  });

  it('has git work in a repository', async () => {
    rmSync(path.join(workspace, '.git'), { recursive: true });
    await ran(bareSandbox(settings), 'git init -q .');
    const { stdout, exitCode, stderr } = await ran(bubblewrapSandbox(settings), 'echo a > a; git add -A && git -c user.name=a -c user.email=a@b.example commit -qm first && git status --short && git log --format=%s');
    assert.deepEqual({ stdout, exitCode }, { stdout: 'first\n', exitCode: 0 }, stderr);
  });

  it('protects what a user asked to protect', async () => {
    const { exitCode } = await ran(bubblewrapSandbox({ ...settings, alsoProtected: ['deploy/keys'] }), 'mkdir -p deploy; echo x > deploy/keys');
    assert.notEqual(exitCode, 0);
  });

  it('refuses what it cannot protect or hide', async () => {
    symlinkSync('elsewhere', path.join(workspace, '.mcp.json'));
    const linked = await bubblewrapSandbox(settings).run('true');
    assert.match(linked.ok ? '' : linked.reason, /\.mcp\.json is a link/);
    for (const [wrong, reason] of [[{ home: workspace }, /home/], [{ userFolder: path.join(workspace, 'u') }, /own rules/], [{ workspace: '/usr' }, /system/]] as const) {
      const result = await bubblewrapSandbox({ ...settings, ...wrong }).run('true');
      assert.match(result.ok ? '' : result.reason, reason);
    }
  });

  it('does not let a call through that has the kernel make others, past what filters them', async () => {
    const { stdout } = await ran(bubblewrapSandbox(settings), `perl -e 'my $p = chr(0) x 120; syscall(425, 4, $p); print $!'`);
    assert.equal(stdout, 'Operation not permitted');
  });

  it('does not let a call through that types into a terminal', async () => {
    const { stdout } = await ran(bubblewrapSandbox(settings), `perl -e 'my $c = "x"; ioctl(STDIN, 0x5412, $c); print $!'`);
    assert.equal(stdout, 'Operation not permitted');
  });
});

describe('auto', () => {
  it('takes bubblewrap where it works', async () => {
    const opened = await openSandbox('auto', settings, 'linux');
    assert.equal(opened.ok && opened.sandbox.kind, 'bubblewrap');
  });

  it('says of each why it does not work, and never takes none', async () => {
    const opened = await openSandbox('auto', { ...settings, docker: { binary: 'no-such-docker' } }, 'darwin');
    assert.equal(opened.ok, false);
    assert.deepEqual(opened.passedOver.map(({ kind }) => kind), ['macos', 'docker']);
    assert.match(opened.passedOver[0]?.reason ?? '', /part of macOS only/);
    assert.match(opened.passedOver[1]?.reason ?? '', /no-such-docker is not installed/);
  });

  it('takes no other sandbox for one that was asked for and does not work', async () => {
    const opened = await openSandbox('docker', { ...settings, docker: { binary: 'no-such-docker' } });
    const result = opened.ok ? await opened.sandbox.run('touch ran') : undefined;
    assert.equal(result?.ok, false);
    assert.equal(existsSync(path.join(workspace, 'ran')), false);
  });
});
