import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Section } from '../../shared/sections.ts';

/** Where the page's script and style sheet lie, below the extension */
export const pageFolder = 'dist/webview';

/** Hash of the empty text: the toolkit puts one empty style element into the page to see what the browser can */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * The page that the panel starts as: no content of its own, one script under a nonce, nothing inline, nothing from elsewhere.
 *
 * @param section where to start; the page's own memory decides otherwise
 */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri, section: Section | undefined): string {
  const nonce = randomBytes(16).toString('base64');
  const address = (file: string): string => escaped(webview.asWebviewUri(vscode.Uri.joinPath(extension, pageFolder, file)).toString());
  const policy = `default-src 'none'; style-src ${webview.cspSource} ${emptyStyle}; font-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  const words = JSON.stringify(vscode.l10n.bundle ?? {});
  return `<!DOCTYPE html>
<html lang="${escaped(vscode.env.language)}">
<head>
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(vscode.l10n.t('CoWork Policy'))}</title>
<link rel="stylesheet" href="${address('main.css')}">
</head>
<body data-section="${section ?? ''}" data-words="${escaped(words)}">
<policy-panel></policy-panel>
<script nonce="${nonce}" src="${address('main.js')}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (found) => `&#${found.codePointAt(0) ?? 0};`);
}
