import dgram from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import net from 'node:net';

/** A name service of a test: real packets over UDP, answers that the test decides, one list for each time it is asked */
export interface NameServer {
  /** Each time a name is asked for, the next of these lists is the answer; the last one stays */
  set(name: string, ...answers: readonly (readonly string[])[]): void;
  /** Names that were asked for, one entry for each question after A records */
  readonly asked: string[];
  resolve(host: string): Promise<readonly string[]>;
  close(): void;
}

const types = { A: 1, AAAA: 28 } as const;

export async function openNameServer(): Promise<NameServer> {
  const names = new Map<string, (readonly string[])[]>();
  const asked: string[] = [];
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.').toLowerCase();
    if (type === types.A) asked.push(name);
    const answers = names.get(name);
    const list = answers?.[0];
    // Both kinds are asked for in one go; the last of the two moves on
    if (type === types.AAAA && answers !== undefined && answers.length > 1) answers.shift();
    if (list === undefined && answers === undefined && name.startsWith('silent')) return;
    const addresses = (list ?? []).filter((address) => net.isIP(address) === (type === types.A ? 4 : 6) && (type === types.A || type === types.AAAA));
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(list === undefined ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(addresses.length, 6);
    header.writeUInt32BE(0, 8);
    const records = addresses.map((address) => {
      const data = type === types.A ? Buffer.from(address.split('.').map(Number)) : sixteen(address);
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(0, 6);
      record.writeUInt16BE(data.length, 10);
      return Buffer.concat([record, data]);
    });
    socket.send(Buffer.concat([header, query.subarray(12, at + 5), ...records]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 3_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    set: (name, ...answers) => void names.set(name, [...answers]),
    asked,
    async resolve(host) {
      const four = await resolver.resolve4(host).catch((error: unknown) => noData(error));
      const six = await resolver.resolve6(host).catch((error: unknown) => noData(error));
      return [...four, ...six];
    },
    close: () => {
      resolver.cancel();
      socket.close();
    },
  };
}

function noData(error: unknown): readonly string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENODATA') return [];
  throw error;
}

/** The 16 bytes of an IPv6 address */
function sixteen(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const words = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [first, last] = [words(head), words(tail ?? '')];
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  return Buffer.from(all.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]));
}
