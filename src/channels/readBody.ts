import { ChannelError } from './channel.ts';

/** All bytes of a reply. Rejects with `tooLarge` as soon as more than `limit` come; counted after decompression */
export async function readBody(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): ChannelError => new ChannelError('tooLarge', `It is larger than ${limit} bytes.`);
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the rest
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > limit) throw tooLarge();
    parts.push(part);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The value that JSON bytes stand for; bytes that are no UTF-8 become U+FFFD. `undefined` for what is no JSON */
export function readJson(bytes: Uint8Array): unknown {
  return parseJson(new TextDecoder().decode(bytes));
}

/** The value of a JSON text; `undefined` for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
