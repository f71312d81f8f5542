import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ChannelSettings, defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import { openStore } from '../../../src/node/store/openStore.ts';
import { TestClock } from '../node/store/testFolders.ts';
import { runWith, values } from './fakeConsole.ts';

describe('the command line: doctor on channels', () => {
  let folder: string;
  let home: string;
  const before = process.env['COWORK_POLICY_HOME'];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cowork-cli-'));
    home = mkdtempSync(path.join(tmpdir(), 'cowork-cli-home-'));
    process.env['COWORK_POLICY_HOME'] = home;
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
    rmSync(home, { recursive: true });
    if (before === undefined) delete process.env['COWORK_POLICY_HOME'];
    else process.env['COWORK_POLICY_HOME'] = before;
  });

  async function checks(settings: Partial<ChannelSettings>): Promise<Readonly<Record<string, unknown>>> {
    const store = await openStore({ folder, userFolder: home, clock: new TestClock() });
    await store.commit([{ type: 'settings_changed', change: { channels: { tg: { ...defaultChannel('telegram'), ...settings } } }, by: 'editor' }]);
    await store.close();
    const lines = values((await runWith(['doctor', '--json'], [], folder)).out).filter(({ id }) => ['pairing', 'groups', 'paired'].includes(String(id)));
    return Object.fromEntries(lines.map(({ id, state }) => [String(id), state]));
  }

  it('says nothing of channels that are off', async () => assert.deepEqual(await checks({ securityMode: 'open' }), {}));
  it('passes the defaults, but for the code that nobody tried', async () => assert.deepEqual(await checks({ enabled: true }), { pairing: 'pass', groups: 'pass', paired: 'warn' }));
  it('fails where everybody is let in', async () => assert.equal((await checks({ enabled: true, securityMode: 'open' }))['pairing'], 'fail'));
});
