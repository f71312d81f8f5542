import assert from 'node:assert/strict';
import type { PolicyEditor, Workspace } from './policyEditor.ts';
import { useEditor } from './useEditor.ts';

const usedUp = 'Sample Agent has used up its budget';

describe('A task that uses up its budget', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({ settings: { limits: { maxIterationsPerTask: 5 } } }, (opened) => {
    ({ workspace, editor } = opened);
  });
  const read = () => editor.ask({ tool: 'read_file', input: { path: 'garden.txt' } });
  const readAll = async (times: number): Promise<void> => {
    for (let count = 0; count < times; count += 1) assert.equal((await read()).decision, 'allow');
  };
  const recorded = async (action: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    let rows: Awaited<ReturnType<Workspace['query']>> = [];
    await editor.until(`${action} stands in policy.db`, async () => {
      rows = await workspace.query(`SELECT user_id, details FROM audit_log WHERE action = '${action}'`);
      return rows.length > 0;
    });
    return rows.map(({ user_id: by, details }) => ({ by, ...(JSON.parse(String(details)) as object) }));
  };

  it('is told of in the status bar before it does, with the figures', async () => {
    await readAll(4);
    await editor.status.filter({ hasText: '80 % of the budget' }).waitFor();
    await readAll(1);
    await editor.status.filter({ hasText: '100 % of the budget' }).waitFor();
  });

  it('asks once for all that waits, and goes on as far as a person grants', async () => {
    const waiting = [read(), read()];
    await editor.prompted(usedUp);
    assert.match(await editor.prompt.innerText(), /It has used 5 of 5 requests in a minute\. For: read_file: 5 requests\./);
    assert.ok(!(await editor.rows()).some((row) => /workspace|session/.test(row)), 'only for once');
    await editor.status.filter({ hasText: '1 waiting' }).waitFor();
    await editor.choose('Give it another 5 requests');
    for (const verdict of await Promise.all(waiting)) assert.equal(verdict.decision, 'allow');
    await readAll(3);
    const [granted] = await recorded('budget_granted');
    assert.deepEqual([granted?.['by'], granted?.['upTo']], ['editor', { iterations: 10 }]);
  });

  it('shows the whole of what was used before it is answered', async () => {
    void read();
    await editor.prompted(usedUp);
    await editor.choose('Show the whole request');
    await editor.page.locator('.tab', { hasText: 'Request.txt' }).waitFor();
    await editor.page.locator('.view-line', { hasText: 'It has used 10 of 10 requests' }).waitFor();
    await editor.status.click();
    await editor.prompted(usedUp);
    await editor.page.keyboard.press('Escape');
  });

  it('ends where a person stops it: the agent hears why and how it could go on, and is not asked about again', async () => {
    await editor.status.click();
    await editor.prompted(usedUp);
    await editor.choose('Stop this task');
    await editor.status.filter({ hasText: 'task stopped' }).waitFor();
    const { decision, message } = await read();
    assert.equal(decision, 'deny');
    assert.match(message, /stopped this task.*The user can give it more in the section Sandbox and Limits/);
    assert.equal(await editor.prompt.isVisible(), false);
    assert.equal((await recorded('task_stopped'))[0]?.['by'], 'editor');
  });

  it('stays ended in a window that was loaded anew', async () => {
    await editor.reload();
    assert.match((await read()).message, /stopped this task/);
    await editor.status.filter({ hasText: 'task stopped' }).waitFor();
  });
});
