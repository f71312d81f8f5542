import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../house/root.ts';
import { openEditor, type OpenEditor } from './openEditor.ts';

/** Lies in both bundles: functions without state, so that two copies answer alike. Think twice before it grows */
const inBoth = ['host', 'network', 'path', 'punycode', 'smuggling'].map((name) => `src/core/describe/${name}.ts`).concat('src/core/visible.ts');

describe('What reads shell lines', () => {
  let base: string;
  let editor: OpenEditor | undefined;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'late-')));
    for (const file of ['package.json', 'package.nls.json', 'media', 'dist/extension.js', 'dist/shell.js', 'dist/sql-wasm.wasm']) {
      cpSync(path.join(root, file), path.join(base, 'extension', file), { recursive: true });
    }
    mkdirSync(path.join(base, 'workspace'));
  });
  afterEach(async () => {
    await editor?.close();
    editor = undefined;
    rmSync(base, { recursive: true, force: true });
  });

  /** Starts, asks for a file, then for a line, which the shell's switch denies; tells each time whether it is loaded */
  async function firstRequests() {
    editor = await openEditor({ folder: path.join(base, 'workspace'), extensions: [path.join(base, 'extension')], env: { COWORK_POLICY_HOME: path.join(base, 'home') } });
    return editor.runInExtensionHost(async (vscode) => {
      interface Api { check(request: unknown): Promise<{ decision: string; settledBy: string }> }
      const extension = vscode.extensions.getExtension<Api>('cowork.cowork-policy');
      const api = await extension?.activate();
      const { cache } = process.getBuiltinModule('node:module').createRequire(`${extension?.extensionPath ?? ''}/dist/extension.js`);
      const late = () => Object.keys(cache).some((file) => /[\\/]dist[\\/]shell\.js$/.test(file));
      const seen = async (request: unknown) => {
        const verdict = await api?.check(request);
        return { decision: verdict?.decision, by: verdict?.settledBy, loaded: late() };
      };
      return {
        loaded: late(),
        file: await seen({ tool: 'read_file', input: { path: 'a.txt' } }),
        line: await seen({ tool: 'run_command', input: { command: 'ls' } }),
      };
    });
  }

  it('is loaded with the first line, not at the start', async () => {
    assert.deepEqual(await firstRequests(), {
      loaded: false,
      file: { decision: 'allow', by: 'policy', loaded: false },
      line: { decision: 'deny', by: 'policy', loaded: true },
    });
  });

  it('denies lines where it is missing, and nothing else', async () => {
    rmSync(path.join(base, 'extension/dist/shell.js'));
    const { file, line } = await firstRequests();
    assert.deepEqual([file.decision, line.decision, line.by], ['allow', 'deny', 'failure']);
  });

  for (const bundle of ['extension', 'program']) {
    it(`shares only plain functions with the ${bundle}`, () => {
      const other = new Set(filesIn(bundle));
      assert.deepEqual(filesIn('shell').filter((file) => other.has(file)).toSorted(), inBoth.toSorted());
    });
  }
});

/** Source files that a bundle holds something of, as the build noted */
function filesIn(bundle: string): readonly string[] {
  const { outputs } = JSON.parse(readFileSync(path.join(root, 'dist/meta', `${bundle}.json`), 'utf8')) as {
    readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>>;
  };
  return Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs).filter((file) => (inputs[file]?.bytesInOutput ?? 0) > 0));
}
