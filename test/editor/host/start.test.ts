import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../../house/root.ts';
import { needBrowser, releaseBrowser } from './browser.ts';

/** Runs `npm start` with these flags */
function start(...flags: readonly string[]) {
  const child = spawn(process.execPath, [path.join(root, 'test/start/start.ts'), ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return { child, ended, output: () => output };
}

describe('npm start', () => {
  it('without a screen: every step of the sample agent is asked about and ends as answered', async () => {
    const { ended, output } = start('--headless');
    assert.equal(await ended, 0, output());
    assert.match(output(), /Every step was asked about and ended as answered/);
  });

  it('serves an editor in which the first prompt appears, only to who has the whole address', async () => {
    const { child, ended, output } = start('--serve');
    const browser = await needBrowser();
    try {
      let address: string | undefined;
      while (address === undefined && child.exitCode === null) {
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
        [address] = /http:\S+tkn=\w+/.exec(output()) ?? [];
      }
      assert.ok(address, output());
      const bare = await fetch(new URL('/', address));
      assert.equal(bare.status, 403);
      const page = await browser.newPage();
      await page.goto(address);
      await page.locator('.quick-input-widget:visible').getByRole('option', { name: 'Allow once' }).waitFor({ timeout: 60_000 });
      child.kill('SIGINT');
      assert.equal(await ended, 0, output());
    } finally {
      child.kill('SIGINT');
      await releaseBrowser();
    }
  });
});
