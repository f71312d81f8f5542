import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEditor, type OpenEditor } from '../editor/host/openEditor.ts';
import { root } from '../house/root.ts';

const windows = 7;
const ours = 'cowork.cowork-policy';
const git = 'vscode.git';

/** Milliseconds */
interface Activation {
  /** Loading the code and the call of `activate`, which nothing else runs beside: what the editor shows as the activation time */
  readonly shown: number;
  /** The same and what `activate` waits for, until its promise is kept */
  readonly whole: number;
}

/**
 * Time to activate this extension and the editor's own Git extension in the same window, as the editor itself measured it
 * (Developer: Startup Performance), over several windows. Design: no more than Git's.
 */
export async function run(): Promise<boolean> {
  const home = mkdtempSync(path.join(tmpdir(), 'cowork-activation-'));
  const folder = path.join(home, 'project');
  cpSync(path.join(root, 'test/fixtures/sample-workspace'), folder, { recursive: true });
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  const editor = await openEditor({ folder, extensions: [root], env: { COWORK_POLICY_HOME: path.join(home, 'user') } });
  try {
    const pairs: { readonly ours: Activation; readonly git: Activation }[] = [];
    for (let count = 0; count < windows; count++) {
      await editor.reload();
      const rows = await activations(editor);
      pairs.push({ ours: activation(rows, ours), git: activation(rows, git) });
    }
    const ratios = (['shown', 'whole'] as const).map((part) => median(pairs.map((pair) => pair.ours[part] / pair.git[part])));
    const [shown = NaN, whole = NaN] = ratios;
    console.log(`activation in the same window, median of ${windows} windows: as the editor shows it, and until it is done`);
    console.log(`  CoWork Policy                 ${median(pairs.map((pair) => pair.ours.shown))} ms, ${median(pairs.map((pair) => pair.ours.whole))} ms`);
    console.log(`  the editor's Git extension    ${median(pairs.map((pair) => pair.git.shown))} ms, ${median(pairs.map((pair) => pair.git.whole))} ms   ours is ${shown.toFixed(2)} and ${whole.toFixed(2)} times that (allowed 1)`);
    return ratios.every((ratio) => ratio <= 1);
  } finally {
    await editor.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The lines of the editor's own report */
async function activations(editor: OpenEditor): Promise<readonly string[]> {
  return editor.runInExtensionHost(async (vscode, names) => {
    const sleep = () => new Promise((done) => setTimeout(done, 50));
    while (!names.every((name) => vscode.extensions.getExtension(name)?.isActive === true)) await sleep();
    await vscode.commands.executeCommand('perfview.show');
    for (;;) {
      const lines = vscode.window.activeTextEditor?.document.getText().split('\n') ?? [];
      if (names.every((name) => lines.some((line) => line.startsWith(`| ${name} `)))) return lines;
      await sleep();
    }
  }, [ours, git]);
}

/** Reads `| id | eager | load code | call activate | finish activate | …` */
function activation(rows: readonly string[], name: string): Activation {
  const [, , , load = NaN, call = NaN, finish = NaN] = rows.find((row) => row.startsWith(`| ${name} `))?.split('|').map(Number) ?? [];
  if (Number.isNaN(load + call + finish)) throw new Error(`The editor shows no activation time for ${name}:\n${rows.join('\n')}`);
  return { shown: load + call, whole: load + call + finish };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
