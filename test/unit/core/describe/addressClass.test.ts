import assert from 'node:assert/strict';
import net from 'node:net';
import { classOfIpv4, classOfIpv6, readIpv4 } from '../../../../src/core/describe/addressClass.ts';
import { readHost } from '../../../../src/core/describe/host.ts';

function classOf(address: string): string {
  const reading = readHost(address.includes(':') ? `http://[${address}]/` : `http://${address}/`);
  assert.ok(reading.ok, address);
  return reading.hostClass;
}

/** First and last address of each block that IANA's registries of special addresses do not call globally reachable, and their class */
const closed: readonly (readonly [first: string, last: string, hostClass: string, what: string])[] = [
  ['0.0.0.0', '0.255.255.255', 'unspecified', 'this network'], ['10.0.0.0', '10.255.255.255', 'private', 'private use'], ['100.64.0.0', '100.127.255.255', 'private', 'shared by a provider'],
  ['127.0.0.0', '127.255.255.255', 'loopback', 'loopback'], ['169.254.0.0', '169.254.255.255', 'link_local', 'link local'], ['172.16.0.0', '172.31.255.255', 'private', 'private use'],
  ['192.0.0.0', '192.0.0.255', 'private', 'protocol assignments'], ['192.0.2.0', '192.0.2.255', 'private', 'documentation'], ['192.88.99.0', '192.88.99.255', 'private', 'relays of 6to4'],
  ['192.168.0.0', '192.168.255.255', 'private', 'private use'], ['198.18.0.0', '198.19.255.255', 'private', 'benchmarking'], ['198.51.100.0', '198.51.100.255', 'private', 'documentation'],
  ['203.0.113.0', '203.0.113.255', 'private', 'documentation'], ['224.0.0.0', '239.255.255.255', 'private', 'multicast'], ['240.0.0.0', '255.255.255.255', 'private', 'reserved, and broadcast'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', 'private', 'translation of a network of one’s own'], ['100::', '100::ffff:ffff:ffff:ffff', 'private', 'discard'], ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff', 'private', 'dummy'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'protocol assignments'], ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'documentation'], ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'documentation'],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'segment routing'], ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'unique local'], ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'link_local', 'link local'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'site local'], ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'multicast'], ['4000::', '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private', 'not handed out'],
];

/** Neighbours of those blocks, and what people use */
const open = [
  '1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.3.0', '192.0.43.8', '192.0.78.24',
  '192.88.98.255', '192.88.100.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255', '168.63.129.15', '168.63.129.17', '8.8.8.8',
  '2001:200::', '2001:db7:ffff::1', '2001:db9::', '2000::', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '3ffe::1', '64:ff9b::808:808', '2002:808:808::1',
];

describe('the class of an address', () => {
  for (const [first, last, hostClass, what] of closed) {
    it(`${first} to ${last} (${what}): ${hostClass}`, () => {
      assert.deepEqual([classOf(first), classOf(last)], [hostClass, hostClass]);
    });
  }

  for (const address of open) it(`${address}: public`, () => assert.equal(classOf(address), 'public'));

  for (const [address, what] of [
    ['169.254.169.254', 'most clouds'], ['168.63.129.16', 'Azure’s WireServer'], ['169.254.170.2', 'ECS'], ['169.254.170.23', 'EKS'], ['169.254.42.42', 'Scaleway'], ['169.254.0.23', 'Tencent'], ['100.100.100.200', 'Alibaba'], ['192.0.0.192', 'Oracle'],
    ['fd00:ec2::254', 'EC2'], ['fd00:ec2:0:0:0:0:0:23', 'EKS'], ['fd20:ce::254', 'GCP'], ['fd00:42::42', 'Scaleway'], ['fd00:c1::a9fe:a9fe', 'Oracle'], ['fe80::a9fe:a9fe', 'OpenStack'],
  ] as const) it(`${address}: where ${what} gives credentials`, () => assert.equal(classOf(address), 'metadata'));

  for (const [how, around, clean] of [
    ['compatible', (four: string) => `::${four}`, 'private'], ['translated without state', (four: string) => `::ffff:0:${four}`, 'private'], ['NAT64', (four: string) => `64:ff9b::${four}`, 'public'], ['NAT64 of a network of one’s own, 96 bits', (four: string) => `64:ff9b:1::${four}`, 'private'],
    ['NAT64 of a network of one’s own, 48 bits', (four: string) => { const [a, b, c, d] = hex(four); return `64:ff9b:1:${a}${b}:${c}:${d}00::`; }, 'private'], ['NAT64 of a network of one’s own, 56 bits', (four: string) => { const [a, b, c, d] = hex(four); return `64:ff9b:1:${a}:${b}:${c}${d}::`; }, 'private'],
    ['NAT64 of a network of one’s own, 64 bits', (four: string) => { const [a, b, c, d] = hex(four); return `64:ff9b:1:0:${a}:${b}${c}:${d}00:0`; }, 'private'], ['6to4', (four: string) => { const [a, b, c, d] = hex(four); return `2002:${a}${b}:${c}${d}::1`; }, 'public'],
    ['the server of Teredo', (four: string) => { const [a, b, c, d] = hex(four); return `2001:0:${a}${b}:${c}${d}:0:0:f7f7:f7f7`; }, 'private'], ['the client of Teredo', (four: string) => { const [a, b, c, d] = hex(four, 0xff); return `2001:0:808:808:0:0:${a}${b}:${c}${d}`; }, 'private'],
  ] as const) {
    it(`what IPv6 carries to IPv4 counts: ${how}`, () => {
      assert.equal(classOf(around('169.254.169.254')), 'metadata');
      assert.equal(classOf(around('127.0.0.1')), 'loopback');
      assert.equal(classOf(around('10.1.2.3')), 'private');
      assert.equal(classOf(around('8.8.4.4')), clean);
    });
  }

  it('agrees with Node’s own reading of blocks, over all first halves and random rests', () => {
    const list = new net.BlockList();
    for (const [first, last] of closed) list.addRange(first, last, first.includes(':') ? 'ipv6' : 'ipv4');
    const metadata = new net.BlockList();
    metadata.addAddress('168.63.129.16');
    let random = 1;
    for (let half = 0; half < 0x10000; half += 1) {
      random = (random * 48_271) % 0x7fffffff;
      const address = [half >>> 8, half & 255, (random >>> 8) & 255, random & 255].join('.');
      const four = readIpv4(address);
      assert.ok(four !== undefined);
      assert.equal(classOfIpv4(four) === 'public', !list.check(address) && !metadata.check(address), address);
      const six = `${half.toString(16)}:${(random & 0xffff).toString(16)}:${(random >>> 15).toString(16)}::1`;
      const canonical = new URL(`http://[${six}]/`).hostname.slice(1, -1);
      const isHandedOut = half >= 0x2000 && half < 0x4000;
      if (half !== 0x2002 && half !== 0x64) assert.equal(classOfIpv6(canonical) === 'public', isHandedOut && !list.check(canonical, 'ipv6'), canonical);
    }
  });

  for (const text of ['256.0.0.1', '1.2.3', '1.2.3.4.5', '', 'a.b.c.d', '1.2.3.4 ']) it(`${JSON.stringify(text)} is no IPv4 address`, () => assert.equal(readIpv4(text), undefined));
});

function hex(four: string, turned = 0): readonly string[] {
  return four.split('.').map((part) => (Number(part) ^ turned).toString(16).padStart(2, '0'));
}
