import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../src/host/clock.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import { root } from '../house/root.ts';

/** A fresh sample project with a policy of its own; nothing of the user's is read or written */
export interface Sample {
  /** Holds all of it */
  readonly home: string;
  /** The project to open */
  readonly folder: string;
  /** Where the sample agent writes what it did, a JSON object a line */
  readonly log: string;
  /** What the extension host is started with */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** The scripted agent that comes along */
export const sampleAgent: string = path.join(root, 'test/fixtures/sample-agent');

/** Copies the sample project and turns shell and delete on in it, so that the agent's four steps are all asked about */
export async function makeSample(): Promise<Sample> {
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-start-')));
  const folder = path.join(home, 'garden-book');
  const userFolder = path.join(home, 'user');
  const log = path.join(home, 'agent.ndjson');
  cpSync(path.join(root, 'test/fixtures/sample-workspace'), folder, { recursive: true });
  const store = await openStore({ folder, userFolder, clock: systemClock() });
  try {
    const permissions = { ...store.state.settings.permissions, shell: true, delete: true };
    await store.commit([{ type: 'settings_changed', change: { permissions }, by: 'npm start' }]);
  } finally {
    await store.close();
  }
  return {
    home,
    folder,
    log,
    env: { COWORK_POLICY_HOME: userFolder, COWORK_SAMPLE_AGENT: 'auto', COWORK_SAMPLE_LOG: log },
    remove: () => {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the sample agent wrote so far */
export function readAgentLog(log: string): readonly AgentEvent[] {
  let text: string;
  try {
    text = readFileSync(log, 'utf8');
  } catch (error) {
    // The agent has not begun
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AgentEvent);
}

export interface AgentEvent {
  readonly event: 'ready' | 'asked' | 'decided' | 'verdict' | 'done' | 'failed' | 'finished';
  readonly id?: string;
  readonly tool?: string;
  readonly decision?: string;
  readonly settledBy?: string;
  readonly summary?: string;
  readonly message?: string;
}
