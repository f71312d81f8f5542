import type { HostClass } from '../action.ts';
import { classOfIpv4, classOfIpv6, readIpv4 } from './addressClass.ts';
import { decodePunycode } from './punycode.ts';

/**
 * What an address or a bare host means. A text that has no certain host gives `why`, one plain sentence.
 */
export type HostReading = HostFound | { readonly ok: false; readonly why: string };

export interface HostFound {
  readonly ok: true;
  /** Lower case, punycode, no trailing dot; IPv4 dotted, also for mapped IPv6; IPv6 without brackets */
  readonly host: string;
  readonly hostClass: HostClass;
  /** As spelled; absent when none is given or when it is the scheme's own */
  readonly port?: number;
  /** Lower case, without colon; absent for a bare host and for `//host` */
  readonly scheme?: string;
  /** User name and password before the host, as spelled */
  readonly userinfo?: string;
  /** Path, query and fragment as spelled */
  readonly rest: string;
  /** What is odd about the host, one plain sentence each */
  readonly marks?: readonly string[];
  /** Set when programs read this text differently; the host is then the one a browser would take */
  readonly doubt?: string;
}

const plainUrl = /^(https?):\/\/([a-z0-9.-]+)(?=[/?#]|$)/;

/**
 * Reads the host of an address (`https://h/x`, `//h/x`) or a bare host (`h`, `h:8080`, `[::1]`, `::1`) as a browser does
 * (WHATWG URL), and names what is odd about it: user information, other scripts, unusual IPv4 spellings.
 */
export function readHost(text: string): HostReading {
  const plain = plainUrl.exec(text);
  if (plain !== null) {
    const host = plain[2] ?? '';
    if (isPlainName(host)) {
      return { ok: true, host, hostClass: classOfName(host), scheme: plain[1] ?? '', rest: text.slice(plain[0].length) };
    }
  }
  return readOddHost(text);
}

/** A lower-case ASCII name in its canonical form: no address, no punycode, no empty label */
function isPlainName(host: string): boolean {
  if (host.length > 253 || host.includes('..') || host.includes('xn--')) return false;
  const last = host.charCodeAt(host.length - 1);
  const topLevel = host.charCodeAt(host.lastIndexOf('.') + 1);
  return last !== 0x2e && last !== 0x2d && host.charCodeAt(0) !== 0x2e && host.charCodeAt(0) !== 0x2d && topLevel >= 0x61 && topLevel <= 0x7a;
}

interface Split {
  readonly scheme?: string;
  readonly authority: string;
  readonly rest: string;
  readonly doubt?: string;
}

function readOddHost(text: string): HostReading {
  const split = splitAddress(text);
  if (split === undefined) return { ok: false, why: 'The address names no host.' };
  const at = split.authority.lastIndexOf('@');
  const userinfo = at < 0 ? undefined : split.authority.slice(0, at);
  const spelled = at < 0 ? split.authority : split.authority.slice(at + 1);
  const { name, port: portText } = splitPort(spelled);
  if (portText !== undefined && !(Number(portText) <= 65535)) return { ok: false, why: 'The port of the address cannot be read.' };
  const parsed = parseHost(name);
  if (parsed === undefined) return { ok: false, why: 'The host of the address cannot be read.' };
  const host = unmap(parsed.replace(/\.$/, ''));
  if (!isIpv6(host) && (host.length > 253 || host.split('.').some((label) => label === '' || label.length > 63))) {
    return { ok: false, why: 'The host of the address cannot be read.' };
  }
  const port = portText === undefined || portText === '' ? undefined : Number(portText);
  const marks = marksOf(host, name, userinfo);
  const doubt = split.doubt ?? (userinfo?.includes('@') ? 'The address holds more than one @, which programs read differently.' : undefined);
  return {
    ok: true,
    host,
    hostClass: classOf(host),
    ...(port === undefined || port === defaultPorts[split.scheme ?? ''] ? {} : { port }),
    ...(split.scheme === undefined ? {} : { scheme: split.scheme }),
    ...(userinfo === undefined ? {} : { userinfo }),
    rest: split.rest,
    ...(marks.length === 0 ? {} : { marks }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}

const defaultPorts: Readonly<Record<string, number | undefined>> = { http: 80, ws: 80, https: 443, wss: 443, ftp: 21, ssh: 22, sftp: 22, git: 9418 };

/** Cuts a text at scheme, authority and rest; `undefined` when there is no authority */
function splitAddress(text: string): Split | undefined {
  // Browsers drop tabs, line ends and outer blanks; other programs do not.
  const clean = text.replace(/[\t\n\r]/g, '').replace(/^[\0-\x20]+|[\0-\x20]+$/g, '');
  let doubt = clean === text ? undefined : 'The address holds blanks or line ends, which programs read differently.';
  const head = /^(?:([a-z][a-z0-9+.-]*):)?([\\/]*)/i.exec(clean);
  const slashes = head?.[2] ?? '';
  let scheme = head?.[1]?.toLowerCase();
  let start = head?.[0].length ?? 0;
  if (scheme !== undefined && slashes !== '//') {
    const portLike = /^\d{1,5}(?:[/?#]|$)/.test(clean.slice(start));
    if (slashes === '' && portLike) {
      scheme = undefined;
      start = 0;
    } else if (/^(?:https?|wss?|ftp)$/.test(scheme)) {
      doubt = 'The slashes of the address are not two, which programs read differently.';
    } else if (slashes === '' && /^[0-9a-f]+$/.test(scheme) && /^[0-9a-f:.]+$/i.test(clean)) {
      scheme = undefined;
      start = 0;
    } else {
      return undefined;
    }
  } else if (scheme === undefined && slashes !== '//' && slashes !== '') {
    return undefined;
  }
  const length = clean.slice(start).search(/[/?#\\]/);
  const end = length < 0 ? clean.length : start + length;
  if (clean[end] === '\\') doubt = 'The address holds a backslash, which programs read differently.';
  const authority = clean.slice(start, end);
  if (authority === '') return undefined;
  return { ...(scheme === undefined ? {} : { scheme }), authority, rest: clean.slice(end), ...(doubt === undefined ? {} : { doubt }) };
}

function splitPort(spelled: string): { name: string; port?: string } {
  if ((spelled.match(/:/g) ?? []).length > 1 && !spelled.startsWith('[')) return { name: `[${spelled}]` };
  const port = /:(\d*)$/.exec(spelled);
  return port === null ? { name: spelled } : { name: spelled.slice(0, port.index), port: port[1] ?? '' };
}

/** The host as the URL standard writes it, brackets of IPv6 taken off */
function parseHost(name: string): string | undefined {
  // No name is longer, and of such ones `canParse` of Node says that it can and then it cannot
  if (name.length > 1024) return undefined;
  const text = `http://${name}/`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.hostname === '' || url.port !== '' || url.pathname !== '/' || url.username !== '') return undefined;
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}

function isIpv6(host: string): boolean {
  return host.includes(':');
}

/** `::ffff:7f00:1` is the same destination as `127.0.0.1` */
function unmap(host: string): string {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  return mapped === null ? host : dotted(Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16));
}

function dotted(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

function classOf(host: string): HostClass {
  if (isIpv6(host)) return classOfIpv6(host);
  const four = readIpv4(host);
  return four === undefined ? classOfName(host) : classOfIpv4(four);
}

/** Names at which clouds hand out credentials */
const metadataNames: ReadonlySet<string> = new Set([
  'metadata', 'metadata.google.internal', 'metadata.goog', 'metadata.azure.internal', 'metadata.tencentyun.com', 'instance-data', 'instance-data.ec2.internal',
]);

/** Endings that only a local network answers (RFC 6761, 6762, 8375, ICANN's `.internal`, and common habits) */
const privateEndings = ['.local', '.internal', '.lan', '.home', '.corp', '.intranet', '.private', '.localdomain', '.home.arpa', '.svc'];
/** Public names that lead back to this machine */
const loopbackNames = ['localtest.me', 'lvh.me', 'vcap.me', 'lacolhost.com', 'yoogle.com'];
/** Services that answer with the address written in the name */
const addressInName = /(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})\.(?:nip|sslip|xip)\.io$/;

function classOfName(host: string): HostClass {
  const dot = host.lastIndexOf('.');
  if (dot < 0) return host === 'localhost' || host === 'ip6-localhost' || host === 'ip6-loopback' ? 'loopback' : metadataNames.has(host) ? 'metadata' : 'private';
  const ending = host.slice(dot);
  if (ending === '.localhost' || host === 'localhost.localdomain') return 'loopback';
  if (metadataNames.has(host)) return 'metadata';
  if (privateEndings.some((end) => host.endsWith(end))) return 'private';
  if (ending === '.me' || ending === '.com') return loopbackNames.some((name) => host === name || host.endsWith(`.${name}`)) ? 'loopback' : 'public';
  if (ending === '.io') {
    const written = addressInName.exec(host);
    const four = written === null ? undefined : readIpv4(written.slice(1, 5).join('.'));
    if (four !== undefined) return classOfIpv4(four);
  }
  return 'public';
}

function marksOf(host: string, name: string, userinfo: string | undefined): string[] {
  const marks: string[] = [];
  if (userinfo !== undefined) marks.push(`The text before the @ is a user name, not the host; the host is ${host}.`);
  const bare = name.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase();
  if (readIpv4(host) !== undefined && bare !== host) marks.push(`The host is ${host} in an unusual spelling.`);
  else if (/%[0-9a-f]{2}/i.test(name)) marks.push('The host is percent-encoded.');
  if (!host.includes('xn--')) return marks;
  const shown = host.split('.').map((label) => (label.startsWith('xn--') ? (decodePunycode(label.slice(4)) ?? label) : label)).join('.');
  marks.push(`The host reads ${shown} and is ${host}.`);
  if (shown.split('.').some(mixesScripts)) marks.push('The host mixes letters of several scripts.');
  const latin = Array.from(shown, (letter) => looksLike[letter] ?? letter).join('');
  if (latin !== shown && /^[\x20-\x7e]*$/.test(latin)) marks.push(`The host looks like ${latin} and is another one.`);
  return marks;
}

const scripts = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Hebrew', 'Arabic', 'Thai', 'Devanagari', 'Georgian', 'Cherokee'].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));

function mixesScripts(label: string): boolean {
  return scripts.filter((script) => script.test(label)).length > 1;
}

/** Letters of other scripts that are drawn like Latin ones (from Unicode's confusables, the common few) */
const looksLike: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', һ: 'h', і: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', н: 'h', о: 'o', р: 'p', ԛ: 'q', ѕ: 's', т: 't', у: 'y', ѵ: 'v', ԝ: 'w', х: 'x',
  α: 'a', ε: 'e', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ı: 'i', ɡ: 'g', ɑ: 'a', ł: 'l', ø: 'o',
};
