/** Folders directly below `/` whose loss is the loss of the system or of everybody's home */
const systemFolders = new Set([
  'bin', 'boot', 'dev', 'etc', 'home', 'lib', 'lib32', 'lib64', 'opt', 'proc', 'root', 'run', 'sbin', 'srv', 'sys', 'usr', 'var',
  'System', 'Library', 'Applications', 'Users', 'Volumes', 'private', 'cores', 'mnt', 'media',
]);

/**
 * Whether a path as written means a root, a home, the present folder or one above it, or everything in one of them, in any
 * spelling (`/`, `//*`, `~/`, `./*`, `a/../..`, `*`, `C:\`); spec 4, recursive deletion
 */
export function isWholeTree(written: string): boolean {
  let text = written.replace(/\\/gu, '/').replace(/^file:\/\/(?:localhost)?/iu, '');
  text = text.replace(/^\/\/[?.]\//u, '');
  const drive = /^[A-Za-z]:/u.exec(text)?.[0];
  if (drive !== undefined) text = text.slice(2).replace(/^(?!\/)/u, '/');
  const absolute = text.startsWith('/');
  const segments: string[] = [];
  let above = 0;
  const parts = text.split('/');
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (segments.length > 0 && segments[0] !== '~') segments.pop();
      else above += 1;
    } else if (isWildcardOfAll(part) && parts.slice(i + 1).every((later) => later === '' || later === '.' || isWildcardOfAll(later))) {
      break;
    } else {
      segments.push(part);
    }
  }
  if (segments.length === 0) return true;
  if (above > 0 && segments.length === 0) return true;
  const only = segments.length === 1 ? segments[0] ?? '' : undefined;
  if (absolute) {
    if (only !== undefined) return drive !== undefined ? /^(?:windows|users|program files(?: \(x86\))?|programdata)$/iu.test(only) : systemFolders.has(only);
    return segments.length === 2 && (segments[0] === 'home' || segments[0] === 'Users');
  }
  return only !== undefined && /^~[A-Za-z0-9._+-]*$/u.test(only);
}

/** Such a path as a sentence names it: `.` reads badly at its end, and says little */
export function wholeTreeName(written: string): string {
  const parts = written.split(/[\\/]/u);
  if (parts[0] !== '' && parts.every((part) => part === '' || part === '.' || isWildcardOfAll(part))) return 'the folder it runs in';
  return written.endsWith('.') ? `“${written}”` : written;
}

/** `*`, `**`, `.*`, `?*`, `.[!.]*`, … : a wildcard that leaves nothing of a folder out, or nearly nothing */
function isWildcardOfAll(part: string): boolean {
  return part !== '' && /^\.?(?:[*?]|\[[!^][^\]]*\])*\*$|^(?:\{[*.,[\]!?]+\})$/u.test(part);
}

/** Devices whose content is a disk: `/dev/sda`, `/dev/nvme0n1`, `/dev/disk2`, `\\.\PhysicalDrive0` */
export function isDisk(path: string): boolean {
  return /^\/+dev\/+(?:\.\/+)?(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|mapper\/|md|dm-|loop|nbd|zram|mem$|kmem$|port$)/u.test(path) || /^[\\/]{2}[.?][\\/](?:PhysicalDrive\d|[A-Za-z]:$)/iu.test(path);
}
