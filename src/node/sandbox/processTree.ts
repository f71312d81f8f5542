import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** The variable that marks the processes of a run, so that one which left its parents is found too */
export const markVariable = 'COWORK_RUN';
/** How often a tree is looked for again, since it may grow while it is being killed */
const rounds = 50;

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly group: number;
}

/**
 * Kills the process, its group, all that descend from it and all that carry the mark, until none is left.
 * What has both left its parents and cleared its environment is not found; only a sandbox holds that.
 */
export function killTree(root: number, mark: string): void {
  if (process.platform === 'win32') {
    killOnWindows(root);
    return;
  }
  // By its group, which it leads: its own number may already belong to another process
  signalQuietly(-root);
  for (let round = 0; round < rounds; round += 1) {
    const found = treeOf(root, mark);
    if (found.length === 0) return;
    for (const id of found) signalQuietly(id);
  }
}

function treeOf(root: number, mark: string): readonly number[] {
  const all = process.platform === 'linux' ? linuxProcesses() : listedProcesses();
  const ids = new Set<number>([root]);
  for (let before = 0; before !== ids.size; ) {
    before = ids.size;
    for (const each of all) if (ids.has(each.parent) || each.group === root) ids.add(each.id);
  }
  const own = all.filter(({ id }) => ids.has(id) || carriesMark(id, mark)).map(({ id }) => id);
  return own.filter((id) => id !== process.pid);
}

function linuxProcesses(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = readQuietly(`/proc/${name}/stat`);
    // The name in brackets may hold anything, spaces and brackets included
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === undefined || state === 'Z' || state === 'X' || stat === '' ? [] : [{ id: Number(name), parent: Number(parent), group: Number(group) }];
  });
}

function listedProcesses(): readonly Process[] {
  const text = execFileSync('/bin/ps', ['-axo', 'pid=,ppid=,pgid=,state='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [id, parent, group, state] = line.trim().split(/\s+/);
    return id === undefined || id === '' || state?.startsWith('Z') === true ? [] : [{ id: Number(id), parent: Number(parent), group: Number(group) }];
  });
}

function carriesMark(id: number, mark: string): boolean {
  return process.platform === 'linux' && `\0${readQuietly(`/proc/${id}/environ`)}`.includes(`\0${markVariable}=${mark}\0`);
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // It ended meanwhile, or belongs to somebody else
    return '';
  }
}

function signalQuietly(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It is gone already, or not ours to end
  }
}

function killOnWindows(root: number): void {
  try {
    execFileSync('taskkill', ['/T', '/F', '/PID', String(root)], { stdio: 'ignore', windowsHide: true });
  } catch {
    // It is gone already
  }
}
