/**
 * Runs all tries in one sandbox and prints what came of each, one line of JSON a try:
 * `node tryAll.ts KIND FOLDER`, with Docker's engine and image in DOCKER_HOST and DOCKER_TEST_IMAGE.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSandbox } from '../../src/node/sandbox/openSandbox.ts';
import type { SandboxKind } from '../../src/node/sandbox/sandbox.ts';
import { makeLab } from './lab.ts';
import { tries } from './tries.ts';

/** What came of one try */
export interface Tried {
  readonly name: string;
  readonly worked: boolean;
  /** Why nothing ran, where nothing ran */
  readonly refused?: string;
  readonly said: string;
  readonly milliseconds: number;
}

/** Whether an effect shows, at once or soon after: the kernel ends and stops processes in its own time */
async function shows(worked: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let looks = 0; looks < 4; looks++) {
    if (await worked()) return true;
    await sleep(50);
  }
  return false;
}

const [kind = '', folder = ''] = process.argv.slice(2);
// In a throw-away root the old /proc is kept from being written to; a new one is not
if (kind === 'none' && process.getuid?.() === 0) execFileSync('mount', ['-t', 'proc', 'proc', '/proc']);
const lab = await makeLab(folder, kind === 'docker' && process.getuid?.() === 0 ? 1000 : undefined);
const opened = await openSandbox(kind as SandboxKind, {
  workspace: lab.workspace, home: lab.home, userFolder: lab.userFolder,
  limits: { processes: 60, memory: 200 * 1024 ** 2, fileSize: 64 * 1024 ** 2, temporary: 64 * 1024 ** 2 },
  docker: { image: process.env['DOCKER_TEST_IMAGE'] ?? '', memory: '200m' },
});
if (!opened.ok) throw new Error('no sandbox');
for (const each of tries) {
  if (each.root === true && process.getuid?.() !== 0) continue;
  const result = await opened.sandbox.run(each.command(lab), { timeout: 20_000 });
  const tried: Tried = {
    name: each.name,
    worked: await shows(() => each.worked(lab, result)),
    milliseconds: result.ok ? result.milliseconds : 0,
    said: result.ok ? `${result.stdout}${result.stderr}`.slice(0, 300) : '',
    ...(result.ok ? {} : { refused: result.reason }),
  };
  process.stdout.write(`${JSON.stringify(tried)}\n`);
  await lab.reset();
}
lab.end();
process.exit(0);
