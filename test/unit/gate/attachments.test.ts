import assert from 'node:assert/strict';
import { promptText } from '../../../src/gate/promptText.ts';
import { send, settled, testGate, workspace } from './testGate.ts';

const actor = { kind: 'agent', name: 'Claude Code', session: 's1' } as const;

function read(path: string): object {
  return { tool: 'read_file', input: { path }, actor };
}

describe('attachments of channels', () => {
  it('may be read, and the question about data that leaves later names them as from outside', async () => {
    const test = testGate();
    assert.equal((await test.gate.check(read(`${workspace}/.cowork/attachments/tg/1-note.txt`))).decision, 'allow');
    assert.equal((await test.gate.check(read(`${workspace}/src/a.ts`))).decision, 'allow');
    void test.gate.check(send('https://api.example/x'));
    await settled();
    const [asked] = test.prompter.asked;
    assert.ok(asked !== undefined);
    assert.deepEqual(promptText(asked).exportFacts?.recentReads, [`${workspace}/.cowork/attachments/tg/1-note.txt (from outside)`]);
  });

  it('are not an agent’s to change', async () => {
    const test = testGate({ settings: { mode: 'bypass_permissions' } });
    assert.equal((await test.gate.check({ tool: 'write_file', input: { path: `${workspace}/.cowork/attachments/tg/1-note.txt`, content: 'x' }, actor })).decision, 'deny');
  });

  it('that were not read because it was denied are not named', async () => {
    const test = testGate({ settings: { permissions: { read: false, write: true, delete: true, shell: true, network: true } } });
    await test.gate.check(read(`${workspace}/.cowork/attachments/tg/1-note.txt`));
    void test.gate.check(send('https://api.example/x'));
    await settled();
    assert.deepEqual(test.prompter.asked[0]?.recentReads, []);
  });
});
