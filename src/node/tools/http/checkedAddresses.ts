import net from 'node:net';
import type { HostClass } from '../../../core/action.ts';
import { type HostFound, readHost } from '../../../core/describe/host.ts';
import type { Evaluation } from '../../../core/decide/evaluation.ts';
import { visible } from '../../../core/visible.ts';
import { ToolError } from '../toolError.ts';
import type { Network } from './network.ts';

/** Where a name of one class may lead without a rule: what it was decided as, or the whole world */
const expected: Readonly<Record<HostClass, readonly HostClass[]>> = {
  public: ['public'],
  private: ['private', 'public'],
  loopback: ['loopback'],
  link_local: ['link_local'],
  metadata: ['metadata', 'link_local'],
  unspecified: ['loopback', 'unspecified'],
};

/** What the gate says of a call on this address, without asking anybody */
export type Evaluate = (url: string) => Evaluation | Promise<Evaluation>;

/**
 * The addresses of a host that may be connected to: asked for once, all of them checked, and then only these are used, so that
 * no second answer of the name service counts (rebinding). One address that a name of this kind has no business at, and that no
 * rule allows, refuses them all.
 */
export async function checkedAddresses(found: HostFound, scheme: string, network: Network, evaluate: Evaluate): Promise<readonly string[]> {
  const { host, hostClass } = found;
  // An address written out was decided as it is
  if (net.isIP(host) !== 0) return [host];
  const addresses = await resolve(host, network);
  for (const address of addresses) {
    const kind = classOf(address);
    if (kind !== undefined && expected[hostClass].includes(kind)) continue;
    const port = found.port === undefined ? '' : `:${found.port}`;
    const { decision, reason } = await evaluate(`${scheme}://${net.isIPv6(address) ? `[${address}]` : address}${port}/`);
    if (kind === undefined || decision !== 'allow' || reason.type !== 'rule') {
      throw new ToolError('blocked_address', `${visible(host)} leads to ${visible(address)}, which is ${wordFor(kind)}, and no rule allows that address; nothing was sent. A person can add a domain rule for ${visible(address)}.`);
    }
  }
  return addresses;
}

async function resolve(host: string, network: Network): Promise<readonly string[]> {
  try {
    const addresses = await network.resolve(host);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    throw new ToolError('unreachable', `The name ${visible(host)} has no address (${error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error)}).`, { cause: error });
  }
  throw new ToolError('unreachable', `The name ${visible(host)} has no address.`);
}

/** Nothing for a text that is no address, or one with a zone, which only this machine understands */
function classOf(address: string): HostClass | undefined {
  if (net.isIP(address) === 0 || address.includes('%')) return undefined;
  const read = readHost(address);
  return read.ok ? read.hostClass : undefined;
}

function wordFor(kind: HostClass | undefined): string {
  switch (kind) {
    case 'loopback': return 'this machine itself';
    case 'private': return 'not on the open network';
    case 'link_local': return 'on the local link';
    case 'metadata': return 'where clouds hand out credentials';
    case 'unspecified': return 'no address of another machine';
    case 'public': return 'on the open network';
    case undefined: return 'no plain address';
  }
}
