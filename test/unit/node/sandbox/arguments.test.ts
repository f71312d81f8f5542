import assert from 'node:assert/strict';
import { dockerArguments, engineProgram } from '../../../../src/node/sandbox/docker.ts';
import { ProfileError, macosProfile } from '../../../../src/node/sandbox/macosProfile.ts';
import { usualDocker, usualLimits } from '../../../../src/node/sandbox/sandbox.ts';

const settings = { workspace: '/Users/a/my "work" \\ (1)', home: '/Users/a', userFolder: '/Users/a/Library/x' };
const entries = { held: [`${settings.workspace}/.git`], readOnly: [`${settings.workspace}/.git/config`], missing: [{ path: `${settings.workspace}/.cowork` }] };

describe('the profile for macOS', () => {
  it('denies by default, opens the workspace, and closes what is protected last', () => {
    assert.equal(macosProfile({ ...settings, extraMounts: [{ path: '/var/data', writable: true }] }, '/private/var/folders/t', entries), String.raw`(version 1)
(deny default)
(allow process-fork)
(allow process-exec)
(allow signal (target same-sandbox))
(allow sysctl-read)
(allow file-read-metadata (literal "/") (literal "/var") (literal "/tmp") (literal "/etc") (literal "/Users") (literal "/Users/a") (literal "/private") (literal "/private/var") (literal "/private/var/folders"))
(allow file-read* (subpath "/usr/lib") (subpath "/usr/bin") (subpath "/usr/sbin") (subpath "/usr/share") (subpath "/usr/libexec") (subpath "/usr/local") (subpath "/bin") (subpath "/sbin") (subpath "/System") (subpath "/Library/Frameworks") (subpath "/Library/Developer/CommandLineTools") (subpath "/Applications/Xcode.app") (subpath "/private/var/db/dyld") (subpath "/private/var/db/timezone") (subpath "/opt/homebrew") (subpath "/Users/a/my \"work\" \\ (1)") (subpath "/private/var/folders/t") (subpath "/private/var/data") (literal "/") (literal "/dev/null") (literal "/dev/zero") (literal "/dev/urandom") (literal "/dev/random") (literal "/private/etc/hosts") (literal "/private/etc/localtime") (literal "/private/etc/passwd") (literal "/private/etc/group") (literal "/private/etc/shells") (literal "/private/etc/services") (literal "/private/etc/protocols"))
(allow file-write* (subpath "/private/var/folders/t") (subpath "/Users/a/my \"work\" \\ (1)") (subpath "/private/var/data") (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty"))
(allow mach-lookup (global-name "com.apple.system.logger") (global-name "com.apple.system.opendirectoryd.libinfo") (global-name "com.apple.cfprefsd.daemon") (global-name "com.apple.cfprefsd.agent"))
(deny network*)
(deny file-write* (subpath "/Users/a/my \"work\" \\ (1)/.git/config") (literal "/Users/a/my \"work\" \\ (1)/.git/config") (subpath "/Users/a/my \"work\" \\ (1)/.cowork") (literal "/Users/a/my \"work\" \\ (1)/.cowork"))
(deny file-write-unlink (literal "/Users/a/my \"work\" \\ (1)/.git"))
(deny file-write-setugid)
`);
  });

  it('opens of the network one port of the loopback, where the proxy to allowed hosts stands', () => {
    const lines = (port?: number): readonly string[] => macosProfile(settings, '/private/var/folders/t', entries, port).split('\n');
    assert.deepEqual(lines(49_152).filter((line) => !lines().includes(line)), ['(allow network-outbound (remote ip "localhost:49152"))', '(allow file-read* (subpath "/private/etc/ssl"))']);
    assert.deepEqual(lines(49_152).filter((line) => line.includes('network')), ['(deny network*)', '(allow network-outbound (remote ip "localhost:49152"))']);
    for (const port of [0, -1, 65_536, 1.5, Number.NaN]) assert.throws(() => lines(port), ProfileError);
  });

  it('opens nothing for writing but its temporary folder where the workspace is read only', () => {
    const profile = macosProfile({ ...settings, readOnly: true }, '/private/var/folders/t', undefined);
    assert.match(profile, /^\(allow file-write\* \(subpath "\/private\/var\/folders\/t"\) \(literal/m);
  });

  it('is not written for a path that could end its line', () => {
    for (const workspace of ['/a\n(allow default)', '/a\0b', '"relative']) assert.throws(() => macosProfile({ ...settings, workspace }, '/private/t', undefined), ProfileError);
  });
});

describe('the arguments of docker', () => {
  const run = { given: { ...settings, workspace: '/ws' }, docker: usualDocker, limits: usualLimits, name: 'n', command: 'echo "a b"; $x', cwd: '/ws/sub', user: '1000:1000', podman: false };

  it('are those of a container that can do nothing but run the command', () => {
    const held = { held: ['/ws/.git'], readOnly: ['/ws/.git/config'], missing: [{ path: '/ws/.cowork' }] };
    const given = dockerArguments({ ...run, entries: held });
    const script = given[given.indexOf('-c') + 1] ?? '';
    assert.deepEqual(given, [
      'run', '--rm', '--init', '--pull', 'never', '--name', 'n', '--cpus', '1', '--memory', '512m', '--memory-swap', '512m', '--pids-limit', '512', '--ulimit', 'core=0:0', '--ulimit', 'fsize=4294967296:4294967296',
      '--security-opt', 'no-new-privileges:true', '--cap-drop', 'ALL', '--ipc', 'private', '--read-only', '--tmpfs', '/tmp:rw,noexec,nosuid,nodev,size=536870912', '--network', 'none',
      '--mount', 'type=bind,"source=/ws","target=/workspace"',
      '--mount', 'type=bind,"source=/ws/.git","target=/workspace/.git"',
      '--mount', 'type=bind,"source=/ws/.git/config","target=/workspace/.git/config",readonly',
      '--mount', 'type=bind,"source=/ws/.cowork","target=/workspace/.cowork",readonly',
      '--workdir', '/workspace/sub', '--env', 'HOME=/tmp', '--env', 'LANG=C.UTF-8', '--env', 'TERM=dumb', '--env', 'TMPDIR=/tmp', '--user', '1000:1000', '--entrypoint', '/bin/sh', 'node:20-alpine', '-c', script, 'sh', 'echo "a b"; $x', '/workspace/sub', 'n', '', 'around/workspace', 'place/workspace/.git', 'place/workspace/.git/config', 'place/workspace/.cowork',
    ]);
    assert.ok(script.endsWith([`if cd -P /proc/self/cwd && [ "$PWD" = "$2" ]; then :; else echo 'The folder to run in leads elsewhere than when this was decided; nothing was run.' >&2; exit 126; fi`, 'b=$(command -v bash) || b=', 'if [ -z "$b" ] && [ -n "$4" ]; then echo "$4" >&2; exit 126; fi', `printf '%s\\n' "$3"`, 'if [ -n "$b" ]; then exec "$b" --noprofile --norc -c "$1"; fi', 'exec /bin/sh -c "$1"'].join('\n')), script);
  });

  it('keep the marks of their own list out of paths', () => {
    const args = dockerArguments({ ...run, given: { ...settings, workspace: '/w",readonly=false,"x', readOnly: true }, cwd: '/w",readonly=false,"x', entries: undefined });
    assert.ok(args.includes('type=bind,"source=/w"",readonly=false,""x","target=/workspace",readonly'));
  });

  it('go to podman where docker is missing, and to nothing else where a program was named', () => {
    const only = (there: string) => (name: string): string | undefined => (name === there ? `/usr/bin/${name}` : undefined);
    assert.equal(engineProgram('docker', only('docker')), '/usr/bin/docker');
    assert.equal(engineProgram('docker', only('podman')), '/usr/bin/podman');
    assert.equal(engineProgram('/opt/docker', only('podman')), undefined);
  });

  it('map the user for podman, which runs without root', () => {
    const args = dockerArguments({ ...run, podman: true, entries: undefined });
    assert.ok(args.join(' ').includes('--userns keep-id'));
    assert.equal(args.includes('--init'), false, 'it may have no program for that');
  });
});
