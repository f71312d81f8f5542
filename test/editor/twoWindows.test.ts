import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../house/root.ts';
import { PolicyEditor, Workspace } from './policyEditor.ts';

const run = promisify(execFile);
const changesFile = 'Sample Agent wants to change a file';

describe('Two windows and a command line on one folder', () => {
  let workspace: Workspace;
  const open: PolicyEditor[] = [];

  afterEach(async function () {
    for (const editor of open.splice(0)) {
      await editor.pictureOf(this.currentTest);
      await editor.close();
    }
    workspace?.remove();
  });

  it('what the second window is asked is put to the person in the first, which holds the record', async () => {
    workspace = await Workspace.make();
    const first = await PolicyEditor.open(workspace);
    open.push(first);
    const second = await PolicyEditor.open(workspace);
    open.push(second);

    const verdict = second.ask({ tool: 'write_file', input: { path: 'notes/second.md', content: 'from the second window' } });
    await first.prompted(changesFile);
    await first.choose('Allow once');
    assert.deepEqual([(await verdict).decision, (await verdict).settledBy], ['allow', 'person']);
    assert.ok(workspace.journal().some((entry) => entry.type === 'decision' && entry.request.input?.['path'] === 'notes/second.md' && entry.answer === 'allow_once'));
  });

  it('the command line changes the policy through the window that holds it', async () => {
    workspace = await Workspace.make();
    const editor = await PolicyEditor.open(workspace);
    open.push(editor);
    await run(process.execPath, [path.join(root, 'dist/cli.js'), 'rules', 'add', 'deny', '--path', 'notes', '--workspace', workspace.folder], {
      env: { ...process.env, COWORK_POLICY_HOME: workspace.userFolder },
    });
    const verdict = await editor.ask({ tool: 'write_file', input: { path: 'notes/a.md', content: 'x' } });
    assert.deepEqual([verdict.decision, verdict.settledBy, verdict.evaluation.reason.type], ['deny', 'policy', 'rule']);
    assert.deepEqual(workspace.mirror().map(({ effect, scope }) => [effect, scope['path']]), [['deny', 'notes']]);
  });
});
