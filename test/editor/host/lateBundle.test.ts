import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../house/root.ts';
import { openEditor, type OpenEditor } from './openEditor.ts';

/** Lies in both bundles: functions without state, so that two copies answer alike. Think twice before it grows */
const inBoth = ['addressClass', 'host', 'network', 'path', 'punycode', 'smuggling'].map((name) => `src/core/describe/${name}.ts`).concat('src/core/visible.ts');
/** Also where commands are run: what a plain shell reads otherwise than Bash is not handed to one */
const shellForms = ['bareText', 'sh'].map((name) => `src/core/describe/shell/${name}.ts`);

describe('What reads shell lines', () => {
  let base: string;
  let editor: OpenEditor | undefined;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'late-')));
    for (const file of ['package.json', 'package.nls.json', 'media', 'dist/extension.js', 'dist/faces.js', 'dist/cli.js', 'dist/program.js', 'dist/shell.js', 'dist/sql-wasm.js', 'dist/sql-wasm.wasm.br']) {
      cpSync(path.join(root, file), path.join(base, 'extension', file), { recursive: true });
    }
    mkdirSync(path.join(base, 'workspace'));
  });
  afterEach(async () => {
    await editor?.close();
    editor = undefined;
    rmSync(base, { recursive: true, force: true });
  });

  it('is loaded with the first line, not at the start', async () => {
    editor = await openEditor({ folder: path.join(base, 'workspace'), extensions: [path.join(base, 'extension')], env: { COWORK_POLICY_HOME: path.join(base, 'home') } });
    const seen = await editor.runInExtensionHost(async (vscode) => {
      const extension = vscode.extensions.getExtension<{ check(request: unknown): Promise<{ decision: string }> }>('cowork.cowork-policy');
      const api = await extension?.activate();
      const { cache } = process.getBuiltinModule('node:module').createRequire(`${extension?.extensionPath ?? ''}/dist/extension.js`);
      const isLoaded = () => Object.keys(cache).some((file) => /[\\/]dist[\\/]shell\.js$/.test(file));
      const atStart = isLoaded();
      const file = await api?.check({ tool: 'read_file', input: { path: 'a.txt' } });
      const afterFile = isLoaded();
      await api?.check({ tool: 'run_command', input: { command: 'ls' } });
      return { atStart, file: file?.decision, afterFile, afterLine: isLoaded() };
    });
    assert.deepEqual(seen, { atStart: false, file: 'allow', afterFile: false, afterLine: true });
  });

  it('leaves a line unread where it is missing, which denies it while the shell is switched off', () => {
    const decided = () => {
      const { stdout } = spawnSync(process.execPath, [path.join(base, 'extension/dist/cli.js'), 'decide'], {
        cwd: path.join(base, 'workspace'), env: { ...process.env, COWORK_POLICY_HOME: path.join(base, 'home') }, encoding: 'utf8',
        input: JSON.stringify({ tool: 'run_command', input: { command: 'ls' } }),
      });
      const { decision, actions: [action] } = JSON.parse(stdout) as { readonly decision: string; readonly actions: readonly { readonly kind: string }[] };
      return [decision, action?.kind];
    };
    assert.deepEqual(decided(), ['deny', 'exec']);
    rmSync(path.join(base, 'extension/dist/shell.js'));
    assert.deepEqual(decided(), ['deny', 'unknown']);
  });

  for (const [bundle, shared] of [['extension', inBoth], ['program', [...inBoth, ...shellForms]]] as const) {
    it(`shares only plain functions with the ${bundle}`, () => {
      const other = new Set(filesIn(bundle));
      assert.deepEqual(filesIn('shell').filter((file) => other.has(file) !== shared.includes(file)), []);
    });
  }
});

describe('What the panel and the commands do', () => {
  it('takes what the extension has from there, so that nothing is kept in memory twice', () => {
    const extension = new Set(filesIn('extension'));
    assert.deepEqual(filesIn('faces').filter((file) => file.startsWith('src/') && extension.has(file)), []);
  });

  it('is loaded when a person asks for it, not at the start', async () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'faces-')));
    const editor = await openEditor({ folder, extensions: [root], env: { COWORK_POLICY_HOME: path.join(folder, '.home') } });
    try {
      const seen = await editor.runInExtensionHost(async (vscode) => {
        const extension = vscode.extensions.getExtension('cowork.cowork-policy');
        await extension?.activate();
        const { cache } = process.getBuiltinModule('node:module').createRequire(`${extension?.extensionPath ?? ''}/dist/extension.js`);
        const isLoaded = () => Object.keys(cache).some((file) => /[\\/]dist[\\/]faces\.js$/.test(file));
        const atStart = isLoaded();
        await vscode.commands.executeCommand('coworkPolicy.openPanel');
        while (!isLoaded()) await new Promise((done) => setTimeout(done, 20));
        return { atStart };
      });
      assert.deepEqual(seen, { atStart: false });
    } finally {
      await editor.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Source files that a bundle holds something of, as the build noted */
function filesIn(bundle: string): readonly string[] {
  const { outputs } = JSON.parse(readFileSync(path.join(root, 'dist/meta', `${bundle}.json`), 'utf8')) as {
    readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>>;
  };
  return Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs).filter((file) => file.startsWith('src/') && (inputs[file]?.bytesInOutput ?? 0) > 0));
}
