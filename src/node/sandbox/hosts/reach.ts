import type { HostFound } from '../../../core/describe/host.ts';
import type { Network } from '../../tools/http/network.ts';

/**
 * How a command in a sandbox gets at hosts, one at a time: whoever runs it says which, and finds their addresses. Both
 * functions are asked while the command waits.
 */
export interface Reach {
  /** Whether it may, for `https://host:port/` as it was asked for; a text for the command where it may not. Never rejects */
  allow(url: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>;
  /** Addresses that were checked and may be connected to. Rejects with a sentence where there are none */
  addresses(found: HostFound): Promise<readonly string[]>;
  readonly network: Pick<Network, 'connect'>;
}
