import { existsSync, lstatSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../house/root.ts';

/**
 * Arguments of `bwrap` for a root of its own in which everything may be written and tried: system folders to be thrown
 * away, all rights that the caller has, the project to be read only.
 *
 * @param folder where the lab is; kept outside too
 */
export function throwAwayRoot(folder: string): readonly string[] {
  const etc = path.join(folder, 'etc');
  mkdirSync(etc, { recursive: true });
  writeFileSync(path.join(etc, 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(path.join(etc, 'group'), 'root:x:0:\n');
  writeFileSync(path.join(etc, 'shadow'), 'root:*:19000:0:99999:7:::\n', { mode: 0o600 });
  const isRoot = process.getuid?.() === 0;
  const library = ['/etc/ld.so.cache', '/etc/alternatives'].filter((file) => existsSync(file));
  return [
    ...(isRoot ? [] : ['--unshare-user', '--uid', '0', '--gid', '0']),
    '--cap-add', 'ALL', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent',
    '--ro-bind', '/usr', '/usr', '--tmpfs', '/usr/local',
    ...['/bin', '/sbin', '/lib', '/lib64'].flatMap((each) => {
      const found = lstatSync(each, { throwIfNoEntry: false });
      if (found === undefined) return [];
      return found.isSymbolicLink() ? ['--symlink', readlinkSync(each), each] : ['--ro-bind', each, each];
    }),
    '--bind', etc, '/etc', ...library.flatMap((file) => ['--ro-bind', file, file]),
    '--dir', '/opt', '--dir', '/var/tmp', '--tmpfs', '/root', '--proc', '/proc', '--dev', '/dev', '--bind', '/sys', '/sys', '--tmpfs', '/tmp',
    '--ro-bind', root, root, '--bind', folder, folder, '--chdir', folder, '--',
  ];
}
