/** What is checked inside the extension host itself, in the downloaded VS Code as well as in the stand-in */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Called by the editor's test driver; a rejection is a failed run */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<{ readonly version: number }>('cowork.cowork-policy');
  assert.ok(extension, 'the extension is installed under its own name');
  const api = await extension.activate();
  assert.equal(api.version, 1, 'the extension hands out version 1 of its API');
  const manifest = extension.packageJSON as { contributes?: { commands?: readonly { command: string }[] } };
  const declared = (manifest.contributes?.commands ?? []).map(({ command }) => command);
  assert.ok(declared.length > 0, 'the manifest declares commands');
  const registered = new Set(await vscode.commands.getCommands(true));
  assert.deepEqual(
    declared.filter((command) => !registered.has(command)),
    [],
    'every declared command is registered',
  );
}
