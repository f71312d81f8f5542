import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Ruling } from '../agents/hookCall.ts';
import type { Request } from '../core/request.ts';
import { errorText } from '../gate/errorText.ts';
import type { EndpointClient } from '../node/endpoint/client.ts';
import { remoteGate } from '../node/endpoint/remoteGate.ts';
import type { AloneCall, AloneResult } from './hookAlone.ts';
import { findWorkspace } from './hookWorkspace.ts';

// Every hook call loads this file, so it leans on nothing that takes long to load.

/** What is said where no policy speaks */
export const noPolicy = 'No policy speaks for this folder yet. The user can open it in VS Code with CoWork Policy, or run “cowork-policy mode set default” in it.';

/** How often the way to the editor is tried where it breaks in the middle */
const mostTries = 3;
/** How long a folder that another program keeps is waited for between two tries, in milliseconds */
const busyPause = 100;
/** A folder that is kept for longer than this is not about to be let go, in milliseconds */
const busyPatience = 60_000;
/** An editor that has not said hello by then hangs, in milliseconds */
const helloPatience = 10_000;

export interface RulingOptions {
  readonly userFolder: string;
  /** Folders that the call may belong to, the most trusted first; absolute */
  readonly starts: readonly string[];
  /** Whether the agent's own "ask" may take the place of ours where nobody is there to be asked */
  readonly mayAsk: boolean;
  /** Withdraws the question when the agent is gone */
  readonly signal?: AbortSignal;
}

/**
 * What an agent's request is answered: by the editor that holds the workspace, where people are asked, or by the state on
 * disk where none is open.
 *
 * INVARIANT: whatever cannot be reached, read or recorded is a denial. It may wait for as long as a question stays open, so
 * that who calls keeps a deadline.
 */
export async function ruleRequest(request: Request, { userFolder, starts, mayAsk, signal }: RulingOptions): Promise<Ruling> {
  const started = performance.now();
  let broken = 'The editor did not answer';
  const isGone = (): boolean => signal?.aborted === true;
  for (let tries = 0; tries < mostTries && !isGone();) {
    const found = await within(helloPatience, findWorkspace(userFolder, starts), 'The editor that holds this workspace does not answer').catch((error: unknown) => {
      broken = errorText(error);
      return null;
    });
    if (found === undefined) return deny(noPolicy);
    if (found === null) {
      tries += 1;
      await pause(busyPause);
      continue;
    }
    if (found.editor === undefined) {
      const result = await decideApart({ request, workspace: found.folder, userFolder, mayAsk });
      if (result.kind === 'ruled') return result.ruling;
      if (performance.now() - started > busyPatience) return deny(result.message);
      // Another hook, or an editor that is opening, keeps the folder for a moment
      await pause(busyPause * (0.5 + Math.random()));
      continue;
    }
    try {
      return await askEditor(request, found.editor, signal);
    } catch (error) {
      // The window was closed or started anew: ask whoever holds the folder now
      broken = errorText(error);
      tries += 1;
    } finally {
      found.editor.close();
    }
  }
  return deny(broken);
}

/** The text of a denial, which says that it is one */
export function denied(message: string): string {
  return message.startsWith('Denied') ? message : `Denied: ${message}${/[.!?]$/.test(message) ? '' : '.'}`;
}

async function askEditor(request: Request, editor: EndpointClient, signal: AbortSignal | undefined): Promise<Ruling> {
  const checked = remoteGate(editor).check(request, signal === undefined ? {} : { signal });
  // Waited for below, where it matters
  checked.catch(() => undefined);
  await within(helloPatience, editor.admitted, 'The editor that holds this workspace does not answer');
  const { decision, message, edited } = await checked;
  if (decision !== 'allow' || edited === undefined) return { decision, message };
  // Only the input can be handed back to a client
  if (edited.tool !== request.tool || edited.input === undefined) return deny('The user changed this call into another one. Ask what to do instead.');
  return { decision, message, edited: edited.input };
}

/**
 * Decides on a thread of its own, so that a deadline holds whatever it is given to read, and only here loads the store
 * and the core.
 */
async function decideApart(call: AloneCall): Promise<AloneResult> {
  const program = ['program.js', 'program.ts'].map((name) => path.join(import.meta.dirname, name)).find((file) => existsSync(file));
  if (program === undefined) throw new Error('The rest of CoWork Policy is missing');
  const { Worker } = await import('node:worker_threads');
  return new Promise((done, fail) => {
    // Its streams are its own: a word too many on ours would make the answer unreadable
    const thread = new Worker(program, { workerData: call, stdout: true, stderr: true, execArgv: [] });
    thread.once('message', (result: AloneResult) => done(result));
    thread.once('error', fail);
    thread.once('exit', (code) => fail(new Error(`Deciding ended with ${code}`)));
  });
}

function deny(message: string): Ruling {
  return { decision: 'deny', message: denied(message) };
}

async function within<Value>(milliseconds: number, work: Promise<Value>, otherwise: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(otherwise)), milliseconds);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}
