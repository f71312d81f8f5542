import type { HostClass } from '../action.ts';
import { readHost } from '../describe/host.ts';

/** The domain text of a rule, read like the hosts of requests are, so that both meet in one spelling */
export interface DomainText {
  /** `host`: that host · `below`: any subdomain · `apex_and_below`: both (a leading dot) · `pattern`: `*` inside · `any`: `*` alone */
  readonly kind: 'host' | 'below' | 'apex_and_below' | 'pattern' | 'any';
  /** Canonical; for `pattern` as written, lower case */
  readonly host: string;
  readonly hostClass?: HostClass;
  /** Given in the text, or the one of a scheme given there */
  readonly port?: number;
  readonly scheme?: string;
  /** The text spells the port as a number: then a `deny` or `ask` holds on that port only; a scheme never narrows those */
  readonly portSpelled: boolean;
}

const schemePorts: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443, ftp: 21, ssh: 22, git: 9418 };

/** The port a scheme stands for, where it has one */
export function portOfScheme(scheme: string | undefined): number | undefined {
  return scheme === undefined ? undefined : schemePorts[scheme];
}

/** Reads a rule's domain text; `undefined` when it names no host */
export function readDomainText(text: string): DomainText | undefined {
  let rest = text.trim();
  if (rest === '*' || rest === '*.' || rest === '.') return { kind: 'any', host: '*', portSpelled: false };
  let kind: DomainText['kind'] = 'host';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(rest)?.[1]?.toLowerCase();
  let prefix = '';
  if (scheme !== undefined) {
    prefix = rest.slice(0, scheme.length + 3);
    rest = rest.slice(scheme.length + 3);
  }
  if (rest.startsWith('*.')) {
    kind = 'below';
    rest = rest.slice(2);
  } else if (rest.startsWith('.')) {
    kind = 'apex_and_below';
    rest = rest.slice(1);
  }
  if (rest.includes('*')) {
    const host = (kind === 'host' ? rest : text.trim().slice(prefix.length)).toLowerCase().replace(/[/?#].*$/, '').replace(/:\d*$/, '').replace(/\.$/, '');
    return /^[a-z0-9.*_-]+$/.test(host) ? { kind: 'pattern', host, portSpelled: false } : undefined;
  }
  const reading = readHost(prefix + rest);
  if (!reading.ok || reading.host === '') return undefined;
  const port = reading.port ?? portOfScheme(scheme);
  return { kind, host: reading.host, hostClass: reading.hostClass, ...(port === undefined ? {} : { port }), ...(scheme === undefined ? {} : { scheme }), portSpelled: reading.port !== undefined };
}

/** The one spelling of a rule's domain text that stands in its fingerprint; the trimmed lower-case text where it cannot be read */
export function canonicalDomainText(text: string): string {
  const read = readDomainText(text);
  if (read === undefined) return text.trim().toLowerCase();
  const dots = read.kind === 'below' ? '*.' : read.kind === 'apex_and_below' ? '.' : '';
  const scheme = read.scheme === undefined ? '' : `${read.scheme}://`;
  const port = read.portSpelled && read.port !== undefined ? `:${read.port}` : '';
  const host = read.host.includes(':') && (port !== '' || scheme !== '') ? `[${read.host}]` : read.host;
  return `${scheme}${dots}${host}${port}`;
}
