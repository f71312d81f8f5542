import path from 'node:path';
import type { ProtectedEntries } from './protectedEntries.ts';
import type { SandboxSettings } from './sandbox.ts';

/** Folders and files of the system that programs read (cowork-facts 1.12) */
const readable = ['/usr/lib', '/usr/bin', '/usr/sbin', '/usr/share', '/usr/libexec', '/usr/local', '/bin', '/sbin', '/System', '/Library/Frameworks', '/Library/Developer/CommandLineTools', '/Applications/Xcode.app', '/private/var/db/dyld', '/private/var/db/timezone', '/opt/homebrew'];
const readableFiles = ['/', '/dev/null', '/dev/zero', '/dev/urandom', '/dev/random', '/private/etc/hosts', '/private/etc/localtime', '/private/etc/passwd', '/private/etc/group', '/private/etc/shells', '/private/etc/services', '/private/etc/protocols'];
const services = ['com.apple.system.logger', 'com.apple.system.opendirectoryd.libinfo', 'com.apple.cfprefsd.daemon', 'com.apple.cfprefsd.agent'];

/** What the other end of a connection is checked by. The system's own service for that stays out: it talks to the network by itself */
const certificates = ['/private/etc/ssl'];

/** A path cannot stand in a profile */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/**
 * The profile that `sandbox-exec` holds a command to. Later lines win over earlier ones, so what is protected comes last.
 *
 * @param temporary a folder made for this one run, canonical
 * @param proxyPort of the proxy to allowed hosts on the loopback, the one thing of the network that may be reached; none without it
 */
export function macosProfile(settings: SandboxSettings, temporary: string, entries: ProtectedEntries | undefined, proxyPort?: number): string {
  const { workspace, readOnly, extraMounts = [] } = settings;
  const mounts = extraMounts.map((mount) => ({ ...mount, path: canonical(mount.path) }));
  const seen = [...readable, canonical(workspace), canonical(temporary), ...mounts.map((mount) => mount.path)];
  const written = [canonical(temporary), ...(readOnly === true ? [] : [canonical(workspace)]), ...mounts.filter(({ writable }) => writable).map((mount) => mount.path)];
  const kept = entries === undefined ? [] : [...entries.readOnly, ...entries.missing.map((holder) => holder.path)].map(canonical);
  const held = (entries?.held ?? []).map(canonical);
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-fork)',
    '(allow process-exec)',
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    `(allow file-read-metadata ${ancestors([workspace, temporary]).map((folder) => literal(folder)).join(' ')})`,
    `(allow file-read* ${seen.map(subpath).join(' ')} ${readableFiles.map((file) => literal(file)).join(' ')})`,
    `(allow file-write* ${written.map(subpath).join(' ')} ${['/dev/null', '/dev/zero', '/dev/tty'].map((file) => literal(file)).join(' ')})`,
    `(allow mach-lookup ${services.map((name) => `(global-name ${quoted(name)})`).join(' ')})`,
    '(deny network*)',
    ...(proxyPort === undefined ? [] : [`(allow network-outbound (remote ip "localhost:${wholePort(proxyPort)}"))`, `(allow file-read* ${certificates.map(subpath).join(' ')})`]),
    ...(kept.length === 0 ? [] : [`(deny file-write* ${kept.flatMap((file) => [subpath(file), literal(file)]).join(' ')})`]),
    // Renaming a folder would put another in its place: its own name may not go
    ...(held.length === 0 ? [] : [`(deny file-write-unlink ${held.map((file) => literal(file)).join(' ')})`]),
    `(deny file-write-setugid)`,
    '',
  ].join('\n');
}

/** `/var`, `/tmp` and `/etc` are links on this system; the kernel compares where they lead */
function canonical(file: string): string {
  return /^\/(?:var|tmp|etc)(?=\/|$)/.test(file) ? `/private${file}` : file;
}

function ancestors(files: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const file of files) for (let folder = path.posix.dirname(canonical(file)); folder !== path.posix.dirname(folder); folder = path.posix.dirname(folder)) found.add(folder);
  return ['/', '/var', '/tmp', '/etc', ...[...found].toSorted()];
}

function wholePort(port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new ProfileError(`${port} is no port.`);
  return port;
}

function subpath(file: string): string {
  return `(subpath ${quoted(file)})`;
}

function literal(file: string): string {
  return `(literal ${quoted(file)})`;
}

/** A string of the profile's language. Control characters have no spelling in it that can be relied on */
function quoted(text: string): string {
  if (!/^[/a-z]/i.test(text) || /[\0-\x1f\x7f]/.test(text)) throw new ProfileError(`${JSON.stringify(text)} cannot stand in a sandbox profile; rename it.`);
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
