import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { root } from '../house/root.ts';

const rounds = 60;
/** What a hook call may cost, as a multiple of starting Node and doing nothing (design) */
const allowed = 1.6;

/** An editor's endpoint that allows everything, on a thread of its own because the processes here are waited for */
const editor = `
  const { workerData, parentPort } = require('node:worker_threads');
  import(workerData.server).then(async ({ openEndpoint }) => {
    const { userFolder, workspace } = workerData;
    await openEndpoint({ userFolder, workspace, methods: { check: async () => ({ decision: 'allow', message: 'Allowed.' }) }, onError: (error) => { throw error; } });
    parentPort.postMessage('open');
  });
`;

/**
 * A whole hook call from a cold start (start, read the call, find the editor, ask it, write the answer, end) beside
 * `node -e 0`. The two take turns, so that what else the machine does hits both; the ratio of each pair is taken, and of
 * those the median.
 */
export async function run(): Promise<void> {
  const cache = path.join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const base = realpathSync(mkdtempSync(path.join(cache, 'hook-')));
  const userFolder = path.join(base, 'user');
  const workspace = path.join(base, 'workspace');
  mkdirSync(workspace);
  const thread = new Worker(editor, { eval: true, workerData: { server: path.join(root, 'src/node/endpoint/server.ts'), userFolder, workspace } });
  try {
    await new Promise((done, fail) => {
      thread.once('message', done);
      thread.once('error', fail);
    });
    const input = JSON.stringify({ session_id: 's', cwd: workspace, hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'npm test' } });
    const start = (...words: readonly string[]): { readonly time: number; readonly out: string } => {
      const began = performance.now();
      const { stdout, status } = spawnSync(process.execPath, words, { cwd: workspace, env: { ...process.env, COWORK_POLICY_HOME: userFolder }, input, encoding: 'utf8' });
      if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}`);
      return { time: performance.now() - began, out: stdout };
    };
    const hook = [path.join(root, 'dist/cli.js'), 'hook', 'claude'];
    if (!start(...hook).out.includes('"allow"')) throw new Error('the hook did not ask the endpoint');
    const pairs = Array.from({ length: rounds }, () => ({ bare: start('-e', '0').time, hook: start(...hook).time }));
    const ratio = median(pairs.map((pair) => pair.hook / pair.bare));
    console.log('hook: one call from a cold start, answered by the open editor');
    console.log(`  node -e 0                  ${median(pairs.map(({ bare }) => bare)).toFixed(1).padStart(6)} ms`);
    console.log(`  cowork-policy hook claude  ${median(pairs.map((pair) => pair.hook)).toFixed(1).padStart(6)} ms   ${ratio.toFixed(2)} times node -e 0 (allowed ${allowed})`);
    if (ratio > allowed) throw new Error(`a hook call costs ${ratio.toFixed(2)} times node -e 0; ${allowed} are allowed`);
  } finally {
    await thread.terminate();
    rmSync(base, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
