import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PairingSecrets } from '../../channels/ports.ts';

const slowHash = promisify(scrypt) as (password: string, salt: string, length: number) => Promise<Buffer>;

/** Randomness and hashing by Node; a code is hashed by scrypt at Node's own cost, some 50 ms a try */
export const pairingSecrets: PairingSecrets = {
  randomBytes: (count) => randomBytes(count),
  hash: async (code, salt) => (await slowHash(code, salt, 32)).toString('hex'),
  same: sameText,
};

/** Compares in a time that tells neither how much was the same nor how long the other is */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
