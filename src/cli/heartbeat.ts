import { lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** When an agent last asked */
export interface Seen {
  readonly client: string;
  /** Milliseconds since 1970 */
  readonly at: number;
}

/** One call a minute is noted, in milliseconds */
const often = 60_000;

function folderOf(userFolder: string): string {
  return path.join(userFolder, 'agents');
}

/** Notes in the user's folder that an agent has called its hook. Only for people to look at, so a failure is passed over */
export function noteSeen(userFolder: string, seen: Seen): void {
  const file = path.join(folderOf(userFolder), `${seen.client}.json`);
  try {
    const last = lstatSync(file, { throwIfNoEntry: false });
    if (last !== undefined && (!last.isFile() || Math.abs(seen.at - last.mtimeMs) < often)) return;
    mkdirSync(folderOf(userFolder), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(seen)}\n`, { mode: 0o600 });
  } catch {
    // A full disk or a read-only home: the call is answered all the same
  }
}

/** What is known of each agent's last call, by its id */
export function lastSeen(userFolder: string): ReadonlyMap<string, Seen> {
  const found = new Map<string, Seen>();
  let names: readonly string[];
  try {
    names = readdirSync(folderOf(userFolder)).filter((name) => /^[a-z]+\.json$/.test(name));
  } catch {
    // No agent has ever called
    return found;
  }
  for (const name of names) {
    const seen = readSeen(path.join(folderOf(userFolder), name));
    if (seen !== undefined) found.set(seen.client, seen);
  }
  return found;
}

function readSeen(file: string): Seen | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Seen> | null;
    if (typeof value?.client !== 'string' || typeof value.at !== 'number') return undefined;
    return { client: value.client, at: value.at };
  } catch {
    // Cut off by a crash; the next call writes it anew
    return undefined;
  }
}
