import type { PolicySettings } from '../../core/policy/policy.ts';

/** Bytes in a megabyte as the setting counts them (cowork-facts 1.10) */
const megabyte = 1024 ** 2;
/** In megabytes: unless set, and the smallest and largest that may be set (cowork-facts 1.10) */
const usual = 50;
const [least, most] = [1, 500];

/**
 * The largest file that tools read or write, in bytes: the policy's limit `maxFileSizeMB`. A value that is none counts as the
 * usual one.
 */
export function fileSizeLimit(limits: PolicySettings['limits']): number {
  const given = limits['maxFileSizeMB'];
  return (typeof given === 'number' && given >= least && given <= most ? given : usual) * megabyte;
}
