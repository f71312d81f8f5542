import type { HostClass } from '../action.ts';

type Block = readonly [network: number, bits: number];

/** Writes an IPv4 address as the number it is; `undefined` for a text that is none */
export function readIpv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

function block(text: string): Block {
  const [address = '', bits = ''] = text.split('/');
  return [readIpv4(address) ?? 0, Number(bits)];
}

/**
 * All that IANA's registry of special IPv4 addresses does not call globally reachable (RFC 6890, as of 2025), and multicast.
 * Loopback, link-local and 0/8 are classes of their own.
 */
const closed4 = [
  '10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
].map(block);

/**
 * Where clouds hand out credentials: AWS, GCP, Azure and most others; ECS; EKS; Scaleway; Tencent; Alibaba; Oracle; and the
 * address at which Azure configures its machines (WireServer)
 */
const metadata4: ReadonlySet<number | undefined> = new Set(['169.254.169.254', '169.254.170.2', '169.254.170.23', '169.254.42.42', '169.254.0.23', '100.100.100.200', '192.0.0.192', '168.63.129.16'].map(readIpv4));

/** The class of an IPv4 address, as `readIpv4` gives it */
export function classOfIpv4(address: number): HostClass {
  if (metadata4.has(address)) return 'metadata';
  const first = address >>> 24;
  if (first === 127) return 'loopback';
  if (first === 0) return 'unspecified';
  if (address >>> 16 === 0xa9fe) return 'link_local';
  return closed4.some(([network, bits]) => address >>> (32 - bits) === network >>> (32 - bits)) ? 'private' : 'public';
}

/** The same services over IPv6: EC2 and ECS; EKS; GCP; Oracle; Scaleway; OpenStack */
const metadata6: ReadonlySet<string> = new Set(['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe', 'fd00:42::42', 'fe80::a9fe:a9fe']);

/** Blocks of IPv6, as words and how many bits of them count, that lie among the global ones and are not (IANA's registry of special IPv6 addresses) */
const closed6: readonly (readonly [words: readonly number[], bits: number])[] = [
  // Protocol assignments with Teredo and benchmarking, both blocks for documentation
  [[0x2001, 0x0000], 23], [[0x2001, 0x0db8], 32], [[0x3fff, 0x0000], 20],
];

/**
 * The class of an IPv6 address without brackets or zone, as the URL standard writes it. Only what is handed out (2000::/3) can be
 * public, and an address that carries one of IPv4 to a translator counts for that one too.
 */
export function classOfIpv6(host: string): HostClass {
  if (host === '::') return 'unspecified';
  if (host === '::1') return 'loopback';
  if (metadata6.has(host)) return 'metadata';
  const words = wordsOf(host);
  const [first = 0] = words;
  if ((first & 0xffc0) === 0xfe80) return 'link_local';
  const own = isTranslated(words) || ((first & 0xe000) === 0x2000 && !closed6.some(([block, bits]) => startsWith(words, block, bits))) ? 'public' : 'private';
  const classes = new Set([...carriedIn(words).map(classOfIpv4), own]);
  return weightiest.find((each) => classes.has(each)) ?? own;
}

/** Of several classes, the first here is the one to be careful about */
const weightiest: readonly HostClass[] = ['metadata', 'loopback', 'link_local', 'private', 'unspecified'];

/** NAT64 under its well-known prefix, 64:ff9b::/96 (RFC 6052): the far end is the IPv4 address in it */
function isTranslated(words: readonly number[]): boolean {
  return startsWith(words, [0x64, 0xff9b, 0, 0, 0, 0], 96);
}

/** The IPv4 addresses that an IPv6 address may be turned into on the way */
function carriedIn(words: readonly number[]): readonly number[] {
  const at = (index: number): number => (words[index] ?? 0) * 0x10000 + (words[index + 1] ?? 0);
  // Compatible ::a.b.c.d, mapped ::ffff:a.b.c.d, translated ::ffff:0:a.b.c.d (RFC 2765), NAT64
  if (startsWith(words, [0, 0, 0, 0], 64) || isTranslated(words)) return [at(6)];
  // NAT64 of a network of one's own (RFC 8215): behind a prefix of 48, 56, 64 or 96 bits, with the ninth byte left out (RFC 6052, 2.2)
  if (startsWith(words, [0x64, 0xff9b, 1], 48)) {
    const bytes = words.flatMap((word) => [word >>> 8, word & 0xff]).toSpliced(8, 1);
    return [6, 7, 8, 11].map((from) => bytes.slice(from, from + 4).reduce((number, byte) => number * 256 + byte, 0));
  }
  // 6to4 (RFC 3056), then Teredo (RFC 4380): its server, and its client with all bits turned
  if (words[0] === 0x2002) return [at(1)];
  if (startsWith(words, [0x2001, 0], 32)) return [at(2), 0xffffffff - at(6)];
  return [];
}

function startsWith(words: readonly number[], block: readonly number[], bits: number): boolean {
  return block.every((word, index) => {
    const counted = Math.min(16, bits - index * 16);
    return (words[index] ?? 0) >>> (16 - counted) === word >>> (16 - counted);
  });
}

/** The eight words of an address whose spelling is known to be right */
function wordsOf(host: string): readonly number[] {
  const [head = '', tail] = host.split('::');
  const read = (part: string): number[] => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const [before, after] = [read(head), tail === undefined ? [] : read(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}
