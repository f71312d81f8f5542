import assert from 'node:assert/strict';
import { readHost } from '../../../../src/core/describe/host.ts';
import { decodePunycode } from '../../../../src/core/describe/punycode.ts';

describe('reading a host', () => {
  const cases: readonly (readonly [text: string, host: string | undefined, hostClass?: string, more?: object])[] = [
    ['https://example.com/x', 'example.com', 'public', { scheme: 'https', rest: '/x' }],
    ['https://evil.example./x', 'evil.example', 'public'],
    ['HTTP://EVIL.Example:80/', 'evil.example', 'public', { scheme: 'http', port: undefined }],
    ['https://api.example.com:8443/', 'api.example.com', 'public', { port: 8443 }],
    ['https://api.example.com:443/', 'api.example.com', 'public', { port: undefined }],
    ['http://2130706433/', '127.0.0.1', 'loopback'],
    ['http://0x7f.1/', '127.0.0.1', 'loopback'],
    ['http://0177.0.0.1', '127.0.0.1', 'loopback'],
    ['http://127.1', '127.0.0.1', 'loopback'],
    ['http://[::ffff:127.0.0.1]/', '127.0.0.1', 'loopback'],
    ['http://[::ffff:a00:1]/', '10.0.0.1', 'private'],
    ['http://[0:0:0:0:0:0:0:1]/', '::1', 'loopback'],
    ['::1', '::1', 'loopback'],
    ['[::1]:8080', '::1', 'loopback', { port: 8080 }],
    ['localhost:3000', 'localhost', 'loopback', { port: 3000 }],
    ['http://foo.localhost/', 'foo.localhost', 'loopback'],
    ['http://127.0.0.2/', '127.0.0.2', 'loopback'],
    ['http://0.0.0.0:8080/', '0.0.0.0', 'unspecified'],
    ['http://[::]/', '::', 'unspecified'],
    ['http://10.0.0.1/admin', '10.0.0.1', 'private'],
    ['http://172.31.0.1', '172.31.0.1', 'private'],
    ['http://172.32.0.1', '172.32.0.1', 'public'],
    ['http://192.168.1.1', '192.168.1.1', 'private'],
    ['http://[fd12::1]/', 'fd12::1', 'private'],
    ['http://[fe80::1]/', 'fe80::1', 'link_local'],
    ['http://169.254.1.1', '169.254.1.1', 'link_local'],
    ['http://169.254.169.254/latest', '169.254.169.254', 'metadata'],
    ['http://metadata.google.internal/', 'metadata.google.internal', 'metadata'],
    ['http://[::ffff:169.254.169.254]/', '169.254.169.254', 'metadata'],
    ['http://[64:ff9b::a9fe:a9fe]/', '64:ff9b::a9fe:a9fe', 'metadata'],
    ['http://intranet/', 'intranet', 'private'],
    ['http://printer.local/', 'printer.local', 'private'],
    ['http://10.0.0.1.nip.io/', '10.0.0.1.nip.io', 'private'],
    ['http://app-127-0-0-1.sslip.io/', 'app-127-0-0-1.sslip.io', 'loopback'],
    ['http://x.localtest.me/', 'x.localtest.me', 'loopback'],
    ['//h.example/x', 'h.example', 'public', { scheme: undefined }],
    ['https://bücher.example/', 'xn--bcher-kva.example', 'public'],
    ['BÜCHER.example', 'xn--bcher-kva.example', 'public'],
    ['http://ⓔvil.example', 'evil.example', 'public'],
    ['http://%65vil.example/', 'evil.example', 'public'],
    ['ssh://git@h.example:22/x', 'h.example', 'public', { scheme: 'ssh', userinfo: 'git', port: undefined }],
    ['https://u:p@evil.example/', 'evil.example', 'public', { userinfo: 'u:p' }],
    ['https://a..b/', undefined],
    ['data:text/html,x', undefined],
    ['javascript:alert(1)', undefined],
    ['/etc/passwd', undefined],
    ['http://x:99999/', undefined],
    ['http://[fe80::1%25eth0]/', undefined],
    ['http:///', undefined],
    ['', undefined],
  ];
  for (const [text, host, hostClass, more] of cases) {
    it(`reads ${JSON.stringify(text)} as ${host ?? 'no host'}`, () => {
      const reading = readHost(text);
      if (!reading.ok) {
        assert.equal(host, undefined, reading.why);
        return;
      }
      assert.equal(reading.host, host);
      assert.equal(reading.hostClass, hostClass);
      assert.equal(reading.doubt, undefined);
      for (const [key, value] of Object.entries(more ?? {})) assert.equal(Reflect.get(reading, key), value, key);
    });
  }

  for (const text of ['https://good.com\\@evil.com/', 'https:evil.com', 'https:/evil.com/', 'https://ev\til.com/', ' https://evil.com', 'https://a@b@evil.com/', 'https:\\\\evil.com']) {
    it(`doubts ${JSON.stringify(text)}, which programs read differently, and still names a host`, () => {
      const reading = readHost(text);
      assert.ok(reading.ok && reading.doubt !== undefined && reading.host.endsWith('.com'));
    });
  }

  const marked: readonly (readonly [text: string, mark: RegExp])[] = [
    ['https://paypal.com@evil.example/', /before the @ is a user name.*the host is evil\.example/],
    ['https://xn--pple-43d.com/', /reads аpple\.com/],
    ['https://аpple.com/', /mixes letters of several scripts/],
    ['https://аpple.com/', /looks like apple\.com/],
    ['http://0x7f000001/', /127\.0\.0\.1 in an unusual spelling/],
    ['http://%65vil.example/', /percent-encoded/],
  ];
  for (const [text, mark] of marked) {
    it(`marks ${text}: ${mark.source}`, () => {
      const reading = readHost(text);
      assert.ok(reading.ok && reading.marks?.some((line) => mark.test(line)), JSON.stringify(reading));
    });
  }

  it('has no mark on an ordinary host', () => {
    const reading = readHost('https://docs.example.com/guide');
    assert.ok(reading.ok && reading.marks === undefined);
  });

  it('reads a long run of labels in one go', () => {
    assert.equal(readHost(`https://${'a.'.repeat(50_000)}!`).ok, false);
  });
});

describe('decoding punycode', () => {
  for (const [label, shown] of [['bcher-kva', 'bücher'], ['pple-43d', 'аpple'], ['80akhbyknj4f', 'испытание'], ['!', undefined], ['99999999', undefined]] as const) {
    it(`${label} is ${shown ?? 'malformed'}`, () => {
      assert.equal(decodePunycode(label), shown);
    });
  }

  it('never throws, however long a host is', () => {
    for (const piece of ['-eyJ', 'a', 'é', '%61', 'a.', 'xn--a', '1.', '[']) {
      for (const count of [64, 253, 256, 1_000, 5_000, 100_000]) {
        const found = readHost(`https://${piece.repeat(count)}`);
        assert.ok(!found.ok || found.host.length <= 253, piece);
      }
    }
  });
});
