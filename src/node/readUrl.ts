/** The address that a text is, against a base where one is given; `undefined` for none. (`URL.parse` is newer than Node 20, in which the command line runs) */
export function readUrl(text: string, base?: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}
