import { closeSync, constants, fstatSync, openSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

// Every hook call loads this file, so it leans on nothing that takes long to load: no schema library, no hashes.

/** How a client finds the editor that holds a workspace's policy; kept in a file that only its user can read */
export interface Discovery {
  readonly version: 1;
  /** Path of a Unix socket, or name of a Windows pipe */
  readonly address: string;
  /** 32 random bytes, hex; the first message must carry it */
  readonly token: string;
  readonly pid: number;
  readonly workspace: string;
}

const largest = 64 * 1024;
/** More files than this are left behind by something other than editors */
const mostFiles = 1_000;

/** Where editors publish their endpoints */
export function endpointsFolder(userFolder: string): string {
  return path.join(userFolder, 'endpoints');
}

/** Every endpoint that is published and whose file is to be trusted; an editor that died may have left some behind */
export function publishedEndpoints(userFolder: string): readonly Discovery[] {
  const folder = endpointsFolder(userFolder);
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return names.filter((name) => name.endsWith('.json')).slice(0, mostFiles).flatMap((name) => readDiscoveryFile(path.join(folder, name)) ?? []);
}

/** What a discovery file says; `undefined` where there is none, where others could have written it, or where it says nothing */
export function readDiscoveryFile(file: string): Discovery | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(descriptor);
    // Windows has no such ids
    const foreign = process.getuid !== undefined && (found.uid !== process.getuid() || (found.mode & 0o077) !== 0);
    if (!found.isFile() || foreign || found.size > largest) return undefined;
    return asDiscovery(JSON.parse(readFileSync(descriptor, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function asDiscovery(value: unknown): Discovery | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, address, token, pid, workspace } = value as Partial<Record<keyof Discovery, unknown>>;
  if (version !== 1 || typeof pid !== 'number' || typeof workspace !== 'string') return undefined;
  if (typeof address !== 'string' || address === '' || address.length > 4096) return undefined;
  if (typeof token !== 'string' || !/^[0-9a-f]{64}$/.test(token)) return undefined;
  return { version, address, token, pid, workspace };
}

/** Gone in the meantime, or a link in its place, or a file in place of the folder */
function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO';
}
