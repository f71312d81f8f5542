import { readHost } from '../core/describe/host.ts';
import { ChannelError } from './channel.ts';

/** Where a platform is: its API, and whose hosts its files and sockets are on */
export interface Vendor {
  /** Name for people: `Telegram` */
  readonly name: string;
  /** Address of the API, without a slash at the end */
  readonly api: string;
  /** Domains of the vendor; files and sockets may be on any host below them */
  readonly domains: readonly string[];
}

/**
 * The vendor as it is to be reached: itself, or the server that `baseUrl` names, which then is the only host there is.
 * Throws a `ChannelError` where the address cannot be used: a token never travels in the clear, except to this machine.
 */
export function placesOf(vendor: Vendor, baseUrl: string | undefined): Vendor {
  if (baseUrl === undefined) return vendor;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !isSafe(url) || url.search !== '' || url.hash !== '') {
    throw new ChannelError('refused', `The address of the ${vendor.name} server must begin with https:// (http:// is for this machine only) and hold no password. Correct it, then connect again.`);
  }
  return { name: vendor.name, api: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, domains: [] };
}

/**
 * An address that a platform named, if it is one of its own places; `undefined` otherwise. What the platform sends cannot make
 * us reach for anything else.
 *
 * - encrypted and below one of the vendor's domains, on the usual port; or host and port of its API
 * - never with a password in it
 */
export function ownAddress(vendor: Vendor, address: string, kind: 'file' | 'socket'): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const [plain, encrypted] = kind === 'file' ? ['http:', 'https:'] : ['ws:', 'wss:'];
  if (url.protocol !== plain && url.protocol !== encrypted) return undefined;
  const api = new URL(vendor.api);
  if (url.host === api.host && isSafe(url)) return url;
  const below = vendor.domains.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`));
  return below && url.protocol === encrypted && url.port === '' && isSafe(url) ? url : undefined;
}

function isSafe(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' || url.protocol === 'wss:') return true;
  if (url.protocol !== 'http:' && url.protocol !== 'ws:') return false;
  const host = readHost(url.host);
  return host.ok && host.hostClass === 'loopback';
}
