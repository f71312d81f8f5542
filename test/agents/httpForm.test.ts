import assert from 'node:assert/strict';
import { createServer, connect, type Server } from 'node:net';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import path from 'node:path';
import { readHttpAddress } from '../../src/node/endpoint/httpAddress.ts';
import { claude } from './clients/claude.ts';
import type { Deed } from './client.ts';
import { furnish } from './conditions.ts';
import { fetchClients } from './fetchClient.ts';
import { Machine } from './machine.ts';
import { openGate } from './policy.ts';
import { runClient, type ClientRun, type RunOptions } from './runClient.ts';
import { note } from './table.ts';

const deeds: readonly Deed[] = ['allowed.txt', 'denied.txt', 'yes.txt', 'no.txt'].map((file) => ({ kind: 'shell', command: `touch ${file}` }));

describe(`${claude.title} ${claude.version} with its hook over HTTP`, () => {
  let machine: Machine;
  let way: Server;

  before(async function () {
    this.timeout('10m');
    await fetchClients(console.log);
  });
  beforeEach(async () => {
    machine = new Machine();
    await furnish(machine);
    // The jail has a loopback of its own: what goes to the editor's port there comes out at the one here
    way = createServer((near) => {
      const far = connect(readHttpAddress(machine.userFolder)?.port ?? 1, '127.0.0.1');
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    });
    await new Promise<void>((done) => way.listen(path.join(machine.folder, 'door.sock'), done));
  });
  afterEach(async () => {
    await new Promise((done) => way.close(done));
    machine.close();
  });

  function run(options: RunOptions = {}): Promise<ClientRun> {
    return runClient(claude, machine, deeds, { form: 'http', ways: () => ({ [readHttpAddress(machine.userFolder)?.port ?? assert.fail('no address was set up')]: path.join(machine.folder, 'door.sock') }), ...options });
  }

  function seen(row: string): readonly string[] {
    const files = machine.files().toSorted();
    note(`hook over HTTP, ${row}: command, allowed by a rule`, claude, files.includes('allowed.txt') ? 'runs' : 'refused');
    return files;
  }

  it('runs what is allowed, by a rule or by a person, and nothing else; the model is told why', async () => {
    const open = await openGate(machine, ({ request }) => (JSON.stringify(request).includes('yes.txt') ? 'allow_once' : 'deny_once'));
    try {
      const { told, account } = await run();
      assert.deepEqual(seen('editor open'), ['allowed.txt', 'yes.txt'], account);
      assert.match(told[1] ?? '', /The rule is "deny/);
      assert.match(told[3] ?? '', /Denied by the user/);
      assert.deepEqual(open.asked.map(({ request }) => request.actor?.name), ['Claude Code', 'Claude Code']);
    } finally {
      await open.close();
    }
  });

  it('runs nothing at all while no editor is open', async () => {
    const { account } = await run();
    assert.deepEqual(seen('editor gone'), [], account);
  });

  const answers: readonly (readonly [what: string, answer: RequestListener])[] = [
    ['editor hangs', () => undefined],
    ['editor answers garbage', (_, response) => void response.end('yes, please')],
    ['editor answers a failure', (_, response) => void response.writeHead(500).end('{}')],
    ['editor hangs up', (_, response) => void response.destroy()],
  ];
  for (const [what, answer] of answers) {
    it(`runs nothing where the ${what}`, async () => {
      let ill: ReturnType<typeof createHttpServer> | undefined;
      try {
        const { account } = await run({
          change: (text) => text.replace(/"timeout": \d+/, '"timeout": 2'),
          watch() {
            ill = createHttpServer(answer).listen(readHttpAddress(machine.userFolder)?.port, '127.0.0.1');
          },
        });
        assert.deepEqual(seen(what), [], account);
      } finally {
        ill?.closeAllConnections();
        await new Promise((done) => (ill === undefined ? done(undefined) : ill.close(done)));
      }
    });
  }
});
