import type { PolicySettings } from './policy.ts';

/** The largest file that tools read or write, in megabytes: unless set, and what may be set (cowork-facts 1.10) */
export const fileSizes = { usual: 50, least: 1, most: 500 } as const;

/** Bytes in a megabyte as the setting counts them (cowork-facts 1.10) */
const megabyte = 1024 ** 2;

/** What the policy's limit `maxFileSizeMB` says, in megabytes; a value that is none counts as the usual one */
export function fileSizeOf({ maxFileSizeMB: given }: PolicySettings['limits']): number {
  return isFileSize(given) ? given : fileSizes.usual;
}

/** As `fileSizeOf`, in bytes; a file of more is refused */
export function fileSizeLimit(limits: PolicySettings['limits']): number {
  return Math.floor(fileSizeOf(limits) * megabyte);
}

/** Why limits cannot be saved; nothing where they can */
export function fileSizeProblem({ maxFileSizeMB: given }: PolicySettings['limits']): string | undefined {
  return given === undefined || isFileSize(given) ? undefined : `“limits.maxFileSizeMB” takes a number of megabytes from ${fileSizes.least} to ${fileSizes.most}.`;
}

function isFileSize(given: unknown): given is number {
  return typeof given === 'number' && given >= fileSizes.least && given <= fileSizes.most;
}
