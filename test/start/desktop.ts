import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../house/root.ts';
import { sampleAgent, type Sample } from './sample.ts';

/** Opens the desktop editor in a profile of its own; resolves when its window was closed */
export async function openDesktop(code: string, { home, folder, env }: Sample, step: (line: string) => void): Promise<number> {
  step(`opening ${code} on ${folder}; this ends when you close its window`);
  const args = [
    ...['--wait', '--new-window', '--skip-welcome', '--disable-workspace-trust'],
    ...['--user-data-dir', path.join(home, 'editor'), '--extensions-dir', path.join(home, 'extensions')],
    ...[`--extensionDevelopmentPath=${root}`, `--extensionDevelopmentPath=${sampleAgent}`, folder],
  ];
  const shell = process.platform === 'win32';
  const quoted = shell ? args.map((arg) => `"${arg}"`) : args;
  const editor = spawn(shell ? `"${code}"` : code, quoted, { env: { ...process.env, ...env }, stdio: 'inherit', shell });
  return new Promise((resolve, reject) => {
    editor.once('error', reject);
    editor.once('exit', (status) => {
      resolve(status ?? 1);
    });
  });
}
