import assert from 'node:assert/strict';
import { clients } from './clients.ts';
import { conditions, furnish, type Condition } from './conditions.ts';
import type { AgentClient } from './client.ts';
import { fetchClients } from './fetchClient.ts';
import { Machine } from './machine.ts';
import { pool } from './pool.ts';
import { runClient } from './runClient.ts';
import { note, showTable } from './table.ts';

/** What is known after a client ran in one condition */
interface Seen {
  readonly ran: ReadonlySet<string>;
  readonly told: readonly string[];
  readonly account: string;
}

// After the tests of all files
after(showTable);

/** Two at once: a client mostly computes */
const oneOfTwo = pool(2);

describe('The real clients', () => {
  before(async function () {
    this.timeout('10m');
    await fetchClients(console.log);
  });

  for (const client of clients) {
    describe(`${client.title} ${client.version}`, () => {
      const runs = new Map<Condition, Promise<Seen>>();
      before(() => {
        for (const condition of conditions) {
          const run = oneOfTwo(() => runIn(client, condition));
          // The tests that wait for it tell
          run.catch(() => undefined);
          runs.set(condition, run);
        }
      });

      for (const condition of conditions) {
        condition.trials.forEach((trial, index) => {
          const waits = trial.killed === true && client.waitsForKilled === true;
          it(`${condition.name}: ${trial.what}: ${trial.may === 'run' ? 'runs' : waits ? 'does not run, the client waits' : 'does not run'}`, async () => {
            const { ran, told, account } = (await runs.get(condition)) ?? assert.fail('the run was not started');
            const text = told[index] ?? '';
            const itRan = ran.has(trial.file);
            note(`${condition.name}: ${trial.what}`, client, itRan ? 'runs' : waits ? 'refused (waits)' : 'refused');
            assert.equal(itRan, trial.may === 'run', `${trial.file} ${itRan ? 'was' : 'was not'} made\n${account}`);
            if (trial.told !== undefined) assert.match(text, trial.told, account);
            if (!itRan && !waits) assert.notEqual(text.trim(), '', 'the model was told nothing');
          });
        });
      }
    });
  }
});

async function runIn(client: AgentClient, condition: Condition): Promise<Seen> {
  const machine = new Machine();
  try {
    await furnish(machine);
    const deeds = condition.trials.map(({ deed }) => deed);
    const { told, account } = await condition.around(machine, (options) => runClient(client, machine, deeds, options), client);
    return { ran: new Set(machine.files()), told, account };
  } finally {
    machine.close();
  }
}
