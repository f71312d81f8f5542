import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEditor, type OpenEditor } from '../editor/host/openEditor.ts';
import { root } from '../house/root.ts';

const windows = 7;
/** The editor's own list of running extensions names them so */
const ours = 'cowork.cowork-policy';
const git = 'Git';

/**
 * Time to activate this extension and the editor's own Git extension in the same window, as the editor itself measured it
 * (Developer: Show Running Extensions), over several windows. Design: no more than Git's.
 */
export async function run(): Promise<boolean> {
  const home = mkdtempSync(path.join(tmpdir(), 'cowork-activation-'));
  const folder = path.join(home, 'project');
  cpSync(path.join(root, 'test/fixtures/sample-workspace'), folder, { recursive: true });
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  const editor = await openEditor({ folder, extensions: [root], env: { COWORK_POLICY_HOME: path.join(home, 'user') } });
  try {
    const pairs: { readonly ours: number; readonly git: number }[] = [];
    for (let count = 0; count < windows; count++) {
      await editor.reload();
      pairs.push(await activations(editor));
    }
    const ratio = median(pairs.map((pair) => pair.ours / pair.git));
    console.log(`activation in the same window, median of ${windows} windows`);
    console.log(`  CoWork Policy                 ${median(pairs.map((pair) => pair.ours))} ms`);
    console.log(`  the editor's Git extension    ${median(pairs.map((pair) => pair.git))} ms   ours is ${ratio.toFixed(2)} times that (allowed 1)`);
    return ratio <= 1;
  } finally {
    await editor.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function activations(editor: OpenEditor): Promise<{ readonly ours: number; readonly git: number }> {
  await editor.runInExtensionHost(async (vscode) => {
    const names = ['vscode.git', 'cowork.cowork-policy'];
    while (!names.every((name) => vscode.extensions.getExtension(name)?.isActive === true)) await new Promise((done) => setTimeout(done, 50));
    await vscode.commands.executeCommand('workbench.action.showRuntimeExtensions');
  });
  const rows = editor.page.locator('.runtime-extensions-editor .extension');
  await rows.filter({ hasText: ours }).getByText(/\d+ms/).waitFor();
  const texts = await rows.allInnerTexts();
  return { ours: milliseconds(texts, ours), git: milliseconds(texts, git) };
}

function milliseconds(rows: readonly string[], name: string): number {
  const row = rows.find((text) => text.split('\n')[0] === name);
  const found = /(\d+)ms/.exec(row ?? '')?.[1];
  if (found === undefined) throw new Error(`The editor shows no activation time for ${name}:\n${rows.join('\n')}`);
  return Number(found);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
