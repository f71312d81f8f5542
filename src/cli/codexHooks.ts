import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';

/** A hook as Codex itself lists it */
export type CodexHook = z.infer<typeof hookSchema>;

const hookSchema = z.object({ key: z.string(), command: z.optional(z.string()), enabled: z.optional(z.boolean()), trustStatus: z.string(), currentHash: z.optional(z.string()) });
const listSchema = z.object({ id: z.literal(2), result: z.object({ data: z.array(z.object({ hooks: z.array(hookSchema) })) }) });

/** Milliseconds until Codex must have told */
const patience = 15_000;
/** Characters of its answer; a longer one is none */
const longest = 1_000_000;

/**
 * Asks Codex which hooks it knows in a folder, and which of them its user trusts; nothing is changed. `undefined` where it
 * does not tell.
 *
 * @param program absolute
 */
export function codexHooks(program: string, folder: string): Promise<readonly CodexHook[] | undefined> {
  return new Promise((done) => {
    const child = spawn(program, ['app-server'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    const timer = setTimeout(() => end(undefined), patience);
    let length = 0;
    const end = (hooks: readonly CodexHook[] | undefined): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      done(hooks);
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      length += line.length;
      const hooks = length > longest ? undefined : readList(line);
      if (hooks !== undefined || length > longest) end(hooks);
    });
    child.once('error', () => end(undefined));
    child.once('close', () => end(undefined));
    // An old version may end before it has read all
    child.stdin.on('error', () => undefined);
    const clientInfo = { name: 'cowork-policy', title: 'CoWork Policy', version: '1' };
    for (const call of [{ id: 1, method: 'initialize', params: { clientInfo, capabilities: { experimentalApi: true } } }, { method: 'initialized' }, { id: 2, method: 'hooks/list', params: { cwds: [folder] } }]) child.stdin.write(`${JSON.stringify(call)}\n`);
  });
}

function readList(line: string): readonly CodexHook[] | undefined {
  try {
    const read = listSchema.safeParse(JSON.parse(line));
    return read.success ? read.data.result.data.flatMap(({ hooks }) => hooks) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Why Codex does not call this line although it stands in its settings; `undefined` where it does, or where it does not tell */
export async function whyCodexSkips(program: string, folder: string, line: string): Promise<string | undefined> {
  const hook = (await codexHooks(program, folder))?.find(({ command }) => command === line);
  if (hook === undefined) return undefined;
  if (hook.enabled === false) return 'Codex has the hook switched off, so it runs its tools WITHOUT asking. Start codex, type /hooks and switch it on';
  if (hook.trustStatus === 'trusted' || hook.trustStatus === 'managed') return undefined;
  return 'Codex does not trust the hook yet, so it runs its tools WITHOUT asking. Start codex, type /hooks, look at the hook and trust it';
}
