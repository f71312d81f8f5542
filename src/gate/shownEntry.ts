import type { Entry } from './entry.ts';

/** An entry as it is shown and handed out: without the nonces of buttons and the hashes of pairing codes, which only we have a use for */
export function shownEntry(entry: Entry): object {
  switch (entry.type) {
    case 'channel_offer': {
      const { nonce: _, ...offer } = entry.offer;
      return { ...entry, offer };
    }
    case 'channel_code': {
      if (entry.code === undefined) return entry;
      const { salt: _, hash: __, ...code } = entry.code;
      return { ...entry, code };
    }
    default:
      return entry;
  }
}
