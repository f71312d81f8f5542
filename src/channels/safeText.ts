import { visible } from '../core/visible.ts';

/** A platform's sentence is shown up to here */
const longest = 200;

/** What a platform said, as it may be shown: short, without hidden characters, and without a secret that it repeats */
export function safeText(text: string, secrets: Readonly<Record<string, string>>): string {
  let clean = text;
  for (const secret of Object.values(secrets)) {
    if (secret !== '') clean = clean.replaceAll(secret, '…').replaceAll(encodeURIComponent(secret), '…');
  }
  return visible(clean.slice(0, longest));
}
