import { closeSync, constants, existsSync, mkdirSync, openSync, rmdirSync, writeFileSync } from 'node:fs';
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
  /** Closes them here, and takes the group away */
  remove(): void;
}

/**
 * Limits for all processes of a run together. Only root may make one; for root it is needed, since the kernel does not
 * count root's processes against their own limit. Throws where it cannot be made.
 */
export function controlGroup(name: string, limits: Pick<Limits, 'processes' | 'memory'>): ControlGroup {
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
  return { doors: [...doors], remove };
}

function removeQuietly(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // The last processes are still on their way out: an empty group does no harm
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
  }
}
