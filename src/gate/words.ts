/** The translator handed to code that knows no editor; `vscode.l10n` is one */
export interface Words {
  t(message: string, ...args: (string | number | boolean)[]): string;
  /** A reason that the gate gave, in the person's language; as it is where nobody says otherwise */
  said?(reason: string): string;
  /** How numbers are written, as an editor names a language (`de`, `pt-br`); as in English unless told */
  readonly language?: string | undefined;
}

/** A number as it is written in the language of the words: `100,000` */
export function numberText(number: number, { language = 'en' }: Words, options: Intl.NumberFormatOptions = {}): string {
  const known = isLanguage(language) ? language : 'en';
  return new Intl.NumberFormat(known, options).format(number);
}

function isLanguage(name: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(name).length > 0;
  } catch (error) {
    // Something that no name of a language looks like
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Says everything as it is written, in English */
export const english: Words = { t: (message, ...args) => message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)] ?? '')) };
