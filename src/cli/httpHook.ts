import { isUtf8 } from 'node:buffer';
import { findClient } from '../agents/clients.ts';
import { findInstallation } from '../agents/installation.ts';
import type { HookCall, Ruling } from '../agents/hookCall.ts';
import { readJson } from '../agents/readJson.ts';
import type { HttpAnswer } from '../node/endpoint/httpDoor.ts';
import { noteSeen } from './heartbeat.ts';
import { denied, ruleRequest } from './ruling.ts';

/** Sessions whose folder is remembered; the oldest is forgotten first */
const mostSessions = 1_000;

/**
 * Answers hook calls that come over HTTP, in the agent's own form, as `hook` does for those of its command form. Nothing but
 * an answer that denies is given to a call that cannot be read.
 *
 * A session stays with the folder of its first call, so that an agent cannot go to a folder with a looser policy.
 *
 * @param userFolder the user's own state folder
 */
export function httpHook(userFolder: string): HttpAnswer {
  const folders = new Map<string, string>();
  return async (id, body, signal) => {
    const client = findClient(id);
    const installation = findInstallation(id);
    if (client === undefined || installation?.http === undefined) return undefined;
    const call = read(client.read, body);
    if (call.kind === 'other') return '{}';
    const deny = (message: string): string => client.write({ decision: 'deny', message: denied(message) }, call.kind === 'tool' ? call.event : undefined).stdout;
    if (call.kind === 'unreadable') return deny(`This hook call cannot be read: ${call.why}.`);
    const { cwd, actor } = call.request;
    if (cwd === undefined) return deny('This hook call does not say where it comes from.');
    if (actor?.session !== probeSession) noteSeen(userFolder, { client: id, at: Date.now() });
    const ruling = await inTime(installation.deadline, signal, (late) => ruleRequest(call.request, { userFolder, starts: [folderOf(actor?.session ?? '', cwd), cwd], mayAsk: client.mayAsk, signal: late }));
    return client.write(ruling, call.event).stdout;
  };

  function folderOf(session: string, cwd: string): string {
    const known = folders.get(session);
    if (known !== undefined) return known;
    const [oldest] = folders.keys();
    if (folders.size >= mostSessions && oldest !== undefined) folders.delete(oldest);
    folders.set(session, cwd);
    return cwd;
  }
}

/** The session of a trial by the installer: not noted as a call of the agent */
const probeSession = 'probe';

function read(reader: (payload: ReturnType<typeof readJson>) => HookCall, body: Buffer): HookCall {
  if (!isUtf8(body)) return { kind: 'unreadable', why: 'it is not UTF-8' };
  try {
    return reader(readJson(body.toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

/** Denies what is not answered within `seconds`, and withdraws the question */
async function inTime(seconds: number, signal: AbortSignal, rule: (signal: AbortSignal) => Promise<Ruling>): Promise<Ruling> {
  const late = AbortSignal.timeout(seconds * 1000);
  const either = AbortSignal.any([signal, late]);
  const over = new Promise<Ruling>((done) => {
    late.addEventListener('abort', () => done({ decision: 'deny', message: denied(`Nobody answered within ${seconds} s. Tell the user what you need and try again.`) }), { once: true });
  });
  return Promise.race([rule(either), over]);
}
