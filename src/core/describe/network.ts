import type { NetworkAction } from '../action.ts';
import { readHost } from './host.ts';
import { carriedData, holdsData } from './smuggling.ts';

/** The network action of a plain read of an address: a fetch, or an export where the address itself carries data (spec 7) */
export function readAddress(address: string, method?: string): NetworkAction {
  const reading = readHost(address);
  const said = method === undefined ? {} : { method };
  if (!reading.ok) return { kind: 'fetch', target: address, ...said, uncertain: reading.why };
  const carried = reading.userinfo === undefined ? carriedData(reading.host, reading.rest) : 'The address carries a user name or password.';
  const marks = carried === undefined ? reading.marks : [...(reading.marks ?? []), carried];
  // Besides the web, addresses start programs, open files and reach services nobody foresaw.
  const odd = reading.scheme === undefined || webSchemes.has(reading.scheme) ? reading.doubt : `Nothing certain is known of ${reading.scheme} addresses.`;
  return {
    kind: carried === undefined ? 'fetch' : 'export',
    target: address,
    host: reading.host,
    hostClass: reading.hostClass,
    ...(reading.port === undefined ? {} : { port: reading.port }),
    ...(reading.scheme === undefined ? {} : { scheme: reading.scheme }),
    ...said,
    ...(marks === undefined ? {} : { marks }),
    ...(odd === undefined ? {} : { uncertain: odd }),
  };
}

const webSchemes: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp']);

/**
 * The network action of `http_request`: a fetch only as `GET` or `HEAD` without a body and without a header that could carry
 * data (spec 7), an export else. Headers that are known to carry nothing: `Accept`, `Accept-Language`, a plain `User-Agent`.
 */
export function readHttpRequest(address: string, input: Readonly<Record<string, unknown>>): NetworkAction {
  const method = methodOf(input);
  const action = readAddress(address, method);
  const sends = (method !== 'GET' && method !== 'HEAD') || Object.entries(input).some(([key, value]) => carriesBody(key, value) || carriesHeaders(key, value));
  return sends ? { ...action, kind: 'export' } : action;
}

/** Upper case; a method that is no text is none that is known to read */
function methodOf(input: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(input).filter(([key, value]) => /^(?:http_?)?(?:method|verb)$/i.test(key) && value !== undefined && value !== null).map(([, value]) => value);
  if (given.length === 0) return 'GET';
  const methods = new Set(given.map((value) => (typeof value === 'string' ? value.trim().toUpperCase() || 'GET' : 'UNKNOWN')));
  const [method] = methods;
  return methods.size === 1 && method !== undefined ? method : 'UNKNOWN';
}

/** Keys of `http_request` that only shape how an answer is fetched and shown */
const shaping: ReadonlySet<string> = new Set([
  'url', 'uri', 'endpoint', 'method', 'httpmethod', 'verb', 'httpverb', 'timeout', 'timeoutms', 'timeoutseconds', 'followredirects', 'maxredirects', 'redirect', 'maxlength', 'maxchars',
  'responsetype', 'responseformat', 'format', 'encoding', 'description', 'reason', 'purpose', 'retries', 'verify', 'verifyssl', 'output', 'outputpath', 'savepath', 'saveto',
]);

function plainKey(key: string): string {
  return key.replace(/[_\-\s]/g, '').toLowerCase();
}

/** Any key that is not known to shape only the reading of the answer is taken for a body */
function carriesBody(key: string, value: unknown): boolean {
  const plain = plainKey(key);
  if (queryKeys.has(plain)) return carriesQuery(value);
  return !shaping.has(plain) && !headerKeys.has(plain) && !isEmpty(value);
}

const queryKeys: ReadonlySet<string> = new Set(['params', 'query', 'queryparams', 'searchparams']);

/** A query handed over apart from the address is judged like one inside it */
function carriesQuery(value: unknown): boolean {
  if (isEmpty(value)) return false;
  if (typeof value === 'string') return carriedData('', `?${value.replace(/^\?/, '')}`) !== undefined;
  if (typeof value !== 'object' || value === null) return true;
  const pairs = Object.entries(value).map(([name, text]: [string, unknown]) => (typeof text === 'string' ? `${name}=${encodeURIComponent(text.toWellFormed())}` : typeof text === 'number' || typeof text === 'boolean' ? `${name}=${text}` : undefined));
  return pairs.includes(undefined) || carriedData('', `?${pairs.join('&')}`) !== undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const headerKeys: ReadonlySet<string> = new Set(['headers', 'header']);
const plainHeaders: ReadonlyMap<string, RegExp> = new Map([
  ['accept', /^[\w*/+.,;= -]{1,128}$/],
  ['accept-language', /^[\w*,;=. -]{1,64}$/],
  ['user-agent', /^(?=.{1,64}$)[A-Za-z][\w.-]*(?:\/[\d.]+\w{0,8})?(?: [\w ./();:,+-]*)?$/],
]);

function carriesHeaders(key: string, value: unknown): boolean {
  if (!headerKeys.has(plainKey(key)) || isEmpty(value)) return false;
  const pairs = headerPairs(value);
  return pairs === undefined || pairs.some(([name, text]) => {
    const plain = plainHeaders.get(name.trim().toLowerCase());
    return plain === undefined || typeof text !== 'string' || !plain.test(text) || holdsData(text) || carriedData('', `?v=${text}`) !== undefined;
  });
}

/** Headers come as an object, as pairs, or as `{name, value}`; anything else is not understood */
function headerPairs(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return Object.entries(value);
  const pairs: (readonly [string, unknown])[] = [];
  for (const entry of value as readonly unknown[]) {
    if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string') pairs.push([entry[0], entry[1]]);
    else if (typeof entry === 'object' && entry !== null && 'name' in entry && 'value' in entry && typeof entry.name === 'string') pairs.push([entry.name, entry.value]);
    else return undefined;
  }
  return pairs;
}

/** The network action of a web search: a fetch from a service, an export where the words hold a value like a key */
export function readSearch(words: string): NetworkAction {
  const data = holdsData(words);
  return { kind: data ? 'export' : 'fetch', target: words, provider: 'search', ...(data ? { marks: ['The search holds a value that looks like a key or hidden data.'] } : {}) };
}

const addressInText = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>`]+/gi;

/** The addresses inside free text, as a model's prompt for a fetch has them */
export function addressesIn(text: string): readonly string[] {
  return (text.match(addressInText) ?? []).map((address) => address.replace(/[).,;:!?\]}]+$/, ''));
}
