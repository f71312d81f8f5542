import assert from 'node:assert/strict';
import { outsideMark, sendable } from '../../../src/channels/sendable.ts';

const linux = { workspace: '/work/app', home: '/home/dev', platform: 'linux' } as const;
const windows = { workspace: 'C:\\Users\\Dev\\app', home: 'C:\\Users\\Dev', platform: 'win32' } as const;
const token = '8123456:AAF_bot-token_value';

describe('what leaves on a channel', () => {
  for (const [text, sent] of [
    ['wrote /work/app/src/a.ts:12 for you', 'wrote src/a.ts:12 for you'],
    ['see /work/app', 'see .'],
    ['file:///work/app/a.ts', 'a.ts'],
    ['https://example.com/etc/passwd and /api/v1/users', 'https://example.com/etc/passwd and /api/v1/users'],
    ['use /status or either/or, 1/2, \\d+ and a\\b', 'use /status or either/or, 1/2, \\d+ and a\\b'],
    ['two\nlines', 'two\nlines'],
    ['hid\u202eden', 'hid\\u{202e}den'],
  ] as const) {
    it(`lets through, relative to the workspace: ${JSON.stringify(text)}`, () => assert.equal(sendable(text, linux, [token]).text, sent));
  }

  for (const text of [
    'read /etc/passwd', 'path=/etc/passwd', 'key:/etc/shadow', '"/home/dev/My Documents/tax.pdf"', '~/.ssh/id_rsa', '$HOME/.aws/credentials', 'file:///home/dev/x',
    '/work/application/secret.txt', '/work/app/../other/x', '(/usr/lib/x)', 'C:\\Users\\dev\\x.txt', '\\\\server\\share\\x', '`/var/log/syslog`', '/home/dev/x\u0000y',
  ]) {
    it(`takes out a path outside: ${JSON.stringify(text)}`, () => {
      const { text: sent, masked } = sendable(text, linux, []);
      assert.ok(sent.includes(outsideMark), sent);
      assert.ok(masked);
      for (const part of ['passwd', 'shadow', 'tax', 'id_rsa', 'credentials', 'secret', 'other', 'syslog', 'share', 'x.txt']) assert.ok(!sent.includes(part), sent);
    });
  }

  for (const [text, secret] of [[`my token is ${token}.`, token], ['key sk-abcdefghijklmnopqrstuvwx', 'sk-abcdefghijklmnopqrstuvwx'], ['password=hunter22x', 'hunter22x']] as const) {
    it(`takes out a secret: ${text}`, () => {
      const { text: sent, masked } = sendable(text, linux, [token]);
      assert.ok(!sent.includes(secret), sent);
      assert.ok(masked);
    });
  }

  it('knows Windows paths, whatever their case and slashes', () => {
    assert.equal(sendable('wrote c:/users/dev/app/src\\a.ts', windows, []).text, 'wrote src\\a.ts');
    assert.equal(sendable('C:\\Users\\Dev\\other\\x', windows, []).text, outsideMark);
  });

  it('says that nothing was taken out where nothing was', () => assert.equal(sendable('all well in src/a.ts', linux, [token]).masked, false));

  it('reads a hostile text in time that grows with its length only', () => {
    for (const hostile of ['/'.repeat(200_000), '"/'.repeat(100_000), 'a:/'.repeat(70_000), '~/'.repeat(100_000), '/home/'.repeat(40_000)]) {
      const before = process.cpuUsage().user;
      sendable(hostile, linux, []);
      assert.ok(process.cpuUsage(undefined).user - before < 3_000_000, hostile.slice(0, 6));
    }
  });
});
