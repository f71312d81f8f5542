import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Discovery, endpointsFolder, readDiscoveryFile } from './published.ts';

/** Unix sockets have a path limit of 104 bytes on macOS and 108 on Linux */
const socketPathLimit = 100;

function workspaceKey(workspace: string): string {
  return createHash('sha256').update(workspace).digest('hex').slice(0, 32);
}

function discoveryFile(userFolder: string, workspace: string): string {
  return join(endpointsFolder(userFolder), `${workspaceKey(workspace)}.json`);
}

/** A folder of ours that nobody else may enter, made where it is missing; throws where it is somebody else's or a link */
async function privateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== userInfo().uid) {
    throw new Error(`${folder} is not a folder of yours. Remove it, then reload the window.`);
  }
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/** A fresh address and token for the endpoint of `workspace` (canonical path) */
export async function newDiscovery(userFolder: string, workspace: string): Promise<Discovery> {
  const name = `${workspaceKey(workspace).slice(0, 12)}-${randomBytes(4).toString('hex')}`;
  const token = randomBytes(32).toString('hex');
  const common = { version: 1, token, pid: process.pid, workspace } as const;
  if (process.platform === 'win32') return { ...common, address: `\\\\.\\pipe\\cowork-policy-${name}` };
  let folder = endpointsFolder(userFolder);
  if (Buffer.byteLength(join(folder, `${name}.sock`)) > socketPathLimit) {
    folder = join(tmpdir(), `cowork-policy-${userInfo().uid}`);
  }
  await privateFolder(folder);
  return { ...common, address: join(folder, `${name}.sock`) };
}

/** Makes the endpoint findable: a file with mode 0600 in a folder with mode 0700, replaced in one step */
export async function publishDiscovery(userFolder: string, discovery: Discovery): Promise<void> {
  await privateFolder(endpointsFolder(userFolder));
  const file = discoveryFile(userFolder, discovery.workspace);
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(discovery)}\n`);
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

/** The endpoint that was last published for `workspace`; `undefined` when there is none or its file is not to be trusted */
export function readDiscovery(userFolder: string, workspace: string): Discovery | undefined {
  const found = readDiscoveryFile(discoveryFile(userFolder, workspace));
  return found?.workspace === workspace ? found : undefined;
}

/** Takes the file away, if it still names this endpoint */
export async function withdrawDiscovery(userFolder: string, discovery: Discovery): Promise<void> {
  const current = readDiscovery(userFolder, discovery.workspace);
  if (current?.token === discovery.token) await rm(discoveryFile(userFolder, discovery.workspace), { force: true });
}
