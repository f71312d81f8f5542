import assert from 'node:assert/strict';
import { findInstallation } from '../../src/agents/installation.ts';
import { clients } from './clients.ts';
import { furnish } from './conditions.ts';
import { fetchClients } from './fetchClient.ts';
import { Machine } from './machine.ts';
import { openGate } from './policy.ts';
import { runClient } from './runClient.ts';
import { note } from './table.ts';

/** Seconds: clients that are given longer are told to wait for weeks, and five minutes are too long for a test */
const soon = 60;

describe('A question that nobody answers', () => {
  before(async function () {
    this.timeout('10m');
    await fetchClients(console.log);
  });

  for (const client of clients.filter(({ name }) => (findInstallation(name)?.deadline ?? soon) < soon)) {
    it(`${client.title} ${client.version}: is denied before the client itself lets the tool run`, async () => {
      const machine = new Machine();
      try {
        await furnish(machine);
        const open = await openGate(machine, () => undefined);
        try {
          const { told, account } = await runClient(client, machine, [{ kind: 'shell', command: 'touch asked.txt' }]);
          note('nobody answers: command, to be asked', client, machine.has('asked.txt') ? 'runs' : 'refused');
          assert.equal(open.asked.length, 1, account);
          assert.equal(machine.has('asked.txt'), false, account);
          assert.match(told[0] ?? '', /Nobody answered within/, account);
        } finally {
          await open.close();
        }
      } finally {
        machine.close();
      }
    });
  }
});
