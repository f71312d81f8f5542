import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bashOrSh } from './bare.ts';
import { sandboxEnvironment } from './environment.ts';
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
  const temporary = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'cowork-sandbox-')));
  try {
    const profile = macosProfile(given, temporary, protection.entries);
    const shell = bashOrSh(command);
    const mark = randomUUID();
    return await runProcess({
      sandbox: 'macos', program, args: ['-p', profile, shell.program, ...shell.args], cwd: folder.path,
      environment: { ...sandboxEnvironment(given.home), HOME: temporary, TMPDIR: temporary, [markVariable]: mark },
      kill: (child) => {
        if (child.pid !== undefined) killTree(child.pid, mark);
      },
      read: ({ code, signal, stderr }) => {
        // 65 and 71: the profile or the start failed (sysexits.h)
        if ((code === 65 || code === 71) && stderr.startsWith('sandbox-exec: ')) return { refused: `The sandbox cannot start: ${stderr.trim().slice(0, 300)}` };
        return { exitCode: code ?? undefined, signal: signal ?? undefined };
      },
    }, options);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    await protection.release();
  }
}

function refused(reason: string): RunResult {
  return { ok: false, sandbox: 'macos', reason };
}
