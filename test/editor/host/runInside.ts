import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { needBrowser, releaseBrowser } from './browser.ts';
import { settingsFile, startServer } from './editorServer.ts';
import { placeExtension } from './editorWindow.ts';
import { editorUrl, quietSettings } from './openEditor.ts';

/** Exit codes: of the tests, or 2 for a call without tests */
export async function runInside(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'extensions-dir': { type: 'string' },
      'user-data-dir': { type: 'string' },
      'disable-workspace-trust': { type: 'boolean' },
    },
  });
  const tests = values.extensionTestsPath;
  if (typeof tests !== 'string') {
    console.error('--extensionTestsPath is missing: this stand-in for VS Code only runs tests');
    return 2;
  }
  const [developed, ...others] = (values.extensionDevelopmentPath ?? []).filter((value) => typeof value === 'string');
  const data = mkdtempSync(path.join(tmpdir(), 'cowork-code-'));
  try {
    for (const folder of others) placeExtension(folder, data);
    mkdirSync(path.dirname(settingsFile(data)), { recursive: true });
    writeFileSync(settingsFile(data), JSON.stringify(quietSettings));
    return await run(data, {
      tests: path.resolve(tests),
      developed: developed === undefined ? [] : [path.resolve(developed)],
      folder: positionals[0] === undefined ? undefined : path.resolve(positionals[0]),
      trusted: values['disable-workspace-trust'] === true,
    });
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Run {
  readonly tests: string;
  readonly developed: readonly string[];
  readonly folder: string | undefined;
  readonly trusted: boolean;
}

async function run(data: string, { tests, developed, folder, trusted }: Run): Promise<number> {
  const server = await startServer({ data, trusted });
  try {
    const browser = await needBrowser();
    const page = await browser.newPage();
    const ended = new Promise<number>((resolve, reject) => {
      // The workbench calls these two when it drives tests (its smoke test driver)
      const ready = Promise.all([
        page.exposeFunction('codeAutomationLog', (type: string, values: readonly unknown[]) => {
          (type === 'error' || type === 'warn' ? console.error : console.log)(...values);
        }),
        page.exposeFunction('codeAutomationExit', (code: number) => {
          resolve(code);
        }),
      ]);
      page.once('crash', () => {
        reject(new Error('the page of the editor crashed'));
      });
      ready.then(() => page.goto(editorUrl(server, folder, developed, [['extensionTestsPath', tests]]))).catch(reject);
    });
    return await ended;
  } finally {
    await releaseBrowser();
    await server.close();
  }
}
