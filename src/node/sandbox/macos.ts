import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bashOrSh } from './bare.ts';
import { sayWord, standIn } from './begin.ts';
import { sandboxEnvironment } from './environment.ts';
import { type PortProxy, openPortProxy } from './hosts/hostProxy.ts';
import { proxyVariables } from './hosts/relay.ts';
import { macosProfile } from './macosProfile.ts';
import { protectWritten } from './placeHolders.ts';
import { killTree, markVariable } from './processTree.ts';
import { cannotBeRun, runProcess } from './runProcess.ts';
import type { RunOptions, RunResult, Sandbox, SandboxSettings } from './sandbox.ts';
import { startFolder } from './startFolder.ts';
import { unfitWorkspace } from './unfitWorkspace.ts';

const program = '/usr/bin/sandbox-exec';

/** `macos`: the system's own sandbox, held to a profile made for the run */
export function macosSandbox(given: SandboxSettings): Sandbox {
  return {
    kind: 'macos',
    async run(command, options = {}) {
      try {
        return await runInside(given, command, options);
      } catch (error) {
        return refused(`The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}.`);
      }
    },
  };
}

async function runInside(given: SandboxSettings, command: string, options: RunOptions): Promise<RunResult> {
  if (process.platform !== 'darwin' || !existsSync(program)) return refused('sandbox-exec is part of macOS only; choose another sandbox.');
  const reason = cannotBeRun(command) ?? unfitWorkspace(given);
  if (reason !== undefined) return refused(reason);
  const folder = startFolder(given.workspace, options.cwd);
  if (!folder.ok) return refused(folder.reason);
  const protection = await protectWritten(given);
  let proxy: PortProxy | undefined;
  let temporary: string | undefined;
  try {
    proxy = given.askHosts === true && options.reach !== undefined ? await openPortProxy(options.reach) : undefined;
    temporary = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'cowork-sandbox-')));
    const profile = macosProfile(given, temporary, protection.entries, proxy?.port);
    const mark = randomUUID();
    return await runProcess({
      sandbox: 'macos', program: '/bin/sh', args: ['-c', inFolder, 'sh', folder.path, program, '-p', profile, ...inside(command, mark)], cwd: folder.path, word: mark,
      environment: { ...sandboxEnvironment(given.home), HOME: temporary, TMPDIR: temporary, [markVariable]: mark, ...(proxy === undefined ? {} : proxyVariables(proxy.url)) },
      kill: (child) => {
        if (child.pid !== undefined) killTree(child.pid, mark);
      },
    }, options);
  } finally {
    proxy?.close();
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    await protection.release();
  }
}

/** Outside of the sandbox, which might not tell where a folder is. $1 the folder, then what to become */
const inFolder = [standIn('"$1"', 'darwin'), 'shift', 'exec "$@"'].join('\n');
/** In the sandbox. $1 the word, then what to become */
const begin = [sayWord('"$1"'), 'shift', 'exec "$@"'].join('\n');

/** The command in its shell, behind the word; by the shell that runs it too, since another might not be seen inside */
function inside(command: string, word: string): readonly string[] {
  const { program: shell, args } = bashOrSh(command);
  return [shell, ...args.slice(0, -1), begin, 'sh', word, shell, ...args];
}

function refused(reason: string): RunResult {
  return { ok: false, sandbox: 'macos', reason };
}
