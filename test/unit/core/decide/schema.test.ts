import assert from 'node:assert/strict';
import { defaultSettings } from '../../../../src/core/policy/policy.ts';
import { readPolicyFile, readSettingsChange } from '../../../../src/core/schema/policyFile.ts';
import { readRequest } from '../../../../src/core/schema/requestSchema.ts';

describe('schemas', () => {
  describe('a request', () => {
    const bad: readonly (readonly [unknown, RegExp])[] = [
      [null, /^The value must be an object/],
      [[], /^The value must be an object/],
      ['x', /^The value must be an object/],
      [{}, /“tool” must be a text/],
      [{ tool: 7 }, /“tool” must be a text/],
      [{ tool: '' }, /“tool” is too small or empty/],
      [{ tool: 'x', input: 'text' }, /“input” must be an object/],
      [{ tool: 'x', input: [] }, /“input” must be an object/],
      [{ tool: 'x', platform: 'beos' }, /“platform” must be one of linux, darwin, win32/],
      [{ tool: 'x', denials: { consecutive: 'many', total: 1 } }, /“denials.consecutive” must be a number/],
      [{ tool: 'x', denials: { consecutive: -1, total: 1 } }, /“denials.consecutive” is too small/],
      [{ tool: 'x', task: { allow: 'all' } }, /“task.allow” must be a list/],
      [{ tool: 'x', task: { allow: [7] } }, /“task.allow\[0\]” must be a text/],
      [{ tool: 'x', actor: { kind: 'agent', context: 'secret' } }, /“actor.context” must be one of private, group, public/],
      [{ tool: 'x', id: {} }, /“id”/],
    ];
    for (const [value, message] of bad) {
      it(`${JSON.stringify(value)} is refused with a sentence`, () => {
        const read = readRequest(value);
        assert.equal(read.ok, false);
        assert.match(read.ok ? '' : read.message, message);
      });
    }
    it('keeps what it knows, drops what it does not, and hands the input on as it came', () => {
      const input = { a: [1, { b: undefined }], path: 'x' };
      const read = readRequest({ id: 7, tool: 'x', input, colour: 'red', actor: { kind: 'agent', hat: 1 }, server: undefined });
      assert.deepEqual(read, { ok: true, value: { id: 7, tool: 'x', actor: { kind: 'agent' }, input } });
    });
  });

  describe('a policy file', () => {
    it('has the defaults of the specification', () => {
      const read = readPolicyFile({});
      assert.deepEqual(read.ok ? read.value : read.message, { ...defaultSettings, rules: [] });
      assert.deepEqual(defaultSettings.permissions, { read: true, write: true, delete: false, shell: false, network: true });
    });
    it('lays what is given over them', () => {
      const read = readPolicyFile({ mode: 'plan', permissions: { shell: true }, guardrails: { autoApproveTrustedCommands: true }, rules: [{ effect: 'deny', scope: { kind: 'tool', toolName: 'x' } }] });
      assert.ok(read.ok);
      assert.equal(read.value.mode, 'plan');
      assert.deepEqual(read.value.permissions, { read: true, write: true, delete: false, shell: true, network: true });
      assert.deepEqual(read.value.guardrails, { customBlockedPatterns: [], autoApproveTrustedCommands: true, trustedCommandPatterns: [] });
      assert.deepEqual(read.value.rules, [{ id: 'workspace_db:deny:tool:x', source: 'workspace_db', effect: 'deny', scope: { kind: 'tool', toolName: 'x' }, createdAt: 0 }]);
    });
    for (const [value, message] of [
      [{ mode: 'yolo' }, /“mode” must be one of default, plan/],
      [{ permissions: { shell: 'yes' } }, /“permissions.shell” must be true or false/],
      [{ rules: [{ effect: 'permit', scope: { kind: 'tool', toolName: 'x' } }] }, /“rules\[0\].effect” must be one of allow, ask, deny/],
      [{ rules: [{ effect: 'deny', scope: { kind: 'zzz' } }] }, /“rules\[0\].scope.kind”|“rules\[0\].scope” is none/],
      [{ rules: {} }, /“rules” must be a list/],
      [{ guardrails: { customBlockedPatterns: ['a('] } }, /“a\(” cannot be used/],
      [{ guardrails: { customBlockedPatterns: Array.from({ length: 51 }, () => 'a') } }, /at most 50/],
      [{ guardrails: { customBlockedPatterns: ['a'.repeat(501)] } }, /longer than 500/],
      [7, /must be an object/],
    ] as const) {
      it(`${JSON.stringify(value).slice(0, 60)} is refused with a sentence`, () => {
        const read = readPolicyFile(value);
        assert.equal(read.ok, false);
        assert.match(read.ok ? '' : read.message, message);
      });
    }
  });

  it('a change of settings gives only what changes', () => {
    const read = readSettingsChange({ permissions: { shell: true } }, defaultSettings);
    assert.deepEqual(read, { ok: true, value: { permissions: { ...defaultSettings.permissions, shell: true } } });
    assert.equal(readSettingsChange({ guardrails: { customBlockedPatterns: ['('] } }, defaultSettings).ok, false);
  });
});
