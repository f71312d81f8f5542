import assert from 'node:assert/strict';
import { type ChannelSettings, defaultChannel } from '../../../../src/core/policy/channelSettings.ts';
import type { Action } from '../../../../src/core/action.ts';
import { describe as read } from '../../../../src/core/describe/describe.ts';
import { decide } from '../../../../src/core/decide/decide.ts';
import type { Evaluation } from '../../../../src/core/decide/evaluation.ts';
import type { PolicySettings } from '../../../../src/core/policy/policy.ts';
import type { Actor, Request } from '../../../../src/core/request.ts';
import { readPolicyFile, readSettingsChange } from '../../../../src/core/schema/policyFile.ts';
import { ask, exec, files, network, place, policy, session } from './given.ts';
import { defaultSettings } from '../../../../src/core/policy/policy.ts';

const usual = defaultChannel('telegram');

function channel(group: unknown, direct: unknown = []): ChannelSettings {
  return { ...usual, contexts: { direct: { restrictions: direct as string[] }, group: { restrictions: group as string[] } } };
}

function decideIn(actor: Partial<Actor>, tool: string, actions: readonly Action[], groups: readonly string[], channels: PolicySettings['channels'], more: Partial<PolicySettings> = {}): Evaluation {
  return ask({ tool, actions, more: { groups: groups.map((name) => `group:${name}`) }, request: { actor: { kind: 'channel', channel: 'tg', ...actor } } }, policy({ mode: 'bypass_permissions', ...(channels === undefined ? {} : { channels }), ...more }));
}

const group = { context: 'group' } as const;
const direct = { context: 'private' } as const;
const clipboard: readonly Action[] = [{ kind: 'interact', target: 'clipboard' }];
const readFile = [files('read', '/ws/a')];

describe('what the context of a channel leaves out', () => {
  it('by default memory tools in groups, and nothing in direct messages', () => {
    assert.equal(decideIn(group, 'read_clipboard', clipboard, ['memory', 'system'], { tg: usual }).reason.type, 'context_restriction');
    assert.equal(decideIn(group, 'read_clipboard', clipboard, ['memory', 'system'], { tg: usual }).decision, 'deny');
    assert.equal(decideIn(direct, 'read_clipboard', clipboard, ['memory', 'system'], { tg: usual }).decision, 'allow');
  });

  it('only what its own channel leaves out', () => {
    const channels = { tg: channel([]), dc: channel(['group:read']) };
    assert.equal(decideIn(group, 'read_clipboard', clipboard, ['memory'], channels).decision, 'allow');
    assert.equal(decideIn({ ...group, channel: 'dc' }, 'read_file', readFile, ['read'], channels).decision, 'deny');
  });

  it('everything for a channel that is not set up', () => {
    for (const channels of [undefined, {}, { other: usual }]) assert.equal(decideIn(direct, 'read_file', readFile, ['read'], channels).reason.type, 'context_restriction');
    assert.equal(decideIn({ ...direct, channel: '__proto__' }, 'read_file', readFile, ['read'], { tg: usual }).decision, 'deny');
  });

  for (const corrupt of [null, 'group:memory', { 0: 'x' }, [1], [''], ['group:nonsense'], Array.from({ length: 2_000 }, () => 'a')]) {
    it(`everything where its restrictions are corrupt: ${JSON.stringify(corrupt)?.slice(0, 40)}`, () => {
      const answer = decideIn(direct, 'read_file', readFile, ['read'], { tg: channel([], corrupt) });
      assert.equal(answer.decision, 'deny');
      assert.equal(answer.reason.type, 'context_restriction');
    });
  }

  it('what destroys: by group, by what a command line does, and in groups every tool that is in no group', () => {
    const channels = { tg: channel(['group:destructive'], ['group:destructive']) };
    for (const where of [group, direct]) {
      assert.equal(decideIn(where, 'delete_file', [files('delete', '/ws/a')], ['destructive'], channels).decision, 'deny');
      assert.equal(decideIn(where, 'other_tool', [exec('rm a')], ['write'], channels).decision, 'deny');
      assert.equal(decideIn(where, 'read_file', readFile, ['read'], channels).decision, 'allow');
    }
    assert.equal(decideIn(group, 'strange_tool', [{ kind: 'unknown', target: 'strange_tool' }], [], channels).decision, 'deny');
    assert.equal(decideIn(direct, 'strange_tool', [{ kind: 'unknown', target: 'strange_tool' }], [], channels).decision, 'allow');
  });

  it('the network: by group, and wherever something reaches a host', () => {
    const channels = { tg: channel(['group:network']) };
    assert.equal(decideIn(group, 'run_command', [exec('curl x'), network('fetch', 'docs.example')], ['destructive'], channels).decision, 'deny');
    assert.equal(decideIn(group, 'browser_click', clipboard, ['network'], channels).decision, 'deny');
  });

  it('of all channels together where nobody says which one it is', () => {
    const channels = { tg: usual, dc: channel(['group:read'], ['write_file']) };
    const unsaid = (actor: Partial<Actor>, tool: string, groups: readonly string[]): string => ask({ tool, actions: readFile, more: { groups: groups.map((name) => `group:${name}`) }, request: { actor: { kind: 'channel', ...actor } } }, policy({ mode: 'bypass_permissions', channels })).decision;
    assert.equal(unsaid(group, 'read_file', ['read']), 'deny');
    assert.equal(unsaid(direct, 'write_file', ['write']), 'deny');
    assert.equal(unsaid(direct, 'read_file', ['read']), 'allow');
  });

  it('a channel that does not say where it is counts as a group', () => assert.equal(decideIn({}, 'read_clipboard', clipboard, ['memory'], { tg: usual }).decision, 'deny'));

  it('no rule and no mode lifts it', () => {
    const allowed = policy({ mode: 'bypass_permissions', channels: { tg: usual }, rules: [{ id: 'r', source: 'managed', effect: 'allow', scope: { kind: 'tool', toolName: 'read_clipboard' }, createdAt: 0 }] });
    const answer = ask({ tool: 'read_clipboard', actions: clipboard, more: { groups: ['group:memory'] }, request: { actor: { kind: 'channel', channel: 'tg', context: 'group' } } }, allowed);
    assert.equal(answer.decision, 'deny');
  });
});

describe('what a group gets only with approval', () => {
  const asked = (actor: Partial<Actor>, tool: string, actions: readonly Action[], groups: readonly string[]): Evaluation => decideIn(actor, tool, actions, groups, { tg: usual });

  for (const [what, tool, actions, groups] of [
    ['deleting', 'delete_file', [files('delete', '/ws/a')], ['destructive']],
    ['a command', 'run_command', [exec('ls', { class: 'read' })], ['destructive']],
    ['a tool that is in no group', 'move_file', [files('write', '/ws/a')], []],
  ] as const) {
    it(`${what}, each time, whatever the mode`, () => {
      const answer = asked(group, tool, actions, groups);
      assert.equal(answer.decision, 'ask');
      assert.equal(answer.reason.type, 'context_restriction');
      assert.deepEqual(answer.suggestions, ['deny_once', 'allow_once']);
      assert.equal(asked(direct, tool, actions, groups).decision, 'allow');
    });
  }

  it('not reading, writing and the network', () => {
    assert.equal(asked(group, 'read_file', readFile, ['read']).decision, 'allow');
    assert.equal(asked(group, 'write_file', [files('write', '/ws/a')], ['write']).decision, 'allow');
  });

  it('web tools are in the network group, so they are not taken for tools nobody listed', () => {
    const request: Request = { tool: 'web_fetch', input: { url: 'https://docs.example/x' }, actor: { kind: 'channel', channel: 'tg', context: 'group' } };
    const surroundings = { ...place, shell: 'bash', files: { resolve: (path: string) => path, readText: () => undefined } } as const;
    assert.equal(decide(request, read(request, surroundings), policy({ channels: { tg: usual } }), session).decision, 'allow');
  });
});

describe('settings of channels', () => {
  it('a file may leave out everything but the platform', () => {
    const file = readPolicyFile({ channels: { tg: { platform: 'telegram' } } });
    assert.ok(file.ok);
    assert.deepEqual(file.value.channels, { tg: usual });
  });

  it('corrupt restrictions in a file restrict everything; from a person they are refused', () => {
    const wrong = { tg: { platform: 'telegram', contexts: { direct: { restrictions: ['group:memroy'] } } } };
    const file = readPolicyFile({ channels: wrong });
    assert.ok(file.ok);
    assert.deepEqual(file.value.channels?.['tg']?.contexts.direct.restrictions, ['*']);
    assert.deepEqual(file.value.channels['tg'].contexts.group.restrictions, ['group:memory']);
    assert.equal(readSettingsChange({ channels: wrong }, defaultSettings).ok, false);
  });

  for (const bad of [
    { Tg: { platform: 'telegram' } }, { tg: { platform: 'icq' } }, { tg: {} }, { tg: { platform: 'telegram', securityMod: 'open' } }, { tg: { platform: 'telegram', pairing: { seconds: 0 } } },
    { tg: { platform: 'telegram', pairing: { attempts: 0 } } }, { tg: { platform: 'telegram', pairing: { attempts: 1.5 } } }, { tg: { platform: 'telegram', attachmentMegabytes: 21 } }, { tg: { platform: 'telegram', securityMode: 'closed' } },
    Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`c${index}`, { platform: 'bridge' }])),
  ]) {
    it(`refuses ${JSON.stringify(bad).slice(0, 70)}`, () => assert.equal(readSettingsChange({ channels: bad }, defaultSettings).ok, false));
  }

  it('another change leaves them alone', () => {
    const base = { ...defaultSettings, channels: { tg: usual } };
    const change = readSettingsChange({ mode: 'plan' }, base);
    assert.deepEqual(change, { ok: true, value: { mode: 'plan' } });
  });
});
