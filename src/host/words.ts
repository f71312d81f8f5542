/** The translator handed to code that knows no editor; `vscode.l10n` is one */
export interface Words {
  t(message: string, ...args: (string | number | boolean)[]): string;
}
