import { hash as digest, timingSafeEqual } from 'node:crypto';
import type { Entry } from '../../gate/entry.ts';
import type { Facts } from './facts.ts';

/**
 * One line of the journal:
 * `{"sequence":7,"at":…,"previous":"<hash of the line before>","entry":{…},"hash":"…","mac":"…"}`
 *
 * `hash` is the SHA-256 of everything before `,"hash"`, so it covers `previous` and with it the whole past. `mac` is an HMAC
 * of the hash under a key that never leaves the user's folder, so a repository cannot bring its own lines.
 * The first line of each file carries `opening` in place of `entry` and the sequence of the entry before it.
 */
export type Line = EntryLine | OpeningLine;

interface LineBase {
  /** Number of this entry; of the last entry before it, for an opening */
  readonly sequence: number;
  readonly at: number;
  readonly previous: string;
  readonly hash: string;
}
export interface EntryLine extends LineBase {
  readonly entry: Entry;
}
export interface OpeningLine extends LineBase {
  readonly opening: Opening;
}

/** What stands at the head of a journal file, so that it can be read without those before it */
export interface Opening {
  /** Number this file gets when it is closed */
  readonly segment: number;
  /** The whole state after the entry `sequence` */
  readonly facts: Facts;
}

/** Where a chain stands */
export interface Head {
  readonly sequence: number;
  readonly at: number;
  readonly hash: string;
}

/** The head of a chain that has no entry yet; `genesis` is 32 random bytes in hex */
export function firstHead(genesis: string): Head {
  return { sequence: 0, at: 0, hash: genesis };
}

const hashLength = 64;
const hashMark = ',"hash":"';
const macMark = '","mac":"';
const end = '"}';
const sealLength = hashMark.length + hashLength + macMark.length + hashLength + end.length;

/**
 * Writes a line (without line end) that follows `head`, and gives the head after it; `json` is the entry or opening as JSON.
 */
export function sealLine(key: SealKey, head: Head, at: number, kind: 'entry' | 'opening', json: string): { text: string; head: Head } {
  const sequence = kind === 'entry' ? head.sequence + 1 : head.sequence;
  const body = `{"sequence":${sequence},"at":${at},"previous":"${head.hash}","${kind}":${json}`;
  const hash = digest('sha256', body);
  return { text: body + hashMark + hash + macMark + macOf(key, hash) + end, head: { sequence, at, hash } };
}

/** Reads a line back; `undefined` unless it is one of ours, unchanged */
export function openLine(key: SealKey, text: string): Line | undefined {
  const bodyLength = text.length - sealLength;
  if (bodyLength <= 0) return undefined;
  const hash = text.slice(bodyLength + hashMark.length, bodyLength + hashMark.length + hashLength);
  const mac = text.slice(-hashLength - end.length, -end.length);
  if (!/^[0-9a-f]{64}$/.test(hash) || !/^[0-9a-f]{64}$/.test(mac)) return undefined;
  if (text.slice(bodyLength) !== hashMark + hash + macMark + mac + end) return undefined;
  if (!timingSafeEqual(Buffer.from(mac, 'hex'), Buffer.from(macOf(key, hash), 'hex'))) return undefined;
  if (digest('sha256', text.slice(0, bodyLength)) !== hash) return undefined;
  // INVARIANT: only text that carries our own seal is parsed, so its shape is the one that was written
  const line = JSON.parse(text, reviveNumbers) as Line;
  return line.hash === hash ? line : undefined;
}

/** JSON writes `Infinity` as `null`; the one number that may be infinite is `namedAt` of an action (core/action.ts) */
function reviveNumbers(key: string, value: unknown): unknown {
  return key === 'namedAt' && value === null ? Number.POSITIVE_INFINITY : value;
}

/** The two keyed blocks of an HMAC (RFC 2104); kept, since preparing them costs more than the rest */
export interface SealKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const blockLength = 64;

/** Prepares a key of at most 64 bytes */
export function sealKey(secret: Buffer): SealKey {
  const block = (mask: number): Buffer => Buffer.from(Array.from({ length: blockLength }, (_, index) => (secret[index] ?? 0) ^ mask));
  return { inner: block(0x36), outer: block(0x5c) };
}

/** HMAC-SHA256 of a text, in hex. Two plain hashes: seven times as fast as making an `Hmac` for each line */
export function macOf(key: SealKey, text: string): string {
  const inside = digest('sha256', Buffer.concat([key.inner, Buffer.from(text)]), 'buffer');
  return digest('sha256', Buffer.concat([key.outer, inside]));
}
