import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe as read } from '../../src/core/describe/describe.ts';
import { readHost } from '../../src/core/describe/host.ts';
import { isInside, readPath } from '../../src/core/describe/path.ts';
import type { Request } from '../../src/core/request.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { allTools } from '../../src/core/describe/tools/catalogue.ts';

const surroundings: Surroundings = {
  workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash', files: { resolve: (path) => path, readText: () => undefined },
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }), fc.webUrl(), fc.ipV6(),
  fc.constantFrom('../a', '/etc/x', '~', '~u', 'file:///x', 'https://h.example/?q=1', 'a\0b', '*** Add File: x', 'C:\\x', '\\\\x\\y', '{/a,b}/**', '%', 'http://[::1', '::', 'xn--', '\ud800', 'ls; rm x'),
);
const key = fc.constantFrom('path', 'file_path', 'paths', 'url', 'urls', 'command', 'cwd', 'to', 'source', 'headers', 'method', 'body', 'pattern', 'input', 'files', '__proto__', 'constructor', 'params', 'prompt');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('value')), fc.dictionary(key, tie('value'))),
}));
const request: fc.Arbitrary<Request> = fc.record({
  tool: fc.constantFrom(...allTools().map(({ name }) => name), 'nobody_knows', 'mcp__a__b', 'mcp_x_y_z'),
  input: fc.dictionary(key, value),
  platform: fc.constantFrom('linux', 'win32', 'darwin'),
});

describe('describing whatever comes', () => {
  it('gives actions with absolute paths, never none, and no part of it fails', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { actions } = read(asked, surroundings);
        assert.ok(actions.length > 0);
        for (const action of actions) {
          assert.ok(action.uncertain?.startsWith('The request could not be read') !== true, action.uncertain);
          if ('path' in action && action.uncertain === undefined) assert.match(action.path, /^(?:[A-Z]:)?\/(?!.*(?:^|\/)\.\.?(?:\/|$))/s);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('says the same of the same request', () => {
    fc.assert(fc.property(request, (asked) => assert.deepEqual(read(asked, surroundings), read(structuredClone(asked), surroundings))), { numRuns: 1_000 });
  });

  it('a key more never takes an effect away', () => {
    const shape = (asked: Request): readonly string[] => read(asked, surroundings).actions.filter((action) => 'path' in action && action.uncertain === undefined).map((action) => `${action.kind} ${action.target}`);
    fc.assert(
      fc.property(fc.constantFrom('read_file', 'write_file', 'delete_file'), fc.stringMatching(/^[a-z/.]{1,12}$/), key, text, (tool, path, other, extra) => {
        fc.pre(other !== 'path');
        const more = shape({ tool, input: { path, [other]: extra } });
        for (const effect of shape({ tool, input: { path } })) assert.ok(more.includes(effect), `${effect} is not among ${more.join(', ')}`);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('reading paths and hosts', () => {
  it('a canonical host reads as itself', () => {
    fc.assert(
      fc.property(text, (address) => {
        const reading = readHost(address);
        if (!reading.ok) return;
        const again = readHost(reading.host);
        assert.deepEqual([again.ok && again.host, again.ok && again.hostClass], [reading.host, reading.hostClass]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a canonical path reads as itself from anywhere', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('/', '/ws', '/a/b'), (spelled, base) => {
        const reading = readPath(spelled, base, surroundings);
        if (!reading.ok || isInside(reading.path, '/proc', 'linux')) return;
        assert.deepEqual(readPath(reading.path, '/elsewhere', surroundings), { ok: true, path: reading.path, throughLink: false });
      }),
      { numRuns: 2_000 },
    );
  });
});
