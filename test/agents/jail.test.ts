import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { environmentOf } from './environment.ts';
import { modelUrl } from './jail/modelPort.ts';
import { runJailed, type JailedEnd } from './jail/jailed.ts';
import { Machine } from './machine.ts';
import { startModel, type ScriptedModel } from './model/scriptedModel.ts';

describe('The jail of the real clients', () => {
  let machine: Machine;
  let model: ScriptedModel;

  beforeEach(async () => {
    machine = new Machine();
    model = await startModel(path.join(machine.folder, 'model.sock'), { length: 0, call: () => assert.fail('no call was planned') });
  });
  afterEach(async () => {
    await model.close();
    machine.close();
  });
  const jailed = (command: string, limit = 20_000): Promise<JailedEnd> =>
    runJailed({ folder: machine.folder, workingFolder: machine.workspace, env: environmentOf(machine), model: path.join(machine.folder, 'model.sock'), command: ['/bin/bash', '-c', command], limit }).ended;
  const node = (program: string): Promise<JailedEnd> => {
    writeFileSync(path.join(machine.folder, 'program.mjs'), program);
    return jailed(`"${process.execPath}" "${path.join(machine.folder, 'program.mjs')}"`);
  };

  it('lets a client reach the model', async () => {
    const { output } = await node(`const answer = await fetch(${JSON.stringify(`${modelUrl}/v1/models`)}); console.log(await answer.text());`);
    assert.match(output, /"id":"scripted"/);
  });

  it('lets it reach nothing else', async () => {
    const { output } = await node(`import { connect } from 'node:net'; connect(443, '192.0.2.1').on('error', ({ code }) => console.log(code)).on('connect', () => console.log('reached'));`);
    assert.match(output, /ENETUNREACH/);
  });

  it('lets it write in its own folder alone, and hides the home of whoever runs it', async () => {
    const outside = path.join(import.meta.dirname, 'escaped');
    const { output } = await jailed(`touch inside.txt; touch "${outside}"; ls -A "${homedir()}"`);
    assert.equal(machine.has('inside.txt'), true);
    assert.match(output, /Read-only file system/);
    assert.equal(existsSync(outside), false);
    assert.doesNotMatch(output, /\.npm|\.cache|\.bashrc/);
  });

  it('kills everything when the time is over, also what left its group', async () => {
    const { timedOut } = await jailed('setsid bash -c "sleep 3; touch late.txt" & setsid sleep 60', 1500);
    assert.equal(timedOut, true);
    await new Promise((done) => {
      setTimeout(done, 3000);
    });
    assert.equal(machine.has('late.txt'), false);
  });
});
