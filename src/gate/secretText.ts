/**
 * Shapes of credentials that must not be kept in a record, a rule or a message (cowork-facts 1.11, output redaction).
 * Each is linear: no part of it can match the same text in two ways, and a beginning that comes to nothing is given up soon.
 */
const secretShapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\b(?:xox[abeprs]|xapp)-[A-Za-z0-9-]{10,}/g,
  // Bots of Telegram and Discord
  /\b\d{8,12}:AA[A-Za-z0-9_-]{30,}/g,
  /\b[MNO][A-Za-z0-9_-]{23,30}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
];
/**
 * A JSON Web Token, or the rest of a word in which one could begin but none does: where the whole word is taken, no other
 * beginning in it is tried, which would look through all of it again
 */
const webToken = /\beyJ(?:[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+|[A-Za-z0-9_-]*)/g;
/** A value that follows a word that says it is secret; the word stays, the value goes. A variable is no value */
const namedSecret =
  /\b(authorization["']?\s{0,3}[=:]\s{0,3}["']?(?:(?:bearer|basic|token)\s{1,3})?|(?:access_token|refresh_token|api[_-]?key|secret[_-]?key|client_secret|password|passwd|token)["']?\s{0,3}[=:]\s{0,3}["']?)(?!\[secret removed)([^\s"'&;,$][^\s"'&;,]{5,})/gi;
/** The value of an option that says it is secret: `--password VALUE` */
const secretOption = /(--(?:password|passwd|token|secret|api-?key|access-?token|client-?secret)\s{1,3})(?!\[secret removed)([^\s"'$-][^\s"']{5,})/gi;
/** The password of `scheme://user:password@host` */
const passwordInAddress = /(:\/\/[^\s/:@]{1,100}:)[^\s/@$][^\s/@]{0,200}@/g;

/** Stands where a credential was */
export const secretMark = '[secret removed]';

/** The text with everything that looks like a credential replaced by a mark */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const shape of secretShapes) clean = clean.replace(shape, secretMark);
  clean = clean.replace(webToken, (found) => (found.includes('.') ? secretMark : found));
  for (const named of [namedSecret, secretOption]) clean = clean.replace(named, (_, name: string) => `${name}${secretMark}`);
  return clean.replace(passwordInAddress, (_, start: string) => `${start}${secretMark}@`);
}

/** Whether the text holds something that looks like a credential */
export function holdsSecret(text: string): boolean {
  return withoutSecrets(text) !== text;
}
