import assert from 'node:assert/strict';
import { clock } from '../../../src/cli/clock.ts';
import { decideAlone } from '../../../src/cli/hookAlone.ts';
import type { Entry } from '../../../src/gate/entry.ts';
import { sessionOf } from '../../../src/gate/sessions.ts';
import { openStore } from '../../../src/node/store/openStore.ts';
import { userFolder } from '../../../src/node/userFolder.ts';
import { runWith, values } from './fakeConsole.ts';
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

  it('goes on once the user has given the task more on the command line, which only looks at the others', async () => {
    await prepare({ type: 'result', requestId: 1, ok: true, use: { session, tokens: 100_000, cost: 0 } }, { type: 'task_stopped', session: 'agent/other', by: 'editor' });
    assert.match(await alone(), /cowork-policy tasks list$/);
    const call = (...words: readonly string[]): ReturnType<typeof runWith> => runWith(['tasks', ...words], [], folder);
    assert.equal((await call('list')).out, `agent/other  other, 0 of 100 requests, 0 of 100,000 tokens, stopped\n${session}  Claude Code (s1), 0 of 100 requests, 100,000 of 100,000 tokens\n`);
    assert.deepEqual(await call('more', session), { code: 0, out: `It may go on: ${session}\n`, err: '' });
    assert.match(await alone(), /^ask /);
    const listed = values((await call('list', '--json')).out);
    assert.deepEqual(listed.map(({ id, stopped }) => [id, stopped]), [[session, false], ['agent/other', true]]);
    assert.match((await call('list')).out, /1 of 100 requests, 100,000 of 200,000 tokens/);
    assert.deepEqual([(await call('more', 'agent/none')).code, (await call('more')).code, (await call('less', session)).code], [1, 2, 2]);
    const held = await openStore({ folder, userFolder: userFolder(), clock, watch: false });
    await held.commit([{ type: 'problem', code: 'test', message: 'takes the lock' }]);
    assert.match((await call('more', session)).err, /An editor holds this folder/);
    await held.close();
  });

  it('counts what it leaves to the agent, so that sixty requests a minute and the budget hold', async () => {
    await prepare({ type: 'settings_changed', change: { limits: { maxIterationsPerTask: 5 } }, by: 'test' });
    for (let count = 0; count < 5; count += 1) assert.match(await alone(), /^ask /);
    assert.match(await alone(), /^deny .*used up its budget: 5 of 5 requests/);
  });
});
