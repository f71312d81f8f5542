import assert from 'node:assert/strict';
import { foldPath, isInside, readPath } from '../../../../src/core/describe/path.ts';
import type { PathReading } from '../../../../src/core/describe/path.ts';
import type { Surroundings } from '../../../../src/core/surroundings.ts';

const links: Readonly<Record<string, string>> = { '/ws/link': '/ws/secrets', '/ws/ext': '/outside', '/tmp': '/private/tmp' };

function resolveWith(table: Readonly<Record<string, string | undefined>>) {
  return (path: string): string | undefined => {
    for (const [from, to] of Object.entries(table)) {
      if (path === from || path.startsWith(`${from}/`)) return to === undefined ? undefined : to + path.slice(from.length);
    }
    return path;
  };
}

function surroundings(change: Partial<Surroundings> = {}, table: Readonly<Record<string, string | undefined>> = links): Surroundings {
  return {
    workspace: '/ws', home: '/home/u', temporary: '/private/tmp', platform: 'linux', shell: 'bash',
    files: { resolve: resolveWith(table), readText: () => undefined }, ...change,
  };
}

const windows = surroundings({ platform: 'win32', shell: 'pwsh', workspace: 'C:/ws', home: 'C:/Users/u' }, {});

function shown(reading: PathReading): string {
  return reading.ok ? reading.path + (reading.throughLink ? ' (link)' : '') : 'refused';
}

describe('reading a path', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['a/b.txt', '/ws/a/b.txt'],
    ['./a/../b//c/.', '/ws/b/c'],
    ['.', '/ws'],
    ['..', '/'],
    ['../../../etc/passwd', '/etc/passwd'],
    ['/etc//passwd', '/etc/passwd'],
    ['/', '/'],
    ['a/', '/ws/a'],
    ['...', '/ws/...'],
    ['.hidden/..x', '/ws/.hidden/..x'],
    ['~', '/home/u'],
    ['~/.ssh/id_rsa', '/home/u/.ssh/id_rsa'],
    ['~root/.ssh', 'refused'],
    ['backup~', '/ws/backup~'],
    ['file:///ws/secrets/key', '/ws/secrets/key'],
    ['file://localhost/ws/a%20b', '/ws/a b'],
    ['FILE:/ws/a', '/ws/a'],
    ['file:///ws/%2e%2e/etc/passwd', '/etc/passwd'],
    ['file://server/share', 'refused'],
    ['file:///ws/a%2fb', 'refused'],
    ['file:///ws/a%00', 'refused'],
    ['file:///ws/%zz', 'refused'],
    ['https://example.com/x', 'refused'],
    ['$HOME/.ssh/id_rsa', 'refused'],
    ['${HOME}/.ssh/id_rsa', 'refused'],
    ['$id.tsx', '/ws/$id.tsx'],
    ['a\0b', 'refused'],
    ['a\nb', 'refused'],
    ['a\u009bb', 'refused'],
    ['', 'refused'],
    ['x'.repeat(5000), 'refused'],
    ['link/key', '/ws/secrets/key (link)'],
    ['ext/f.txt', '/outside/f.txt (link)'],
    ['link/../key', '/ws/key'],
    ['ext/../key', 'refused'],
    ['a/../link/key', '/ws/secrets/key (link)'],
    ['/proc/self/cwd/a', '/ws/a (link)'],
    ['/proc/self/root/etc/passwd', '/etc/passwd (link)'],
    ['/proc/1/root/etc/passwd', '/etc/passwd (link)'],
    ['/proc/self/root/proc/self/cwd/../etc/passwd', 'refused'],
    ['/proc/self/cwd/../etc/passwd', 'refused'],
    ['/proc/1/cwd/a', 'refused'],
    ['/proc/self/fd/3', 'refused'],
    ['/proc/thread-self/cwd/a', '/ws/a (link)'],
    ['/proc/self/environ', '/proc/self/environ'],
    ['/dev/fd/63', 'refused'],
  ];
  for (const [text, expected] of cases) {
    const title = text.length > 60 ? `${text.slice(0, 20)}…` : JSON.stringify(text);
    it(`reads ${title} as ${expected}`, () => {
      assert.equal(shown(readPath(text, '/ws', surroundings())), expected);
    });
  }

  it('starts a relative path at the folder given', () => {
    assert.equal(shown(readPath('../x', '/ws/a/b', surroundings())), '/ws/a/x');
  });

  it('refuses a path whose links cannot be followed, with its text as a guess', () => {
    const reading = readPath('loop/x', '/ws', surroundings({}, { '/ws/loop': undefined }));
    assert.deepEqual(reading, { ok: false, why: 'The links on the path cannot be followed.', guess: '/ws/loop/x' });
  });

  it('keeps the name that a link was reached by', () => {
    assert.deepEqual(readPath('link/key', '/ws', surroundings()), { ok: true, path: '/ws/secrets/key', throughLink: true, named: '/ws/link/key' });
  });

  it('refuses a link that leads into /proc, whose links differ for every program', () => {
    assert.equal(readPath('p/environ', '/ws', surroundings({}, { '/ws/p': '/proc/1' })).ok, false);
  });
});

describe('reading a Windows path', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['a\\b.txt', 'C:/ws/a/b.txt'],
    ['c:\\Users\\u\\x', 'C:/Users/u/x'],
    ['C:/a/../b', 'C:/b'],
    ['..\\..\\..\\x', 'C:/x'],
    ['\\Windows\\System32', 'C:/Windows/System32'],
    ['~\\x', 'C:/Users/u/x'],
    ['file:///C:/a%20b', 'C:/a b'],
    ['.env.', 'C:/ws/.env'],
    ['.git \\hooks. .\\x', 'C:/ws/.git/hooks/x'],
    ['...\\x', 'refused'],
    ['C:x', 'refused'],
    ['\\\\server\\share\\x', 'refused'],
    ['//server/share', 'refused'],
    ['\\\\?\\C:\\x', 'refused'],
    ['\\??\\C:\\x', 'refused'],
    ['.env::$DATA', 'refused'],
    ['NUL', 'refused'],
    ['a\\con.txt', 'refused'],
    ['lpt1 .txt', 'refused'],
    ['console.txt', 'C:/ws/console.txt'],
    ['PROGRA~1\\x', 'refused'],
    ['notes~1999.md', 'C:/ws/notes~1999.md'],
    ['%USERPROFILE%\\x', 'refused'],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)} as ${expected}`, () => {
      assert.equal(shown(readPath(text, 'C:/ws', windows)), expected);
    });
  }

  it('guesses the file of a stream, so that a deny on the file holds', () => {
    assert.deepEqual(readPath('.env:x', 'C:/ws', windows), { ok: false, why: 'The path names a stream of a file.', guess: 'C:/ws/.env' });
  });
});

describe('inside a folder', () => {
  const cases = [
    ['/ws/a', '/ws', 'linux', true], ['/ws', '/ws', 'linux', true], ['/ws-sibling/a', '/ws', 'linux', false], ['/a', '/', 'linux', true],
    ['/WS/a', '/ws', 'linux', false], ['/WS/a', '/ws', 'darwin', true], ['C:/WS/a', 'C:/ws', 'win32', true], ['/w', '/ws', 'linux', false],
    ['/ws/caf\u0065\u0301/x', '/ws/caf\u00e9', 'darwin', true], ['/ws/.\u017fsh/x', '/ws/.ssh', 'darwin', true],
  ] as const;
  for (const [path, folder, platform, expected] of cases) {
    it(`${path} is ${expected ? '' : 'not '}inside ${folder} on ${platform}`, () => {
      assert.equal(isInside(path, folder, platform), expected);
    });
  }

  it('folding leaves Linux names alone', () => {
    assert.equal(foldPath('/Ws/É', 'linux'), '/Ws/É');
  });

  it('macOS names with characters that its file system ignores are refused', () => {
    assert.equal(readPath('.g\u200cit/config', '/ws', surroundings({ platform: 'darwin' })).ok, false);
  });
});
