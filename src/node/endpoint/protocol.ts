/** Protocol version both sides must speak */
export const protocolVersion = 1;

/** Error numbers of JSON-RPC 2.0, and ours from -32000 */
export const errorCodes = { parse: -32700, invalid: -32600, unknownMethod: -32601, failed: -32000, refused: -32001 } as const;

/** The answer to a call */
export type Response =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number | undefined; readonly error: { readonly code: number; readonly message: string } };

/** Reads a line that should be an answer to a call of ours, whose ids are numbers; throws where it is none */
export function readResponse(line: string): Response {
  const value: unknown = JSON.parse(line);
  if (!isObject(value) || value['jsonrpc'] !== '2.0') throw new Error('it is no JSON-RPC 2.0 answer');
  const { id, error } = value;
  if (isObject(error)) {
    const { code, message } = error;
    if (typeof code === 'number' && typeof message === 'string') return { id: typeof id === 'number' ? id : undefined, error: { code, message } };
  } else if (typeof id === 'number' && error === undefined && Object.hasOwn(value, 'result')) {
    return { id, result: value['result'] };
  }
  throw new Error('it is no JSON-RPC 2.0 answer');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
