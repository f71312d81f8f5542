import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { loadAdapter, type AdapterPlatform } from '../../src/channels/adapters.ts';
import { ChannelError, type OpenChannel } from '../../src/channels/channel.ts';
import { root } from '../house/root.ts';
import { discord } from './servers/discordServer.ts';
import { slack } from './servers/slackServer.ts';
import { telegram } from './servers/telegramServer.ts';
import { TestSurroundings } from './surroundings.ts';

const platforms: readonly (readonly [name: AdapterPlatform, platform: typeof telegram, opener: string])[] = [
  ['telegram', telegram, 'openTelegram'],
  ['discord', discord, 'openDiscord'],
  ['slack', slack, 'openSlack'],
];

describe('an adapter is loaded on first need', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'adapters-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, platform, opener] of platforms) {
    it(`${name}: by its platform`, async () => {
      assert.equal(await loadAdapter(name), platform.open);
    });

    it(`${name}: and its errors are known even where it is a bundle of its own`, async () => {
      const outfile = path.join(folder, `${name}.cjs`);
      await build({ entryPoints: [path.join(root, `src/channels/${name}/${name}.ts`)], bundle: true, minify: true, platform: 'node', format: 'cjs', target: 'node22', outfile, logLevel: 'silent' });
      const bundle = createRequire(import.meta.url)(outfile) as Readonly<Record<string, OpenChannel>>;
      const open = bundle[opener];
      assert.ok(open !== undefined && open !== platform.open);
      const server = await platform.start();
      try {
        const channel = open(new TestSurroundings(server));
        await assert.rejects(channel.send({ chat: { id: '404', context: 'direct' }, text: 'x' }, new AbortController().signal), (error) => error instanceof ChannelError && error.code === 'refused');
      } finally {
        await server.close();
      }
    });
  }

  it('and nothing else is taken for an error of an adapter', () => {
    assert.equal(new Error('x') instanceof ChannelError, false);
    assert.equal(({ name: 'ChannelError', code: 'refused', message: 'x' } as unknown) instanceof ChannelError, false);
    assert.equal(new ChannelError('secret', 'x') instanceof ChannelError, true);
  });
});
