import { isUtf8 } from 'node:buffer';
import { writeSync } from 'node:fs';
import path from 'node:path';
import { denial, reasonText, silence } from '../agents/answerText.ts';
import { findClient } from '../agents/clients.ts';
import type { Client, HookCall, HookOutput } from '../agents/hookCall.ts';
import { readJson } from '../agents/readJson.ts';
import { errorText } from '../gate/errorText.ts';
import { userFolder as usualUserFolder } from '../node/userFolder.ts';
import { noteSeen } from './heartbeat.ts';
import { denied, ruleRequest } from './ruling.ts';

/** Bytes of a call; a bigger one is denied unread. The gate reads no bigger request either */
const longestCall = 8_000_000;
/** How often it is looked whether the client is still there, in milliseconds */
const parentCheck = 1_000;

interface Options {
  readonly client: Client;
  /** Seconds since the process began */
  readonly deadline: number;
  readonly userFolder: string;
  /** A trial by the installer: not noted as a call of the agent */
  readonly probe: boolean;
}

/**
 * Answers one hook call of an agent: reads it from standard input, asks the editor that holds the workspace, or decides by
 * the state on disk, and writes the answer in the agent's own form. Ends the process.
 *
 * INVARIANT: whatever goes wrong, and whatever takes too long, is a denial that every client understands.
 */
export async function runHook(words: readonly string[]): Promise<never> {
  let client: Client | undefined;
  let event: string | undefined;
  const deny = (message: string): never => finish(client === undefined ? denial({}, reasonText(message)) : client.write({ decision: 'deny', message: denied(message) }, event));
  process.on('uncaughtException', (error) => deny(`The hook failed: ${error.message}`));
  process.on('unhandledRejection', (error) => deny(`The hook failed: ${errorText(error)}`));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => deny('The hook was stopped before it had an answer.'));
  try {
    client = findClient(words[0]);
    const options = readOptions(words, client);
    const late = `Nobody answered within ${options.deadline} s. Tell the user what you need and try again.`;
    setTimeout(() => deny(late), Math.max(0, options.deadline * 1000 - process.uptime() * 1000));
    watchParent(() => deny('The agent is gone.'));
    const call = readCall(options.client, await readInput());
    if (call.kind === 'other') return finish(silence);
    if (call.kind === 'unreadable') return deny(`This hook call cannot be read: ${call.why}.`);
    event = call.event;
    if (!options.probe) noteSeen(options.userFolder, { client: options.client.id, at: Date.now() });
    const starts = [...projectFolders(), ...call.roots, process.cwd(), ...(call.request.cwd === undefined ? [] : [call.request.cwd])];
    return finish(options.client.write(await ruleRequest(call.request, { userFolder: options.userFolder, starts, mayAsk: options.client.mayAsk }), event));
  } catch (error) {
    return deny(errorText(error));
  }
}

function readOptions([, ...words]: readonly string[], client: Client | undefined): Options {
  if (client === undefined) throw new Error('cowork-policy hook needs the name of an agent it knows');
  let { deadline } = client;
  let userFolder = usualUserFolder();
  let probe = false;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = word === '--probe' ? undefined : words.shift();
    if (word === '--probe') probe = true;
    else if (word === '--deadline' && value !== undefined && /^[1-9]\d{0,4}$/.test(value)) deadline = Number(value);
    else if (word === '--user-folder' && value !== undefined && path.isAbsolute(value)) userFolder = value;
    else throw new Error(`cowork-policy hook does not know ${word}${value === undefined ? '' : ` ${value}`}`);
  }
  return { client, deadline, userFolder, probe };
}

function readCall(client: Client, text: string): HookCall {
  try {
    return client.read(readJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

function readInput(): Promise<string> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let length = 0;
    process.stdin.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > longestCall) fail(new Error(`This hook call is longer than ${longestCall} bytes`));
      else chunks.push(chunk);
    });
    process.stdin.on('error', fail);
    process.stdin.on('end', () => {
      const bytes = Buffer.concat(chunks);
      if (isUtf8(bytes)) done(bytes.toString('utf8'));
      else fail(new Error('This hook call is not UTF-8'));
    });
  });
}

/** Where the client was started: the agent cannot change it by going elsewhere */
function projectFolders(): readonly string[] {
  return ['CLAUDE_PROJECT_DIR', 'GEMINI_PROJECT_DIR', 'COPILOT_PROJECT_DIR'].flatMap((name) => {
    const folder = process.env[name];
    return folder !== undefined && path.isAbsolute(folder) ? [folder] : [];
  });
}

function watchParent(gone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) gone();
  }, parentCheck);
}

/** Writes the answer and ends the process. An allow that could not be written is a denial */
function finish({ stdout, stderr, code }: HookOutput): never {
  const isWritten = write(1, stdout);
  write(2, isWritten ? stderr : `${stderr}The answer could not be written, so it is a denial.\n`);
  process.exit(isWritten ? code : 2);
}

/** Whether all of it was written; a full pipe is waited for, though not for ever */
function write(descriptor: number, text: string): boolean {
  let rest = Buffer.from(text);
  for (let tries = 0; rest.length > 0 && tries < 200; tries += 1) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
  return rest.length === 0;
}
