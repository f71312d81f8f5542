import { readHost } from '../../../core/describe/host.ts';
import type { Request } from '../../../core/request.ts';
import { visible } from '../../../core/visible.ts';
import { stopIfCancelled } from '../cancelled.ts';
import type { Granted } from '../tool.ts';
import { readUrl } from '../../readUrl.ts';
import { ToolError } from '../toolError.ts';
import { checkedAddresses } from './checkedAddresses.ts';
import { type Answer, exchange } from './exchange.ts';
import { realNetwork } from './network.ts';

/** A request as an agent wants it; the gate decided about `url` of the first one */
export interface Wanted {
  readonly url: string;
  readonly method: string;
  /** Lower-case names */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HopBounds {
  readonly largest: number;
  /** Milliseconds on the network, of all hops together; the time that a person takes to answer does not count */
  readonly timeout: number;
  readonly followRedirects: boolean;
}

export interface Arrived {
  /** Address that answered */
  readonly url: string;
  readonly answer: Answer;
  /** Addresses that led there, the first one first */
  readonly redirects: readonly string[];
}

/** Redirects that are followed (cowork-facts 1.14) */
const mostRedirects = 10;
/** Headers that say nothing about who asks; all others stay with the host they were given for */
const harmless: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent']);
/** Headers that describe a body, and go with it */
const ofBody: ReadonlySet<string> = new Set(['content-type', 'content-language']);

/**
 * Sends a request and follows its redirects by hand: each hop is a request of its own that the gate decides, to addresses that
 * were checked for it. Credentials never go to another host, scheme or port.
 */
export async function followHops(first: Wanted, bounds: HopBounds, granted: Granted): Promise<Arrived> {
  const redirects: string[] = [];
  let wanted = first;
  let left = bounds.timeout;
  for (;;) {
    const began = performance.now();
    const answer = await hop(wanted, { ...bounds, timeout: left }, granted);
    left -= performance.now() - began;
    const next = bounds.followRedirects ? redirected(wanted, answer) : undefined;
    if (next === undefined) return { url: wanted.url, answer, redirects };
    redirects.push(wanted.url);
    if (redirects.length > mostRedirects) throw new ToolError('unreachable', `It was redirected more than ${mostRedirects} times; the last one was to ${visible(next.url).slice(0, 200)}.`);
    if (left <= 0) throw new ToolError('timed_out', 'The redirects took too long.');
    await decide(next, granted);
    wanted = next;
  }
}

async function hop({ url, method, headers, body }: Wanted, bounds: HopBounds, { request, context }: Granted): Promise<Answer> {
  const found = readHost(url);
  const parsed = readUrl(url);
  if (!found.ok || parsed === undefined || found.doubt !== undefined) throw new ToolError('bad_input', `The address cannot be used. ${found.ok ? (found.doubt ?? 'It cannot be read.') : found.why}`);
  if (found.scheme !== 'http' && found.scheme !== 'https') throw new ToolError('bad_input', 'Only http and https addresses are fetched.');
  if (found.userinfo !== undefined) throw new ToolError('bad_input', 'The address holds a user name or password; leave it out and put credentials into a header.');
  const network = context.network ?? realNetwork;
  const began = performance.now();
  const evaluate = (address: string) => context.gate.evaluate({ ...request, id: context.ids(), input: { url: address } });
  const addresses = await withDeadline(checkedAddresses(found, found.scheme, network, evaluate), bounds.timeout, found.host);
  stopIfCancelled(context.signal);
  return exchange({
    scheme: found.scheme, host: found.host, port: found.port ?? (found.scheme === 'https' ? 443 : 80), addresses, target: `${parsed.pathname}${parsed.search}`,
    method, headers, body: body === undefined ? undefined : Buffer.from(body),
  }, network, { largest: bounds.largest, timeout: Math.max(1, Math.round(bounds.timeout - (performance.now() - began))), signal: context.signal });
}

/** A name service may never answer */
async function withDeadline<Value>(work: Promise<Value>, timeout: number, host: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ToolError('timed_out', `The name ${visible(host)} was not resolved in time.`)), timeout);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a redirect asks for, as browsers read it (Fetch standard, HTTP-redirect fetch); nothing where it is none */
function redirected({ url, method, headers, body }: Wanted, { status, headers: { location } }: Answer): Wanted | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const next = readUrl(location, url);
  if (next === undefined) throw new ToolError('unreachable', `It was redirected to something that is no address: ${visible(location).slice(0, 200)}`);
  next.hash = '';
  const reads = (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');
  const sameOrigin = next.origin === new URL(url).origin;
  const kept = Object.entries(headers).filter(([name]) => (ofBody.has(name) ? !reads : sameOrigin || harmless.has(name)));
  return { url: next.href, method: reads ? 'GET' : method, headers: Object.fromEntries(kept), body: reads ? undefined : body };
}

/** Puts a hop to the gate like a call of the agent itself */
async function decide({ url, method, headers, body }: Wanted, { request, context }: Granted): Promise<void> {
  const { gate, ids, signal } = context;
  const plain = request.tool === 'web_fetch' && method === 'GET' && body === undefined;
  const input = plain ? { url } : { url, method, ...(Object.keys(headers).length === 0 ? {} : { headers }), ...(body === undefined ? {} : { body }) };
  const asked: Request = { ...request, id: ids(), tool: plain ? 'web_fetch' : 'http_request', input };
  const verdict = await gate.check(asked, { part: true, ...(signal === undefined ? {} : { signal }) });
  if (verdict.decision !== 'allow') throw new ToolError('denied', `It was redirected to ${visible(url).slice(0, 200)}. ${verdict.message}`);
  if (verdict.edited !== undefined) throw new ToolError('denied', 'The redirect was allowed only with changes; call the changed address by itself.');
}
