import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { globSync, lstatSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClient } from '../../src/agents/clients.ts';
import type { RuleScope } from '../../src/core/rules/rule.ts';
import type { Approval } from '../../src/gate/ports.ts';
import { systemClock } from '../../src/host/clock.ts';
import { newDiscovery, publishDiscovery } from '../../src/node/endpoint/discovery.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import type { AgentClient, Deed } from './client.ts';
import { signalTo, type Jailed, type JailedProcess } from './jail/jailed.ts';
import type { Machine } from './machine.ts';
import { openGate, writePolicy } from './policy.ts';
import type { ClientRun, RunOptions } from './runClient.ts';

/** One thing that the model tries, and what has to come of it */
export interface Trial {
  /** What it is, for the table and the name of the test */
  readonly what: string;
  readonly deed: Deed;
  /** The file that is there afterwards where the tool ran */
  readonly file: string;
  readonly may: 'run' | 'not run';
  /** What the model has to be told where it may not run */
  readonly told?: RegExp;
  /** Hook and shell are killed, for which some clients wait (`waitsForKilled`) */
  readonly killed?: true;
}

/** A state of the world in which clients are run */
export interface Condition {
  readonly name: string;
  readonly trials: readonly Trial[];
  /** Sets the world up on a machine that has the policy, lets the client run in it, and looks at what is left */
  around(machine: Machine, run: (options?: RunOptions) => Promise<ClientRun>, client: AgentClient): Promise<ClientRun>;
}

const shell = (file: string): { readonly deed: Deed; readonly file: string } => ({ deed: { kind: 'shell', command: `touch ${file}` }, file });
const write = (file: string): { readonly deed: Deed; readonly file: string } => ({ deed: { kind: 'write', file, text: 'written' }, file });

const allowed = { what: 'command, allowed by a rule', ...shell('allowed.txt') } as const;
const denied = { what: 'command, denied by a rule', ...shell('denied.txt') } as const;
const asked = { what: 'command, to be asked', ...shell('asked.txt') } as const;
const allowedWrite = { what: 'write, allowed by a rule', ...write('allowed-write.txt') } as const;
const deniedWrite = { what: 'write, denied by a rule', ...write('denied-write.txt') } as const;

/** Puts the policy of all conditions into a machine's workspace */
export async function furnish(machine: Machine): Promise<void> {
  const command = (file: string): RuleScope => ({ kind: 'command_prefix', prefix: `touch ${file}` });
  const file = (name: string): RuleScope => ({ kind: 'path', path: path.join(machine.workspace, name) });
  await writePolicy(machine, [
    { effect: 'allow', scope: command(allowed.file) }, { effect: 'deny', scope: command(denied.file) },
    { effect: 'allow', scope: file(allowedWrite.file) }, { effect: 'deny', scope: file(deniedWrite.file) },
  ]);
}

const byRule = /The rule is "deny/;

const editorOpen: Condition = {
  name: 'editor open',
  trials: [
    { ...allowed, may: 'run' },
    { ...denied, may: 'not run', told: byRule },
    { ...allowedWrite, may: 'run' },
    { ...deniedWrite, may: 'not run', told: byRule },
    { what: 'command, the person says yes', ...shell('yes.txt'), may: 'run' },
    { what: 'command, the person says no', ...shell('no.txt'), may: 'not run', told: /Denied by the user/ },
  ],
  async around(machine, run, { name }) {
    const open = await openGate(machine, ({ request }) => (JSON.stringify(request).includes('yes.txt') ? 'allow_once' : 'deny_once'));
    try {
      const came = await run();
      const title = findClient(name)?.title;
      const asking = open.asked.map(({ request }) => request.actor?.name);
      if (asking.length !== 2 || asking.some((agent) => agent !== title)) throw new Error(`the person was asked for [${asking.join(', ')}] and not twice for ${title ?? name}\n${came.account}`);
      return came;
    } finally {
      await open.close();
    }
  },
};

const editorGone: Condition = {
  name: 'editor died',
  trials: [
    { ...allowed, may: 'run' },
    { ...denied, may: 'not run', told: byRule },
    { ...allowedWrite, may: 'run' },
    { ...deniedWrite, may: 'not run', told: byRule },
    { ...asked, may: 'not run' },
  ],
  around(machine, run) {
    const { signal, stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'dyingEditor.ts'), machine.workspace, machine.userFolder], { encoding: 'utf8' });
    if (signal !== 'SIGKILL') throw new Error(`the editor did not die: ${stderr}`);
    return run();
  },
};

/** An editor that still holds the folder's lock and takes connections, and does nothing else with them than this */
const editorHung = (name: string, behave: (socket: Socket) => void): Condition => ({
  name,
  trials: [{ ...allowed, may: 'not run' }, { ...denied, may: 'not run' }, { ...asked, may: 'not run' }],
  async around(machine, run) {
    const { workspace, userFolder } = machine;
    const store = await openStore({ folder: workspace, userFolder, clock: systemClock(), watch: false });
    const discovery = await newDiscovery(userFolder, workspace);
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      behave(socket);
    });
    await new Promise<void>((done) => server.listen(discovery.address, done));
    await publishDiscovery(userFolder, discovery);
    try {
      const came = await run({ deadline: 2 });
      if (sockets.length === 0) throw new Error(`nobody called the editor\n${came.account}`);
      return came;
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
      await store.close();
    }
  },
});

/** As a stopped process does */
const stopped = (): void => undefined;
/** Lets everybody in and then never says another word */
const greetsOnly = (socket: Socket): void => void socket.on('error', () => undefined).once('data', () => socket.write('{"jsonrpc":"2.0","id":1,"result":{"version":1}}\n'));

/** The hook is hit by a signal while its question is open */
function hookHit(name: string, signal: 'SIGTERM' | 'SIGKILL', withShell = false): Condition {
  return {
    name,
    trials: [{ ...asked, may: 'not run', ...(withShell ? { killed: true } : {}) }],
    async around(machine, run, client) {
      const waits = withShell && client.waitsForKilled === true;
      let jailed: Jailed | undefined;
      let hit = 0;
      let stood: Promise<void> | undefined;
      const strike = (_approval: Approval): undefined => {
        const all = jailed?.processes() ?? [];
        const hooks = all.filter(({ words }) => words.includes('hook') && words[0]?.endsWith('node') === true);
        const shells = withShell ? all.filter(({ words }) => /(?:^|\/)(?:ba|da)?sh$/.test(words[0] ?? '') && words.some((word) => word.includes(' hook'))) : [];
        // Shells first, or they would tell of the end of the hook
        for (const { pid } of [...shells, ...below(shells, all)]) signalTo(pid, signal);
        hit += hooks.filter(({ pid }) => signalTo(pid, signal) || withShell).length;
        if (waits) stood ??= standing(jailed, client);
      };
      const open = await openGate(machine, strike);
      try {
        const came = await run({
          watch(started) {
            jailed = started;
          },
          ...(waits ? { endless: true } : {}),
        });
        if (hit === 0) throw new Error(`no hook was hit\n${came.account}`);
        await stood;
        for (let pauses = 0; open.gate.pending.length > 0; pauses++) {
          if (pauses === 50) throw new Error('the question of a hook that is gone stays open');
          await sleep(100);
        }
        return came;
      } finally {
        await open.close();
      }
    },
  };
}

/** How long a client is watched that waits for a hook that is gone, in milliseconds: much longer than any takes to run a tool */
const watched = 15_000;

/** Looks on for a while, and then ends the jail, in which the client must still be */
async function standing(jailed: Jailed | undefined, { program, title }: AgentClient): Promise<void> {
  await sleep(watched);
  const isThere = jailed?.processes().some(({ words }) => words.some((word) => path.basename(word) === program)) === true;
  await jailed?.kill();
  if (!isThere) throw new Error(`${title} did not wait`);
}

/** All processes that these started, and those that they started */
function below(above: readonly JailedProcess[], all: readonly JailedProcess[]): readonly JailedProcess[] {
  const found = all.filter(({ parent }) => above.some(({ pid }) => pid === parent));
  return found.length === 0 ? [] : [...found, ...below(found, all)];
}

const stateRuined: Condition = {
  name: 'garbage on disk',
  trials: [{ ...allowed, may: 'not run' }, { ...denied, may: 'not run' }, { ...asked, may: 'not run' }],
  around(machine, run) {
    for (const file of globSync('**', { cwd: path.join(machine.workspace, '.cowork/policy') })) {
      const absolute = path.join(machine.workspace, '.cowork/policy', file);
      if (lstatSync(absolute).isFile()) writeFileSync(absolute, randomBytes(4096));
    }
    return run();
  },
};

/** All conditions, in the order of the table */
export const conditions: readonly Condition[] = [
  editorOpen, editorGone, editorHung('editor hangs', stopped), editorHung('editor greets and then hangs', greetsOnly), hookHit('hook ended by SIGTERM', 'SIGTERM'), hookHit('hook killed by SIGKILL', 'SIGKILL'), hookHit('hook and its shell killed by SIGKILL', 'SIGKILL', true), stateRuined,
];
