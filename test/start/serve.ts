import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installExtension, settingsFile, startServer } from '../editor/host/editorServer.ts';
import { placeExtension } from '../editor/host/editorWindow.ts';
import { quietSettings } from '../editor/host/openEditor.ts';
import { hasScreen } from './hasScreen.ts';
import { sampleAgent, type Sample } from './sample.ts';

/** Serves the editor to this machine's browsers until it is interrupted. Whoever has the address can use it, nobody else */
export async function serve(sample: Sample, vsix: string, port: number, step: (line: string) => void): Promise<number> {
  const data = path.join(sample.home, 'editor');
  mkdirSync(path.dirname(settingsFile(data)), { recursive: true });
  writeFileSync(settingsFile(data), JSON.stringify({ ...quietSettings, 'window.autoDetectColorScheme': true }));
  step('installing the extension into the editor');
  placeExtension(sampleAgent, data);
  installExtension(vsix, data);
  const token = randomBytes(16).toString('hex');
  const server = await startServer({ data, trusted: true, env: sample.env, port, token, folder: sample.folder });
  const address = `${server.url}/?tkn=${token}`;
  console.log(`\n  Open this in a browser on this machine:\n\n    ${address}\n`);
  console.log('  The sample agent begins when the page is open. Ctrl+C ends the editor and removes the sample.\n');
  if (hasScreen()) openBrowser(address);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await server.close();
  return 0;
}

function openBrowser(address: string): void {
  const [program, ...args] =
    process.platform === 'darwin' ? ['open', address] : process.platform === 'win32' ? ['explorer', address] : ['xdg-open', address];
  const opener = spawn(program, args, { stdio: 'ignore', detached: true });
  // The address was printed: a person can open it
  opener.once('error', () => {
    console.log('  (no browser could be opened from here)');
  });
  opener.unref();
}
