import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { shForm } from '../../core/describe/shell/sh.ts';
import { sayWord, standIn } from './begin.ts';
import { bareEnvironment } from './environment.ts';
import { killTree, markVariable } from './processTree.ts';
import { type Start, cannotBeRun, runProcess } from './runProcess.ts';
import type { Sandbox, SandboxSettings } from './sandbox.ts';
import { startFolder } from './startFolder.ts';

/** `none`: the same time-out, output limits, environment and end, and no isolation at all (not recommended, spec 10) */
export function bareSandbox(settings: Pick<SandboxSettings, 'workspace'>): Sandbox {
  return {
    kind: 'none',
    async run(command, options = {}) {
      const reason = cannotBeRun(command) ?? (process.platform === 'win32' || ownBash() !== undefined ? undefined : needsBash(command));
      if (reason !== undefined) return { ok: false, sandbox: 'none', reason };
      const folder = startFolder(settings.workspace, options.cwd);
      if (!folder.ok) return { ok: false, sandbox: 'none', reason: folder.reason };
      const mark = randomUUID();
      const shell = shellFor(command, folder.path, mark);
      return runProcess({
        sandbox: 'none', ...shell, cwd: folder.path,
        environment: { ...bareEnvironment(), [markVariable]: mark },
        kill: (child) => {
          if (child.pid !== undefined) killTree(child.pid, mark);
        },
      }, options);
    },
  };
}

/** What checks the folder, says the word and becomes the command; on Windows the command at once, in the folder as it was looked at */
function shellFor(command: string, folder: string, word: string): Pick<Start, 'program' | 'args' | 'word'> {
  if (process.platform === 'win32') return { program: 'powershell.exe', args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command] };
  const { program, args } = bashOrSh(command);
  return { program: '/bin/sh', args: ['-c', begin, 'sh', folder, word, program, ...args], word };
}

const begin = [standIn('"$1"'), sayWord('"$2"'), 'shift 2', 'exec "$@"'].join('\n');

/** The line is read as bash reads it before it is allowed; `sh` only where there is no bash, and then only what `needsBash` lets through */
export function bashOrSh(command: string): { readonly program: string; readonly args: readonly string[] } {
  const bash = ownBash();
  return bash === undefined ? { program: '/bin/sh', args: ['-c', command] } : { program: bash, args: ['--noprofile', '--norc', '-c', command] };
}

/** Why a plain shell must not run a line in bash's place: it would do something else than was decided about. `undefined` where it would not */
export function needsBash(command: string): string | undefined {
  return shForm(command) === undefined ? undefined : 'This line is written for Bash, there is none here, and a plain shell would do something else; nothing was run. Install Bash, or have it written for a plain shell.';
}

function ownBash(): string | undefined {
  return ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'].find((file) => existsSync(file));
}
