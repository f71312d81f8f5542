import assert from 'node:assert/strict';
import { StoreError } from '../../../../src/gate/ports.ts';
import { verifyChain } from '../../../../src/node/store/verifyChain.ts';
import { TestFolders, added, note } from './testFolders.ts';

describe('a folder that two stores open', () => {
  let folders: TestFolders;
  beforeEach(() => {
    folders = new TestFolders();
  });
  afterEach(() => folders.remove());

  it('has one writer; the other one shows the state, names the owner and records nothing', async () => {
    const first = await folders.open();
    await first.commit([added()]);
    const second = await folders.open();
    assert.equal(second.state.closedBecause?.code, 'busy');
    assert.ok(second.state.closedBecause?.message.includes(String(process.pid)));
    assert.equal(second.state.workspaceRules.length, 1);
    assert.deepEqual(second.state.problems, []);
    await assert.rejects(second.commit([note('x')]), (error) => error instanceof StoreError && error.problem.code === 'busy');
    await first.commit([added()]);
    assert.deepEqual(await verifyChain(folders.workspace, folders.user), { ok: true, entries: 2 });
  });

  it('follows the writer, and takes over once it is gone', async () => {
    const first = await folders.open();
    await first.commit([added()]);
    const second = await folders.open();
    await first.commit([added()]);
    folders.clock.advance(5000);
    await second.history();
    assert.equal(second.state.workspaceRules.length, 2);
    assert.equal(second.state.closedBecause?.code, 'busy');
    await first.commit([added()]);
    await first.close();
    folders.clock.advance(5000);
    await second.history();
    assert.equal(second.state.closedBecause, undefined);
    assert.equal(second.state.workspaceRules.length, 3);
    await second.commit([added()]);
    assert.deepEqual(await verifyChain(folders.workspace, folders.user), { ok: true, entries: 4 });
  });

  it('lets whoever commits first make it, where there was no state yet', async () => {
    const first = await folders.open();
    const second = await folders.open();
    await second.commit([note('second')]);
    await assert.rejects(first.commit([note('first')]), (error) => error instanceof StoreError && error.problem.code === 'busy');
    assert.equal(first.state.closedBecause?.code, 'busy');
  });

  it('is only looked at by a store that reads', async () => {
    const reader = await folders.open({ readOnly: true });
    assert.equal(reader.state.closedBecause?.code, 'read_only');
    await assert.rejects(reader.commit([note('x')]), StoreError);
    await reader.close();
    const writer = await folders.open();
    await writer.commit([added()]);
    const late = await folders.open({ readOnly: true });
    assert.equal(late.state.workspaceRules.length, 1);
    assert.deepEqual((await late.history()).map(({ sequence }) => sequence), [1]);
  });
});
