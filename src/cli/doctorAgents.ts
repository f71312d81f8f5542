import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { findClient } from '../agents/clients.ts';
import { installations, type Installation } from '../agents/installation.ts';
import { userFolder } from '../node/userFolder.ts';
import { lastSeen } from './heartbeat.ts';
import { whyCodexSkips } from './codexHooks.ts';
import { probeHook } from './hookProbe.ts';
import { whyNotOurs } from './httpPortHolder.ts';
import { type Hook, ourCommands } from './installFile.ts';
import { ownHooks, userFile } from './protecting.ts';

/** What is known of one agent on this machine */
export interface AgentState {
  readonly client: string;
  readonly title: string;
  /** Its program, or at least its folder, is there */
  readonly found: boolean;
  readonly version?: string;
  /** The files that hold our hook */
  readonly files: readonly string[];
  /** Why the hook, or its file, is of no use; absent where it works */
  readonly broken?: string;
  /** Milliseconds since 1970; of a hook that a person has to trust or turn on: since it was put there or changed */
  readonly lastSeen?: number;
  readonly notCovered: readonly string[];
}

export interface LookingOptions {
  /** Whether each hook is called as its agent would, which takes a moment; else it is only compared with what we would write */
  readonly trying?: boolean;
}

/** Looks at every agent that can be put under the policy: for all folders, and in `folder` */
export async function agentStates(folder: string, { trying = true }: LookingOptions = {}): Promise<readonly AgentState[]> {
  const seen = lastSeen(userFolder());
  return Promise.all(installations.map(async (installation) => {
    const { client, notCovered } = installation;
    const file = userFile(installation);
    const program = programOf(installation);
    const version = program === undefined ? undefined : versionOf(program);
    const hooks = await hooksIn([file, ...(installation.project === undefined ? [] : [path.join(folder, ...installation.project)])], installation, { trying, folder, program });
    const at = seenAfter(installation, file, seen.get(client)?.at);
    return {
      client, title: findClient(client)?.title ?? client, notCovered, ...hooks,
      found: program !== undefined || existsSync(installation.sign === undefined ? path.dirname(file) : path.join(homedir(), ...installation.sign)),
      ...(version === undefined ? {} : { version }),
      ...(at === undefined ? {} : { lastSeen: at }),
    };
  }));
}

/** When the agent last asked; before a change of the hook does not count where a person has something to do first (`steps`) */
function seenAfter({ steps }: Installation, file: string, at: number | undefined): number | undefined {
  const changed = steps.length === 0 ? undefined : statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return at !== undefined && changed !== undefined && at < changed ? undefined : at;
}

interface Looked extends Required<LookingOptions> {
  readonly folder: string;
  readonly program: string | undefined;
}

async function hooksIn(files: readonly string[], installation: Installation, { trying, folder, program }: Looked): Promise<{ files: readonly string[]; broken?: string }> {
  const found: string[] = [];
  let broken: string | undefined;
  for (const file of files) {
    try {
      const commands = ourCommands(file, installation);
      if (commands.length === 0) continue;
      found.push(file);
      // INVARIANT: only what we would write ourselves is tried. What a repository's file says is not run or called here.
      const own = ownHooks(installation).find((hook) => calledBy(hook) === commands[0]);
      if (own === undefined || commands.some((command) => command !== calledBy(own))) {
        broken = `${file} has the hook of another version or copy of this program; run “cowork-policy install ${installation.client}” again${installation.client === 'codex' ? trustAgain : ''}`;
        continue;
      }
      const foreign = own.kind === 'http' ? whyNotOurs(Number(new URL(own.url).port)) : undefined;
      if (foreign !== undefined) broken = foreign;
      // The call would give the token away
      if (!trying || foreign !== undefined) continue;
      const probed = await probeHook(own, installation);
      // Without an editor the agent itself denies everything, as it was told to
      if (!probed.ok && probed.nobody !== true) broken = `the hook does not work: ${probed.why}`;
      else if (installation.client === 'codex' && program !== undefined && own.kind === 'command') broken ??= await whyCodexSkips(program, folder, own.line);
    } catch (error) {
      broken = error instanceof Error ? error.message : String(error);
    }
  }
  return { files: found, ...(broken === undefined ? {} : { broken }) };
}

/** Codex keeps its trust by the text of a hook, and passes over one it does not trust */
const trustAgain = ', then start codex, type /hooks and trust it: until then Codex runs its tools WITHOUT asking';

function calledBy(hook: Hook): string {
  return hook.kind === 'command' ? hook.line : hook.url;
}

/** The agent's program on the PATH, links resolved */
function programOf({ programs }: Installation): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  for (const folder of folders) {
    for (const name of programs) {
      const file = endings.map((ending) => path.join(folder, name + ending)).find((each) => statSync(each, { throwIfNoEntry: false })?.isFile() === true);
      if (file !== undefined) return realpathSync(file);
    }
  }
  return undefined;
}

/** The version in the package that a program belongs to; nothing is started for it */
function versionOf(program: string): string | undefined {
  for (let folder = path.dirname(program); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (!existsSync(file)) continue;
    try {
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: unknown };
      return typeof version === 'string' && /^\d[\w.+-]{0,50}$/.test(version) ? version : undefined;
    } catch {
      // Not a package that says its version
      return undefined;
    }
  }
  return undefined;
}
