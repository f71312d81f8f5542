import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';

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

const discoverySchema = z.object({
  version: z.literal(1),
  address: z.string().check(z.minLength(1), z.maxLength(4096)),
  token: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  pid: z.number(),
  workspace: z.string(),
});

/** Unix sockets have a path limit of 104 bytes on macOS and 108 on Linux */
const socketPathLimit = 100;

function workspaceKey(workspace: string): string {
  return createHash('sha256').update(workspace).digest('hex').slice(0, 32);
}

function discoveryFile(userFolder: string, workspace: string): string {
  return join(userFolder, 'endpoints', `${workspaceKey(workspace)}.json`);
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
  let folder = join(userFolder, 'endpoints');
  if (Buffer.byteLength(join(folder, `${name}.sock`)) > socketPathLimit) {
    folder = join(tmpdir(), `cowork-policy-${userInfo().uid}`);
  }
  await privateFolder(folder);
  return { ...common, address: join(folder, `${name}.sock`) };
}

/** Makes the endpoint findable: a file with mode 0600 in a folder with mode 0700, replaced in one step */
export async function publishDiscovery(userFolder: string, discovery: Discovery): Promise<void> {
  await privateFolder(join(userFolder, 'endpoints'));
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
export async function readDiscovery(userFolder: string, workspace: string): Promise<Discovery | undefined> {
  const file = discoveryFile(userFolder, workspace);
  try {
    const found = await lstat(file);
    const foreign = process.platform !== 'win32' && (found.uid !== userInfo().uid || (found.mode & 0o077) !== 0);
    if (!found.isFile() || foreign || found.size > 64 * 1024) return undefined;
    const parsed = discoverySchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success && parsed.data.workspace === workspace ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return undefined;
    throw error;
  }
}

/** Takes the file away, if it still names this endpoint */
export async function withdrawDiscovery(userFolder: string, discovery: Discovery): Promise<void> {
  const current = await readDiscovery(userFolder, discovery.workspace);
  if (current?.token === discovery.token) await rm(discoveryFile(userFolder, discovery.workspace), { force: true });
}
