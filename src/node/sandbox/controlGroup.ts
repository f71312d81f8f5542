import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Limits } from './sandbox.ts';

const root = '/sys/fs/cgroup';

/** A control group for one run */
export interface ControlGroup {
  /** Puts a process in, and with it all it starts from then on */
  add(id: number): void;
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
  const remove = (): void => {
    for (const folder of made.splice(0)) removeQuietly(folder);
  };
  try {
    for (const { folder, values, needed } of groups) {
      mkdirSync(folder);
      made.push(folder);
      for (const [file, value] of Object.entries(values)) {
        if (needed.includes(file) || existsSync(path.join(folder, file))) writeFileSync(path.join(folder, file), String(value));
      }
    }
  } catch (error) {
    remove();
    throw error;
  }
  return {
    add(id) {
      for (const { folder } of groups) writeFileSync(path.join(folder, 'cgroup.procs'), String(id));
    },
    remove,
  };
}

function removeQuietly(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // The last processes are still on their way out: an empty group does no harm
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
  }
}
