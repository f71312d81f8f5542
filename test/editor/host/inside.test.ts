import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { runTests } from '@vscode/test-electron';
import { root } from '../../house/root.ts';

/** The oldest editor the manifest promises to work in */
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { engines: { vscode: string } };

describe('inside the extension host', () => {
  it('the extension activates, hands out its API and registers every command it declares', async function () {
    this.timeout(300_000);
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'inside-')));
    let output = '';
    const keep = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        output += chunk.toString();
        done();
      },
    });
    try {
      // The vendor's own desktop build where its download can be reached, else the same product from the npm registry
      const which =
        process.env['COWORK_TEST_DESKTOP'] === '1'
          ? { version: engines.vscode.replace('^', '') }
          : { vscodeExecutablePath: path.join(import.meta.dirname, 'code.mjs') };
      await runTests({
        ...which,
        extensionDevelopmentPath: root,
        extensionTestsPath: path.join(root, 'dist/test/inside.js'),
        launchArgs: [folder, '--disable-extensions'],
        extensionTestsEnv: {
          COWORK_POLICY_HOME: path.join(folder, 'home'),
          // The stand-in is a script for our own Node
          PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
        },
        stdout: keep,
        stderr: keep,
      });
    } catch (error) {
      assert.fail(`${String(error)}\n${output}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
