import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { ChannelUser, PairingCode } from '../gate/channelState.ts';
import type { PairingSecrets } from './ports.ts';

/** 32 symbols that nobody takes for one another (spec 8) */
export const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeLength = 6;
/** How long a sender is locked out, in milliseconds (spec 8) */
export const lockTime = 15 * 60_000;

const codeShape = /^[A-HJ-NP-Z2-9]{6}$/i;
const codesInText = /(?<![A-Z0-9])[A-HJ-NP-Z2-9]{6}(?![A-Z0-9])/gi;

/** So many symbols nobody can guess; 256 is a multiple of 32, so each symbol is as likely as the next */
export function randomSymbols(count: number, secrets: Pick<PairingSecrets, 'randomBytes'>): string {
  return Array.from(secrets.randomBytes(count), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

/** Makes a code and what is kept of it; the code itself goes to the person who asked for it and nowhere else */
export async function makeCode(secrets: PairingSecrets, { pairing }: Pick<ChannelSettings, 'pairing'>, now: number): Promise<{ readonly code: string; readonly kept: PairingCode }> {
  const code = randomSymbols(codeLength, secrets);
  const salt = randomSymbols(24, secrets);
  const hash = await secrets.hash(code, salt);
  return { code, kept: { salt, hash, madeAt: now, expiresAt: now + pairing.seconds * 1_000, wrongTries: 0, mostTries: pairing.attempts } };
}

/** Whether a code still lives. One from the future means that the clock was set back: it is dead, or it would live too long */
export function isAlive(code: PairingCode | undefined, now: number): code is PairingCode {
  return code !== undefined && now < code.expiresAt && now >= code.madeAt && code.wrongTries < code.mostTries;
}

/** What a text says about pairing. `explicit`: a pairing command; `bare`: nothing but what has the shape of a code */
export type PairingText = { readonly how: 'explicit' | 'bare'; readonly code: string } | { readonly how: 'malformed' };

/** Reads the words behind a pairing command */
export function readPairingWords(words: string): PairingText {
  const code = words.trim();
  return codeShape.test(code) ? { how: 'explicit', code: code.toUpperCase() } : { how: 'malformed' };
}

/** Reads a text that is nothing but a code; anything else is `undefined` and stays what it is */
export function readBareCode(text: string): PairingText | undefined {
  const code = text.trim();
  return codeShape.test(code) ? { how: 'bare', code: code.toUpperCase() } : undefined;
}

/** The text without anything that has the shape of a code, for the record while a code lives */
export function withoutCodes(text: string): string {
  return text.replace(codesInText, '••••••');
}

/** What an attempt came to, and what is to be recorded of it; `code: null` means that it is dead */
export interface Attempt {
  readonly outcome: 'paired' | 'wrong' | 'locked';
  readonly user?: ChannelUser;
  readonly code?: PairingCode | null;
}

/** Until when somebody is locked out; `undefined` when they are not. A clock that was set back never makes it longer than it was */
export function lockedUntil({ lockedUntil: until }: ChannelUser, now: number): number | undefined {
  return until === undefined || until <= now ? undefined : Math.min(until, now + lockTime);
}

/**
 * Tries a code. Wrong ones count for their sender and for the code, so that many senders do not add up to a guess (spec 8). One at a
 * time for each channel, or two could use the same code.
 *
 * INVARIANT: a code pairs once, only before its end, and only if fewer than `mostTries` wrong ones came before; a sender who is
 * locked out neither pairs nor costs the code anything.
 */
export async function tryCode(secrets: PairingSecrets, given: string, user: ChannelUser, code: PairingCode | undefined, { pairing }: Pick<ChannelSettings, 'pairing'>, now: number): Promise<Attempt> {
  const locked = lockedUntil(user, now);
  if (locked !== undefined) return { outcome: 'locked', ...(locked === user.lockedUntil ? {} : { user: { ...user, lockedUntil: locked } }) };
  const alive = isAlive(code, now) && code.wrongTries < pairing.attempts;
  const { lockedUntil: _, ...free } = user;
  if (alive && secrets.same(await secrets.hash(given, code.salt), code.hash)) return { outcome: 'paired', user: { ...free, state: 'paired', wrongCodes: 0 }, code: null };
  const wrongCodes = user.wrongCodes + 1;
  const counted = wrongCodes >= pairing.attempts ? { ...free, wrongCodes: 0, lockedUntil: now + lockTime } : { ...free, wrongCodes };
  if (code === undefined) return { outcome: 'wrong', user: counted };
  const wrongTries = code.wrongTries + 1;
  return { outcome: 'wrong', user: counted, code: !alive || wrongTries >= code.mostTries || wrongTries >= pairing.attempts ? null : { ...code, wrongTries } };
}
