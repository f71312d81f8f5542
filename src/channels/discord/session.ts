import * as z from 'zod/mini';
import { parseJson } from '../readBody.ts';

/** A gateway session: where it is gone on with, and up to which event all was taken in */
export interface Session {
  readonly id: string;
  /** Address of the gateway that has it */
  readonly url: string;
  readonly sequence: number;
}

const sessionSchema = z.object({ id: z.string(), url: z.string(), sequence: z.int() });

/** The session as it is kept */
export function writeSession(session: Session): string {
  return JSON.stringify(session);
}

/** Reads a kept session; `undefined` for anything else */
export function readSession(text: string | undefined): Session | undefined {
  return text === undefined ? undefined : sessionSchema.safeParse(parseJson(text)).data;
}
