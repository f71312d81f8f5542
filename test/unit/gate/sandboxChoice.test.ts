import assert from 'node:assert/strict';
import { sandboxOf } from '../../../src/core/policy/sandboxChoice.ts';
import { tightenedSettings } from '../../../src/core/policy/tightenedSettings.ts';
import { testGate } from './testGate.ts';

describe('the choice of a sandbox', () => {
  it('is a setting, of which a change may give a part', async () => {
    const { gate, store } = testGate();
    assert.deepEqual(sandboxOf(store.state.settings), { kind: 'auto', image: 'node:20-alpine', cpus: 1, memory: '512m', network: 'none' });
    assert.deepEqual(await gate.changeSettings({ sandbox: { kind: 'docker' } as never }, 'editor'), { ok: true });
    assert.deepEqual(await gate.changeSettings({ sandbox: { memory: '1g', network: 'bridge' } as never }, 'editor'), { ok: true });
    assert.deepEqual(sandboxOf(store.state.settings), { kind: 'docker', image: 'node:20-alpine', cpus: 1, memory: '1g', network: 'bridge' });
  });

  for (const [what, sandbox] of [
    ['an image that is an option', { image: '--privileged' }], ['an image with a blank', { image: 'node -v /:/host' }], ['a memory without unit', { memory: '512' }], ['a memory that is an option', { memory: '-m' }],
    ['no processor', { cpus: 0 }], ['a network of the host', { network: 'host' }], ['an unknown kind', { kind: 'chroot' }], ['an unknown key', { privileged: true }],
  ] as const) {
    it(`${what} is refused`, async () => {
      const { gate, store } = testGate();
      const outcome = await gate.changeSettings({ sandbox: sandbox as never }, 'editor');
      assert.equal(outcome.ok, false);
      assert.deepEqual(store.recorded, []);
    });
  }

  it('does not loosen where the workspace is not trusted or its history in doubt', () => {
    const { store } = testGate();
    const settings = { ...store.state.settings, sandbox: { kind: 'none', image: 'x', cpus: 64, memory: '9g', network: 'bridge' } } as const;
    assert.equal(sandboxOf(tightenedSettings(settings)).kind, 'auto');
  });
});
