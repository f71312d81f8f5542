import assert from 'node:assert/strict';
import { PolicyEditor, Workspace } from '../editor/policyEditor.ts';
import { ExampleGateway, IrcServer, Person } from './ircServer.ts';

describe('A person on IRC, through the example gateway and the editor', () => {
  let workspace: Workspace;
  let server: IrcServer;
  let editor: PolicyEditor;
  let gateway: ExampleGateway | undefined;
  let ada: Person | undefined;

  beforeEach(async () => {
    workspace = await Workspace.make();
    server = await IrcServer.start(workspace.home);
    editor = await PolicyEditor.open(workspace);
  });
  afterEach(async function () {
    await editor?.pictureOf(this.currentTest);
    ada?.leave();
    gateway?.stop();
    await editor?.close();
    server?.stop();
    workspace?.remove();
  });

  it('pairs, sends a task, and approves the write of the agent', async () => {
    editor.start('coworkPolicy.addChannel');
    await editor.prompted('Add a Channel');
    await editor.choose('Another Gateway');
    await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Copy the Token' }).click();
    await editor.until('the token is on the clipboard', async () => /^[\w-]{43}$/.test(await editor.clipboard()));
    const token = await editor.clipboard();
    await editor.notified('The channel bridge is set up');
    gateway = new ExampleGateway(workspace.folder, server.port, token, workspace.userFolder);
    await editor.until('the gateway is attached', () => workspace.journal().some((entry) => entry.type === 'channel_status' && entry.state === 'connected'));

    editor.start('coworkPolicy.generatePairingCode');
    let code: string | undefined;
    await editor.until('the code is shown', async () => {
      code ??= (await editor.notifications()).map((text) => /Pairing code: ([A-Z2-9]{6})\./.exec(text)?.[1]).find((found) => found !== undefined);
      return code !== undefined;
    });
    ada = await Person.join(server.port, 'ada');
    ada.write(`PRIVMSG gate :!pair ${code ?? ''}`);
    await ada.hears(/You are paired/);
    ada.write('PRIVMSG gate :write notes/irc.md: from afar');
    await ada.hears(/notes\/irc\.md/);
    const answer = /(\d+a) = Allow once/;
    await ada.hears(answer);
    const word = ada.heard.map((line) => answer.exec(line)?.[1]).find((found) => found !== undefined);
    assert.equal(workspace.read('notes/irc.md'), undefined);
    ada.write(`PRIVMSG gate :${word ?? ''}`);
    await ada.hears(/I wrote notes\/irc\.md\./);
    assert.equal(workspace.read('notes/irc.md'), 'from afar');
    assert.ok(!JSON.stringify(workspace.journal()).includes(token), 'the token is nowhere in the record');
  });
});
