import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Suite } from '../house/suite.ts';
import { fetchClients } from './fetchClient.ts';
import { tableFile } from './table.ts';

/** Fetches the clients first, and shows the table of what was seen of them last */
export function withClients(suite: Suite): Suite {
  return async (stage) => {
    rmSync(tableFile, { force: true });
    try {
      await fetchClients((line) => stage.show(`   ${line}`));
    } catch (error) {
      stage.show(`   ${error instanceof Error ? error.message : String(error)}`);
      return { passed: 0, failed: 1 };
    }
    const tally = await suite(stage);
    if (existsSync(tableFile)) stage.show(readFileSync(tableFile, 'utf8').trimEnd().replaceAll(/^/gm, '   '));
    return tally;
  };
}
