import assert from 'node:assert/strict';
import { clock } from '../../../src/cli/clock.ts';
import { decideAlone } from '../../../src/cli/hookAlone.ts';
import type { Entry } from '../../../src/gate/entry.ts';
import { sessionOf } from '../../../src/gate/sessions.ts';
import { openStore } from '../../../src/node/store/openStore.ts';
import { userFolder } from '../../../src/node/userFolder.ts';
import { useFolder } from './useFolder.ts';

const actor = { kind: 'agent', name: 'Claude Code', session: 's1' } as const;
const session = sessionOf({ tool: '', actor });
const write = { tool: 'write_file', input: { path: 'a.txt', content: 'text' }, actor };

describe('a hook that decides alone and may leave a question to its agent', () => {
  let folder: string;
  useFolder((made) => {
    folder = made;
  });

  async function prepare(...entries: readonly Entry[]): Promise<void> {
    const store = await openStore({ folder, userFolder: userFolder(), clock, watch: false });
    await store.commit([{ type: 'settings_changed', change: { mode: 'default', permissions: { read: true, write: true, delete: true, shell: true, network: true } }, by: 'test' }, ...entries]);
    await store.close();
  }
  const alone = async (request: object = write): Promise<string> => {
    const result = await decideAlone({ request: request as typeof write, workspace: folder, userFolder: userFolder(), mayAsk: true });
    return result.kind === 'ruled' ? `${result.ruling.decision} ${result.ruling.message}` : result.kind;
  };

  it('leaves it to the agent as long as the task may go on', async () => {
    await prepare();
    assert.match(await alone(), /^ask .*No editor has this workspace open/);
  });

  it('denies what a task asks that the user stopped', async () => {
    await prepare({ type: 'task_stopped', session, by: 'editor' });
    assert.match(await alone(), /^deny .*The user stopped this task/);
    assert.match(await alone({ ...write, actor: { ...actor, session: 's2' } }), /^ask /);
  });

  it('denies what a task asks that has used up a budget', async () => {
    await prepare({ type: 'result', requestId: 1, ok: true, use: { session, tokens: 100_000, cost: 0 } });
    assert.match(await alone(), /^deny .*used up its budget: 100,000 of 100,000 tokens/);
  });

  it('counts what it leaves to the agent, so that sixty requests a minute and the budget hold', async () => {
    await prepare({ type: 'settings_changed', change: { limits: { maxIterationsPerTask: 5 } }, by: 'test' });
    for (let count = 0; count < 5; count += 1) assert.match(await alone(), /^ask /);
    assert.match(await alone(), /^deny .*used up its budget: 5 of 5 requests/);
  });
});
