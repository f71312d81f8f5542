import * as vscode from 'vscode';

/** URI scheme of texts that this extension shows; the editor cannot save them */
export const scheme = 'cowork-policy';

/** Texts kept for tabs that are still open; more only while as many tabs are */
const mostTexts = 100;

/** Read-only documents: whole requests, explanations, the new side of a diff */
export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration: vscode.Disposable;
  private count = 0;

  constructor() {
    this.registration = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? vscode.l10n.t('This text is gone. Close the tab and open it again.');
  }

  /** Keeps a text and gives the address of its document; `name` is shown on the tab and tells the language */
  add(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: `/${name.replaceAll(/[/\\]/g, '_')}`, query: String(++this.count) });
    const [oldest] = this.texts.keys();
    if (this.texts.size >= mostTexts && oldest !== undefined) this.texts.delete(oldest);
    this.texts.set(uri.toString(), text);
    return uri;
  }

  /** Opens a text beside nothing, as a preview */
  async show(name: string, text: string): Promise<vscode.Uri> {
    const uri = this.add(name, text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    return uri;
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }
}
