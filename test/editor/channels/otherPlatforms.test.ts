import assert from 'node:assert/strict';
import { discord } from '../../channels/servers/discordServer.ts';
import type { Platform, PlatformServer, Shown } from '../../channels/servers/platform.ts';
import { slack } from '../../channels/servers/slackServer.ts';
import { PolicyEditor, Workspace } from '../policyEditor.ts';

/** The platforms that need a WebSocket of the editor's, with their secrets in the order they are asked for */
const platforms: readonly (readonly [platform: Platform, id: string, secrets: readonly string[]])[] = [
  [discord, 'discord', ['token']],
  [slack, 'slack', ['token', 'appToken']],
];

for (const [platform, id, secrets] of platforms) {
  describe(`A person on ${platform.name}, through the editor`, () => {
    let workspace: Workspace;
    let server: PlatformServer;
    let editor: PolicyEditor;

    beforeEach(async () => {
      workspace = await Workspace.make();
      server = await platform.start();
      editor = await PolicyEditor.open(workspace, { settings: { 'coworkPolicy.channelServers': { [id]: server.baseUrl } } });
    });
    afterEach(async function () {
      await editor?.pictureOf(this.currentTest);
      await editor?.close();
      await server?.close();
      workspace?.remove();
    });

    const hears = (what: string, isIt: (message: Shown) => boolean): Promise<void> => editor.until(`the chat shows ${what}; it shows ${JSON.stringify(server.shown.map(({ text }) => text))}`, () => server.shown.some(isIt));

    it('pairs, sends a task, and approves the write of the agent from the chat', async () => {
      editor.start('coworkPolicy.addChannel');
      await editor.prompted('Add a Channel');
      await editor.choose(platform.name);
      for (const name of secrets) {
        const field = editor.prompt.locator('input[type=password]');
        await editor.until(`the ${name} is asked for`, async () => (await field.count()) > 0 && (await field.inputValue()) === '');
        await field.fill(server.secrets[name] ?? '');
        await editor.page.keyboard.press('Enter');
      }
      await editor.notified(`The channel ${id} is set up`);
      await editor.until('the channel is connected', () => workspace.journal().some((entry) => entry.type === 'channel_status' && entry.state === 'connected'));

      editor.start('coworkPolicy.generatePairingCode');
      let code: string | undefined;
      await editor.until('the code is shown', async () => {
        code ??= (await editor.notifications()).map((text) => /Pairing code: ([A-Z2-9]{6})\./.exec(text)?.[1]).find((found) => found !== undefined);
        return code !== undefined;
      });
      server.say({ text: `!pair ${code ?? ''}` });
      await hears('that they are paired', ({ text }) => /paired/i.test(text));

      server.say({ text: 'write notes/chat.md: from afar' });
      await hears('the question', ({ buttons }) => buttons.length > 0);
      const question = server.shown.findLast(({ buttons }) => buttons.length > 0);
      const allow = question?.buttons.find(({ label }) => label === 'Allow once');
      assert.ok(question !== undefined && allow !== undefined);
      assert.match(question.text, /notes\/chat\.md/);
      assert.equal(question.plain, true);
      server.press(question.messageId, allow.data);
      await hears('that it is done', ({ text }) => text.includes('I wrote notes/chat.md.'));
      assert.equal(workspace.read('notes/chat.md'), 'from afar');
      await editor.until('the buttons are gone', () => server.shown.find(({ messageId }) => messageId === question.messageId)?.buttons.length === 0);
      for (const secret of Object.values(server.secrets)) assert.ok(!JSON.stringify(workspace.journal()).includes(secret), 'a token is nowhere in the record');
    });
  });
}
