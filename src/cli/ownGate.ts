import { randomUUID } from 'node:crypto';
import { createGate, type Gate } from '../gate/gate.ts';
import type { FolderStore } from '../node/store/openStore.ts';
import { userFolder } from '../node/userFolder.ts';
import { clock } from './clock.ts';
import { surroundingsOf, workspaceFolder } from './place.ts';
import { type Console, FailedError, type Flags } from './verb.ts';

/** The name under which changes from here stand in the record */
export const author = 'command line';

/** Opens the workspace's state for looking only, and closes it again */
export async function withStore<Result>(flags: Flags, console: Console, use: (store: FolderStore) => Promise<Result>): Promise<Result> {
  const { openStore } = await import('../node/store/openStore.ts');
  const store = await openStore({ folder: workspaceFolder(flags, console), userFolder: userFolder(), clock, readOnly: true, watch: false });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/**
 * Opens the gate of the workspace for a change a person makes here, and closes it again. Who runs a program on this
 * machine as this user could write the files themselves, so the folder counts as trusted for it.
 */
export async function withGate<Result>(flags: Flags, console: Console, use: (gate: Gate, store: FolderStore) => Promise<Result>): Promise<Result> {
  const { openStore } = await import('../node/store/openStore.ts');
  const folder = workspaceFolder(flags, console);
  const store = await openStore({ folder, userFolder: userFolder(), clock, watch: false });
  try {
    if (store.state.closedBecause !== undefined) throw new FailedError(store.state.closedBecause.message);
    const gate = createGate({ store, clock, ids: randomUUID, trusted: () => true, surroundings: () => surroundingsOf(folder) });
    try {
      return await use(gate, store);
    } finally {
      await gate.dispose();
    }
  } finally {
    await store.close();
  }
}
