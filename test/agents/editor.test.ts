import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClient } from '../../src/agents/clients.ts';
import { PolicyEditor, Workspace } from '../editor/policyEditor.ts';
import { clients } from './clients.ts';
import type { Deed, Place } from './client.ts';
import { fetchClients } from './fetchClient.ts';
import { runClient } from './runClient.ts';
import { note } from './table.ts';

/** How long a client may take until it asks, in milliseconds */
const patience = 90_000;

describe('A real client and a real editor', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;

  before(async function () {
    this.timeout('10m');
    await fetchClients(console.log);
    workspace = await Workspace.make();
    editor = await PolicyEditor.open(workspace);
  });
  afterEach(async function () {
    await editor?.pictureOf(this.currentTest);
  });
  after(async () => {
    await editor?.close();
    workspace?.remove();
  });

  for (const client of clients) {
    it(`${client.title} ${client.version}: the prompt shows what it wants, and both answers work`, async () => {
      const place: Place = {
        folder: workspace.home, workspace: workspace.folder, userFolder: workspace.userFolder,
        home: path.join(workspace.home, `${client.name}-home`), temporary: path.join(workspace.home, `${client.name}-tmp`),
      };
      mkdirSync(place.home);
      mkdirSync(place.temporary);
      const [yes, no] = [`${client.name}-yes.txt`, `${client.name}-no.txt`];
      const deeds: readonly Deed[] = [yes, no].map((file) => ({ kind: 'shell', command: `touch ${file}` }));
      const run = runClient(client, place, deeds);
      const answering = answer(`${findClient(client.name)?.title ?? '?'} wants to run a command`, [[yes, 'Allow once'], [no, 'Deny once']]);
      // A client that ends early says more than a prompt that never comes
      await Promise.race([answering, run.then(() => answering)]);
      const { told, account } = await run;

      const [yesRan, noRan] = [yes, no].map((file) => workspace.read(file) !== undefined);
      note('real editor: command, the person says yes in the prompt', client, yesRan === true ? 'runs' : 'refused');
      note('real editor: command, the person says no in the prompt', client, noRan === true ? 'runs' : 'refused');
      assert.deepEqual([yesRan, noRan], [true, false], account);
      assert.match(told[1] ?? '', /Denied by the user/, account);
    });
  }

  async function isShown(text: string): Promise<boolean> {
    return (await editor.prompt.isVisible()) && (await editor.rows())[0]?.includes(text) === true;
  }

  async function answer(title: string, answers: readonly (readonly [shown: string, row: string])[]): Promise<void> {
    for (const [shown, row] of answers) {
      for (const end = Date.now() + patience; !(await isShown(shown)) && Date.now() < end; ) await sleep(200);
      assert.ok(await isShown(shown), `the prompt never showed ${shown}`);
      await editor.prompted(title);
      await editor.choose(row);
    }
  }
});
