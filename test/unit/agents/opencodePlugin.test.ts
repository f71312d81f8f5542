import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { opencodePlugin } from '../../../src/agents/opencodePlugin.ts';

type Hooks = Readonly<Record<'tool.execute.before', (input: object, output: { args: Record<string, unknown> }) => Promise<void>>>;

describe('The plugin for opencode', () => {
  let folder: string;
  let plugins = 0;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cowork-plugin-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Loads the plugin as opencode does, with a program in place of the hook, and lets a tool ask */
  async function askWith(command: readonly string[], args: Record<string, unknown> = { command: 'ls' }): Promise<Record<string, unknown>> {
    const file = path.join(folder, `plugin-${plugins++}.mjs`);
    writeFileSync(file, opencodePlugin(command));
    const loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, (place: { directory: string }) => Promise<Hooks>>>;
    assert.deepEqual(Object.keys(loaded), ['CoworkPolicy'], 'each export is taken for a plugin');
    const hooks = await loaded['CoworkPolicy']?.({ directory: '/ws' });
    const output = { args };
    await hooks?.['tool.execute.before']({ tool: 'bash', sessionID: 's-1', callID: 'c-1' }, output);
    return output.args;
  }
  const program = (text: string): readonly string[] => [process.execPath, '-e', text];
  const says = (stdout: string, code = 0): readonly string[] => program(`process.stdout.write(${JSON.stringify(stdout)}); process.exitCode = ${code}`);

  it('imports nothing, since one that fails to load is left out in silence', () => {
    assert.doesNotMatch(opencodePlugin(['/usr/bin/node']), /\b(?:import|require)\b/);
  });

  it('lets a tool run that is allowed, as it was asked about', async () => {
    assert.deepEqual(await askWith(says('{"decision":"allow"}')), { command: 'ls' });
  });

  it('runs what the user made of the call', async () => {
    assert.deepEqual(await askWith(says('{"decision":"allow","args":{"command":"ls -l"}}'), { command: 'ls', timeout: 1 }), { command: 'ls -l' });
  });

  it('tells its hook the tool, its arguments, the session and the folder', async () => {
    const wanted = { hook_event_name: 'PreToolUse', session_id: 's-1', cwd: '/ws', tool_name: 'bash', tool_input: { command: 'ls' } };
    const command = program(`let text = ''; process.stdin.on('data', (part) => { text += part; }).on('end', () => console.log(text === ${JSON.stringify(JSON.stringify(wanted))} ? '{"decision":"allow"}' : '{}'))`);
    await askWith(command);
  });

  it('hands on the reason of a denial', async () => {
    await assert.rejects(askWith(program('process.stderr.write("Denied: not that."); process.exitCode = 2')), { message: 'Denied: not that.' });
  });

  const failures: readonly (readonly [what: string, command: readonly string[]])[] = [
    ['is missing', [path.join(tmpdir(), 'no-such-program')]],
    ['says nothing', says('')],
    ['says something else', says('allow')],
    ['says a word of another client', says('{"decision":"approve"}')],
    ['says null', says('null')],
    ['says two things', says('{"decision":"allow"}\n{"decision":"deny"}')],
    ['says allow and fails', says('{"decision":"allow"}', 1)],
    ['says allow and is killed', program('process.stdout.write(\'{"decision":"allow"}\', () => process.kill(process.pid, "SIGKILL"))')],
    ['crashes', program('process.abort()')],
    ['reads nothing and ends', program('process.stdin.destroy()')],
  ];
  for (const [what, command] of failures) {
    it(`lets no tool run where its hook ${what}`, async () => {
      await assert.rejects(askWith(command, { command: 'x'.repeat(200_000) }), /^Error: Denied: CoWork Policy/);
    });
  }
});
