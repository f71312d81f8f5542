import type { RemoteAnswer } from './offerText.ts';

const letters: Readonly<Record<RemoteAnswer, string>> = { allow_once: 'a', allow_session: 's', deny_once: 'd' };
const buttonShape = /^cw1\.([A-HJ-NP-Z2-9]{12})\.([asd])$/;

/** What a button carries: 18 bytes, the nonce of its offer and the answer */
export function buttonData(nonce: string, answer: RemoteAnswer): string {
  return `cw1.${nonce}.${letters[answer]}`;
}

/** Reads it back; `undefined` for anything that no button of ours carries */
export function readButton(data: string): { readonly nonce: string; readonly answer: RemoteAnswer } | undefined {
  const [, nonce, letter] = buttonShape.exec(data) ?? [];
  const answer = (Object.keys(letters) as RemoteAnswer[]).find((each) => letters[each] === letter);
  return nonce === undefined || answer === undefined ? undefined : { nonce, answer };
}
