import path from 'node:path';
import * as vscode from 'vscode';
import { userFolder } from '../../node/userFolder.ts';
import type { Folders } from '../folders.ts';

/** Offers our MCP server for each open folder to agents in the editor, which start it only where the person wants that */
export function registerMcpDefinitions(extension: vscode.Extension<unknown>, folders: Folders): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const { version } = extension.packageJSON as { readonly version: string };
  const provider: vscode.McpServerDefinitionProvider = {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => folders.all.map(({ name, path: folder }) => new vscode.McpStdioServerDefinition(
      vscode.l10n.t('CoWork Policy ({0})', name), process.execPath, [path.join(extension.extensionPath, 'dist', 'cli.js'), 'mcp', '--workspace', folder],
      // The editor's own program is a Node where it is told to be one
      { ELECTRON_RUN_AS_NODE: '1', COWORK_POLICY_HOME: userFolder() }, version,
    )),
  };
  return vscode.Disposable.from(changed, folders.onDidChange(() => changed.fire()), vscode.lm.registerMcpServerDefinitionProvider('coworkPolicy.mcp', provider));
}
