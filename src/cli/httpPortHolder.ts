import { readFileSync } from 'node:fs';

/** Columns of the kernel's table of connections (`proc_net_tcp(5)`) */
const localAddress = 1;
const state = 3;
const userId = 7;
const listening = '0A';
/** As the table has them: 127.0.0.1, which answers before one that listens for all addresses, and those for all */
const addresses = ['0100007F', '0000000000000000FFFF00000100007F', '00000000', '00000000000000000000000000000000'];

/**
 * The number of the user whose program answers at a port of 127.0.0.1; `undefined` where nobody does, or where the system does
 * not tell (Linux alone does).
 */
export function portHolder(port: number, tables: readonly string[] = systemTables()): number | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = tables.flatMap((table) => table.split('\n')).map((line) => line.trim().split(/\s+/)).filter((row) => row[state] === listening);
  for (const address of addresses) {
    const found = rows.find((row) => row[localAddress] === `${address}:${wanted}`)?.[userId];
    if (found !== undefined && /^\d+$/.test(found)) return Number(found);
  }
  return undefined;
}

/** Why an address is not to be trusted: the program that answers there is another user's; `undefined` where it is not known to be */
export function whyNotOurs(port: number, holder: number | undefined = portHolder(port), own: number | undefined = process.getuid?.()): string | undefined {
  return holder === undefined || own === undefined || holder === own ? undefined : `another user of this machine (number ${holder}) answers at port ${port}, where the editor should. Install the agent with --form command`;
}

function systemTables(): readonly string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      // Not Linux, or without one of the two
      return [];
    }
  });
}
