import { lookup } from 'node:dns/promises';
import net from 'node:net';

/** The network as tools reach it; handed in, so that tests have one of their own */
export interface Network {
  /** All addresses of a host name. Rejects where there are none */
  resolve(host: string): Promise<readonly string[]>;
  /** A connection to one address that was checked; it need not stand yet */
  connect(address: string, port: number): net.Socket;
  /** Certificate authorities besides the usual ones, PEM */
  readonly authorities?: readonly string[];
}

/** The network of this machine with its hosts file. No proxy: a proxy would resolve names itself, and nobody would have checked the address */
export const realNetwork: Network = {
  async resolve(host) {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  },
  connect: (address, port) => net.connect({ host: address, port }),
};
