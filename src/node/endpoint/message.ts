import * as z from 'zod/mini';

/** Protocol version both sides must speak */
export const protocolVersion = 1;

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

/** The answer to a call */
export const responseSchema = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id, result: z.unknown() }),
  z.object({ jsonrpc: z.literal('2.0'), id: z.union([id, z.null()]), error: z.object({ code: z.number(), message: z.string() }) }),
]);
export type Response = z.infer<typeof responseSchema>;

/** Error numbers of JSON-RPC 2.0, and ours from -32000 */
export const errorCodes = { parse: -32700, invalid: -32600, unknownMethod: -32601, failed: -32000, refused: -32001 } as const;
