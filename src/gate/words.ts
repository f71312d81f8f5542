/** The translator handed to code that knows no editor; `vscode.l10n` is one */
export interface Words {
  t(message: string, ...args: (string | number | boolean)[]): string;
  /** A reason that the gate gave, in the person's language; as it is where nobody says otherwise */
  said?(reason: string): string;
}

/** Says everything as it is written, in English */
export const english: Words = { t: (message, ...args) => message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)] ?? '')) };
