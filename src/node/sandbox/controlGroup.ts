import { randomUUID } from 'node:crypto';
import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Limits } from './sandbox.ts';

const root = '/sys/fs/cgroup';

/** A control group for one run */
export interface ControlGroup {
  /**
   * Open descriptors: a process that writes `0` to each is in, and with it all it starts from then on. That it does so
   * itself is what makes it quick: to move another, the kernel waits for all processors
   */
  readonly doors: readonly number[];
  /** The run is over, and so are its processes: the group is for another run, or goes with this process */
  release(): void;
}

type GroupLimits = Pick<Limits, 'processes' | 'memory'>;

interface Made {
  readonly doors: readonly number[];
  isEmpty(): boolean;
  remove(): void;
}

/** Empty groups of earlier runs by their limits, since making one is a good part of what stands before a start */
const idle = new Map<string, Made[]>();
/** So many are kept; more are needed only where as many runs go on at once */
const mostIdle = 4;
let removesAtExit = false;

/**
 * Limits for all processes of a run together. Only root may make one; for root it is needed, since the kernel does not
 * count root's processes against their own limit. Throws where it cannot be made.
 */
export function controlGroup({ processes, memory }: GroupLimits): ControlGroup {
  const key = `${processes} ${memory}`;
  const waiting = idle.get(key) ?? [];
  idle.set(key, waiting);
  const group = waiting.pop() ?? make(`cowork-sandbox-${randomUUID()}`, { processes, memory });
  if (!removesAtExit) process.once('exit', () => [...idle.values()].flat().forEach((each) => each.remove()));
  removesAtExit = true;
  return {
    doors: group.doors,
    release: () => (waiting.length < mostIdle && group.isEmpty() ? void waiting.push(group) : group.remove()),
  };
}

function make(name: string, limits: GroupLimits): Made {
  const together = existsSync(path.join(root, 'cgroup.controllers'));
  const groups = together
    ? [{ folder: path.join(root, name), values: { 'pids.max': limits.processes, 'memory.max': limits.memory, 'memory.swap.max': 0 }, needed: ['pids.max', 'memory.max'] }]
    : [
        { folder: path.join(root, 'pids', name), values: { 'pids.max': limits.processes }, needed: ['pids.max'] },
        { folder: path.join(root, 'memory', name), values: { 'memory.limit_in_bytes': limits.memory }, needed: ['memory.limit_in_bytes'] },
      ];
  const made: string[] = [];
  const doors: number[] = [];
  const remove = (): void => {
    for (const door of doors.splice(0)) closeSync(door);
    for (const folder of made.splice(0)) removeQuietly(folder);
  };
  try {
    for (const { folder, values, needed } of groups) {
      mkdirSync(folder);
      made.push(folder);
      for (const [file, value] of Object.entries(values)) {
        if (needed.includes(file) || existsSync(path.join(folder, file))) writeFileSync(path.join(folder, file), String(value));
      }
      doors.push(openSync(path.join(folder, together ? 'cgroup.procs' : 'tasks'), constants.O_WRONLY));
    }
  } catch (error) {
    remove();
    throw error;
  }
  const isEmpty = (): boolean => made.every((folder) => readFileSync(path.join(folder, 'cgroup.procs'), 'latin1') === '');
  return { doors: [...doors], isEmpty, remove };
}

function removeQuietly(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // The last processes are still on their way out: an empty group does no harm
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
  }
}
