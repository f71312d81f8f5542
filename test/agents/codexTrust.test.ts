import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { root } from '../house/root.ts';
import { codex } from './clients/codex.ts';
import { environmentOf } from './environment.ts';
import { fetchClients, programOf } from './fetchClient.ts';
import { hookProgram } from './hookProgram.ts';
import { runJailed } from './jail/jailed.ts';
import { Machine } from './machine.ts';
import { startModel, type ScriptedModel } from './model/scriptedModel.ts';
import { writePolicy } from './policy.ts';
import { protect } from './protect.ts';

const hooksSchema = z.array(z.object({ key: z.string(), currentHash: z.string(), trustStatus: z.string() }));

describe(`${codex.title} ${codex.version} and its own trust in hooks`, () => {
  let machine: Machine;
  let model: ScriptedModel;

  before(async function () {
    this.timeout('10m');
    await fetchClients(console.log);
    machine = new Machine();
    model = await startModel(path.join(machine.folder, 'model.sock'), { length: 0, call: () => assert.fail('no call was planned') });
  });
  after(async () => {
    await model?.close();
    machine?.close();
  });

  it('is asked after by doctor, which fails until the user has trusted the hook', async () => {
    const { env } = codex.prepare(machine);
    await writePolicy(machine, []);
    await protect(codex, machine, env);
    const program = programOf(codex);
    const jailed = async (...command: readonly [string, ...string[]]): Promise<string> => {
      const { output } = await runJailed({
        folder: machine.folder, workingFolder: machine.workspace, model: path.join(machine.folder, 'model.sock'), limit: 60_000, command,
        env: { ...environmentOf(machine), ...env, PATH: `${path.dirname(program)}:${environmentOf(machine)['PATH'] ?? ''}` },
      }).ended;
      return output;
    };
    const doctor = (): Promise<string> => jailed(process.execPath, hookProgram, 'doctor');
    assert.match(await doctor(), /fail {2}Codex .*does not trust the hook yet, so it runs its tools WITHOUT asking/);

    // What the user does in its dialogue
    const listing = `import(${JSON.stringify(path.join(root, 'src/cli/codexHooks.ts'))}).then(async ({ codexHooks }) => console.log('HOOKS' + JSON.stringify(await codexHooks(${JSON.stringify(program)}, process.cwd()))))`;
    const said = await jailed(process.execPath, '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '-e', listing);
    const [hook] = hooksSchema.parse(JSON.parse(/HOOKS(.*)/.exec(said)?.[1] ?? 'null'));
    assert.equal(hook?.trustStatus, 'untrusted');
    appendFileSync(path.join(machine.home, '.codex/config.toml'), `\n[hooks.state.${JSON.stringify(hook.key)}]\nenabled = true\ntrusted_hash = ${JSON.stringify(hook.currentHash)}\n`);
    assert.match(await doctor(), /warn {2}Codex .*has our hook/);
  });
});
