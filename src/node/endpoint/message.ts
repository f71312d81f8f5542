import * as z from 'zod/mini';
import { protocolVersion } from './protocol.ts';

const id = z.union([z.string().check(z.maxLength(200)), z.number()]);

/** A call of a client (JSON-RPC 2.0) */
export const callSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id,
  method: z.string().check(z.maxLength(100)),
  params: z.optional(z.unknown()),
});
export type Call = z.infer<typeof callSchema>;

/** The first call on every connection */
export const helloSchema = z.object({ token: z.string(), version: z.literal(protocolVersion) });

/** Gives up a call that is under way on the same connection */
export const cancelSchema = z.object({ id });
