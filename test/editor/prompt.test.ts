import assert from 'node:assert/strict';
import { PolicyEditor, Workspace } from './policyEditor.ts';
import { closeAfterEach, useEditor } from './useEditor.ts';

const runsCommand = 'Sample Agent wants to run a command';

describe('The prompt', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({}, (opened) => {
    ({ workspace, editor } = opened);
  });
  const run = (command: string) => editor.ask({ tool: 'run_command', input: { command } });

  it('shows what would be hidden or turned into a picture', async () => {
    const verdict = run('echo $(trash) \u202Etxt.exe\u200B');
    await editor.prompted(runsCommand);
    assert.ok((await editor.rows()).some((row) => row.includes('\\u{202e}txt.exe\\u{200b}')), (await editor.rows()).join('\n'));
    const shown = await editor.prompt.locator('.monaco-list-row').first().innerText();
    assert.ok(shown.includes('$(trash)'), shown);
    await editor.choose('Deny once');
    assert.equal((await verdict).decision, 'deny');
  });

  it('takes no answer from keys that were on their way when it opened', async () => {
    const verdict = run('touch early.txt');
    await editor.prompt.waitFor();
    for (const key of ['ArrowDown', 'Enter', 'x', 'Enter']) await editor.page.keyboard.press(key);
    await editor.prompted(runsCommand);
    assert.equal(await editor.prompt.locator('input').inputValue(), '');
    await editor.choose('Allow once');
    assert.equal((await verdict).answer, 'allow_once');
  });

  it('leaves the approval waiting on Escape, counts it, and comes back only when called', async () => {
    const verdict = run('touch waiting.txt');
    await editor.prompted(runsCommand);
    await editor.page.keyboard.press('Escape');
    await editor.prompt.waitFor({ state: 'hidden' });
    await editor.status.filter({ hasText: '1 waiting' }).waitFor();
    assert.equal(workspace.read('waiting.txt'), undefined);
    await editor.status.click();
    await editor.prompted(runsCommand);
    await editor.choose('Allow once');
    assert.equal((await verdict).decision, 'allow');
    await editor.until('the command ran', () => workspace.read('waiting.txt') !== undefined);
  });

  it('does not open while the window is not in front: one notification, and the prompt when the window comes back', async () => {
    await editor.front(false);
    const first = run('touch behind-1.txt');
    const second = run('touch behind-2.txt');
    await editor.status.filter({ hasText: '2 waiting' }).waitFor();
    assert.equal(await editor.prompt.isVisible(), false);
    assert.deepEqual(await editor.notifications(), ['Sample Agent wants to run a command']);
    await editor.front(true);
    await editor.page.keyboard.press('Enter');
    await editor.prompted(runsCommand);
    await editor.choose('Deny once');
    assert.equal((await first).settledBy, 'person');
    await editor.until('the second one is shown', async () => (await editor.rows())[0]?.includes('behind-2') === true);
    await editor.prompted(runsCommand);
    await editor.choose('Deny once');
    assert.equal((await second).settledBy, 'person');
  });

  it('shows one of two approvals, then the other', async () => {
    const first = run('touch one.txt');
    await editor.prompted(runsCommand);
    const second = run('touch two.txt');
    await editor.status.filter({ hasText: '2 waiting' }).waitFor();
    assert.ok((await editor.rows())[0]?.includes('touch one.txt'));
    await editor.choose('Allow once');
    assert.equal((await first).decision, 'allow');
    await editor.until('the second one is shown', async () => (await editor.rows())[0]?.includes('touch two.txt') === true);
    await editor.prompted(runsCommand);
    await editor.choose('Deny once');
    assert.equal((await second).decision, 'deny');
  });

  it('hands a comment to the agent', async () => {
    const verdict = run('touch comment.txt');
    await editor.prompted(runsCommand);
    await editor.choose('Comment for the agent');
    await editor.prompted('Comment for the agent');
    await editor.page.keyboard.type('Use the script instead');
    await editor.page.keyboard.press('Enter');
    await editor.prompted(runsCommand);
    assert.match(await editor.prompt.innerText(), /Use the script instead/);
    await editor.choose('Deny once');
    const { comment, message } = await verdict;
    assert.equal(comment, 'Use the script instead');
    assert.match(message, /Use the script instead/);
  });

  it('lets the scope be made wider, and the rule covers what it says', async () => {
    const verdict = run('npm view left-pad');
    await editor.prompted(runsCommand);
    await editor.choose('Edit the scope');
    await editor.prompted('Edit the scope');
    await editor.choose('commands starting with "npm view"');
    await editor.prompted(runsCommand);
    await editor.choose('Deny for this workspace');
    assert.equal((await verdict).decision, 'deny');
    assert.ok(workspace.mirror().some((rule) => rule.scope['prefix'] === 'npm view'), JSON.stringify(workspace.mirror()));
    assert.deepEqual([(await run('npm view right-pad')).settledBy], ['policy']);
  });

  it('refuses a scope that would not cover the request', async () => {
    const verdict = run('touch scope.txt');
    await editor.prompted(runsCommand);
    await editor.choose('Edit the scope');
    await editor.prompted('Edit the scope');
    await editor.page.keyboard.press('Control+A');
    await editor.page.keyboard.type('mkdir');
    await editor.choose('commands starting with "mkdir"');
    await editor.prompted(runsCommand);
    await editor.choose('Allow for this workspace');
    await editor.prompted(runsCommand);
    assert.match(await editor.prompt.innerText(), /does not cover/);
    assert.equal(workspace.read('scope.txt'), undefined);
    await editor.choose('Deny once');
    assert.equal((await verdict).decision, 'deny');
    assert.ok(!workspace.mirror().some((rule) => rule.scope['prefix'] === 'mkdir'));
  });

  it('runs the command as the person changed it, and says so', async () => {
    const verdict = run('touch asked.txt');
    await editor.prompted(runsCommand);
    await editor.choose('Edit the command');
    await editor.prompted('Edit the command');
    await editor.page.keyboard.press('Control+A');
    await editor.page.keyboard.type('touch changed.txt');
    await editor.page.keyboard.press('Enter');
    await editor.prompted(runsCommand);
    assert.match(await editor.prompt.innerText(), /touch changed\.txt/);
    await editor.page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
    await editor.choose('Allow once');
    const { decision, edited } = await verdict;
    assert.deepEqual([decision, edited?.input], ['allow', { command: 'touch changed.txt' }]);
    await editor.until('the changed command ran', () => workspace.read('changed.txt') !== undefined);
    assert.equal(workspace.read('asked.txt'), undefined);
  });

  it('does not take a changed command that the policy denies', async () => {
    const verdict = run('touch edit.txt');
    await editor.prompted(runsCommand);
    await editor.choose('Edit the command');
    await editor.prompted('Edit the command');
    await editor.page.keyboard.press('Control+A');
    await editor.page.keyboard.type('sudo touch edit.txt');
    await editor.page.getByText(/^Denied: /).first().waitFor();
    await editor.page.keyboard.press('Enter');
    assert.equal(await editor.prompt.locator('.quick-input-title').innerText(), 'Edit the command');
    await editor.page.keyboard.press('Escape');
    await editor.prompted(runsCommand);
    await editor.choose('Deny once');
    assert.equal((await verdict).decision, 'deny');
  });

  it('opens the diff of a write to a file that is there', async () => {
    const verdict = editor.ask({ tool: 'edit_file', input: { path: 'garden.txt', old_string: 'May', new_string: 'June' } });
    await editor.prompted('Sample Agent wants to change a file');
    await editor.choose('Open the diff');
    const diff = editor.page.locator('.monaco-diff-editor').first();
    await diff.waitFor();
    await editor.until('both sides are shown', async () => {
      const text = (await diff.innerText()).replaceAll('\u00a0', ' ');
      return text.includes('beans in May') && text.includes('beans in June');
    });
    await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.closeActiveEditor'));
    await editor.prompted('Sample Agent wants to change a file');
    await editor.choose('Deny once');
    assert.equal((await verdict).decision, 'deny');
    assert.match(workspace.read('garden.txt') ?? '', /May/);
  });

  it('opens the diff of a write to a new file', async () => {
    const verdict = editor.ask({ tool: 'write_file', input: { path: 'fresh.md', content: 'first line' } });
    await editor.prompted('Sample Agent wants to change a file');
    await editor.choose('Open the diff');
    await editor.page.locator('.tab', { hasText: 'fresh.md (new file)' }).waitFor();
    await editor.status.click();
    await editor.prompted('Sample Agent wants to change a file');
    await editor.choose('Deny once');
    assert.equal((await verdict).decision, 'deny');
  });

  it('shows where exported data goes, and offers no answer for all workspaces', async () => {
    const verdict = editor.ask({ tool: 'http_request', input: { url: 'http://127.0.0.1:9/in', method: 'POST', body: 'x', path: 'garden.txt' } });
    await editor.prompted('Sample Agent wants to send data out');
    assert.ok(!(await editor.rows()).some((row) => row.includes('all my workspaces')));
    await editor.choose('Show where the data goes');
    await editor.prompted('Where the data goes');
    const facts = await editor.prompt.innerText();
    assert.match(facts, /127\.0\.0\.1/);
    assert.match(facts, /POST/);
    await editor.page.keyboard.press('Escape');
    await editor.prompted('Sample Agent wants to send data out');
    await editor.choose('Deny once');
    assert.equal((await verdict).decision, 'deny');
  });

  it('lets a command that sends data out be denied for the session, with one rule for the command and what it sends', async () => {
    const verdict = run('git push origin main');
    await editor.prompted('Sample Agent wants to run a command that sends data out');
    await editor.choose('Deny for this session');
    assert.deepEqual([(await verdict).answer, (await run('git push origin main')).settledBy], ['deny_session', 'policy']);
  });

  it('shows the whole of a long request in a document, and comes back when it is closed', async () => {
    const verdict = run(`echo ${'long '.repeat(100)}end-of-it`);
    await editor.prompted(runsCommand);
    await editor.choose('Show the whole request');
    await editor.reads('Request.txt', /end-of-it/);
    await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.closeActiveEditor'));
    await editor.prompted(runsCommand);
    await editor.choose('Deny once');
    assert.equal((await verdict).decision, 'deny');
  });

  it('approves all of a session only after a second step, leaves deletes out, and stops when told', async () => {
    const verdict = run('touch all-1.txt');
    await editor.prompted(runsCommand);
    await editor.choose('Approve all for this session');
    await editor.prompted('Approve all for this session?');
    assert.match(await editor.prompt.innerText(), /deletes, exports, location/);
    await editor.choose('Yes, approve all');
    assert.equal((await verdict).decision, 'allow');
    assert.deepEqual([(await run('touch all-2.txt')).decision], ['allow']);
    const remove = editor.ask({ tool: 'delete_file', input: { path: 'all-2.txt' } });
    await editor.prompted('Sample Agent wants to delete a file');
    await editor.choose('Deny once');
    assert.equal((await remove).decision, 'deny');
    await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('coworkPolicy.stopApprovingAll'));
    const again = run('touch all-3.txt');
    await editor.prompted(runsCommand);
    await editor.choose('Deny once');
    assert.equal((await again).decision, 'deny');
  });
});

describe('The prompt for a person who was away from the window, which stayed in front', () => {
  let workspace: Workspace;
  let editor: PolicyEditor | undefined;
  closeAfterEach(() => ({ editor, workspace }));

  it('takes the first key with which they come back', async () => {
    workspace = await Workspace.make();
    const opened = await PolicyEditor.open(workspace, { inTurn: false });
    editor = opened;
    const { page } = opened;
    // The editor looks every 30 s whether somebody is there
    await page.clock.install();
    await opened.reload();
    const verdict = opened.ask({ tool: 'run_command', input: { command: 'touch away.txt' } });
    await opened.prompted(runsCommand);
    const isActive = (): Promise<boolean> => opened.editor.runInExtensionHost((vscode) => vscode.window.state.active);
    await opened.until('the editor takes them for away', async () => {
      await page.clock.fastForward('00:31');
      return !(await isActive());
    });
    await page.keyboard.press('Enter');
    assert.deepEqual([(await verdict).settledBy, await isActive()], ['person', true]);
  });
});
