import { realpathSync } from 'node:fs';
import { connectEndpoint } from '../node/endpoint/client.ts';
import { type RemoteGate, remoteGate } from '../node/endpoint/remoteGate.ts';
import type { FolderStore } from '../node/store/openStore.ts';
import { userFolder } from '../node/userFolder.ts';
import { clock } from './clock.ts';
import { workspaceFolder } from './place.ts';
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

/** What a person can do with the gate from here */
export type ChangingGate = Pick<RemoteGate, 'addRule' | 'removeRule' | 'changeSettings' | 'check' | 'report'>;

/** Where the gate is: in the editor that holds the folder, where people are asked, or here, where nobody is */
export type GatePlace = 'editor' | 'here';

/**
 * Opens the gate of the workspace for a change a person makes here, and closes it again; where an editor holds the
 * folder, the change is made there. Who runs a program on this machine as this user could write the files themselves,
 * so the folder counts as trusted for it.
 */
export async function withGate<Result>(flags: Flags, console: Console, use: (gate: ChangingGate, place: GatePlace) => Promise<Result>): Promise<Result> {
  const { withAloneGate } = await import('./aloneGate.ts');
  const folder = workspaceFolder(flags, console);
  const alone = await withAloneGate(folder, userFolder(), (gate) => use(gate, 'here'));
  if (alone.ok) return alone.result;
  if (alone.problem.code === 'busy') return inTheEditor(folder, alone.problem.message, use);
  throw new FailedError(alone.problem.message);
}

async function inTheEditor<Result>(folder: string, busy: string, use: (gate: ChangingGate, place: GatePlace) => Promise<Result>): Promise<Result> {
  const client = await connectEndpoint(userFolder(), realpathSync.native(folder));
  if (client === undefined) throw new FailedError(busy);
  try {
    return await use(remoteGate(client), 'editor');
  } finally {
    client.close();
  }
}
