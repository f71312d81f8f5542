import * as z from 'zod/mini';

/** A path as agents write it: relative to the folder of the call, or absolute */
export const pathText = z.string().check(z.minLength(1), z.maxLength(4096));

/** A whole number between two, both included */
export function whole(least: number, most: number) {
  return z.int().check(z.minimum(least), z.maximum(most));
}
