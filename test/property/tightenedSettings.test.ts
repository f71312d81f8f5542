import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide } from '../../src/core/decide/decide.ts';
import { isStricter } from '../../src/core/decision.ts';
import { budgetKinds, budgetSettings, budgetsOf } from '../../src/core/policy/budgets.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { fileSizeOf } from '../../src/core/policy/fileSizeLimit.ts';
import { defaultSettings, type PolicySettings } from '../../src/core/policy/policy.ts';
import { tightenedSettings } from '../../src/core/policy/tightenedSettings.ts';
import { readPolicyFile, settingsSchema } from '../../src/core/schema/policyFile.ts';
import { described, now, policyWith } from './worlds.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const place = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux' } as const;

const examples = { match: ['acme x'], notMatch: ['other'] };
const exportRow = { command: 'acme', does: 'export', examples };
const readRow = { command: 'acme', does: 'read', examples };

/** For every setting there is: values it may have, and what counts of each. `tg` stands for the id of a channel */
const cases: Readonly<Record<string, readonly (readonly [given: unknown, counts: unknown])[]>> = {
  mode: [['plan', 'plan'], ['accept_edits', 'default'], ['dangerous_only', 'default'], ['dont_ask', 'default'], ['bypass_permissions', 'default']],
  'permissions.read': [[false, false], [true, true]],
  'permissions.write': [[false, false], [true, true]],
  'permissions.delete': [[false, false], [true, false]],
  'permissions.shell': [[false, false], [true, false]],
  'permissions.network': [[false, false], [true, true]],
  allowedPaths: [[['/data'], []]],
  unrestrictedFileAccess: [[true, false]],
  'guardrails.customBlockedPatterns': [[['rm'], ['rm']]],
  'guardrails.autoApproveTrustedCommands': [[true, false]],
  'guardrails.trustedCommandPatterns': [[['make'], []]],
  'protectedPlaces.sealed': [[['/a'], ['/a']]],
  'protectedPlaces.guarded': [[['/b'], ['/b']]],
  commands: [[[exportRow], [exportRow]], [[readRow], []]],
  'channels.tg.platform': [['slack', 'slack'], ['telegram', 'telegram']],
  'channels.tg.enabled': [[true, false]],
  'channels.tg.securityMode': [['open', 'pairing'], ['allowlist', 'pairing']],
  'channels.tg.allowedUsers': [[['mallory'], []]],
  'channels.tg.pairing.seconds': [[86_400, 300]],
  'channels.tg.pairing.attempts': [[20, 5]],
  'channels.tg.contexts.direct.securityMode': [['open', undefined]],
  'channels.tg.contexts.direct.restrictions': [[[], ['*']], [['group:network'], ['*']]],
  'channels.tg.contexts.group.securityMode': [['open', undefined]],
  'channels.tg.contexts.group.restrictions': [[[], ['*']], [['*'], ['*']]],
  'channels.tg.approvals': [['all', 'all']],
  'channels.tg.sensitiveApprovals': [[true, false]],
  'channels.tg.modeCommand': [[true, false]],
  'channels.tg.attachmentMegabytes': [[20, 20]],
  'sandbox.kind': [['none', undefined]],
  'sandbox.image': [['anybodys/image', undefined]],
  'sandbox.cpus': [[64, undefined]],
  'sandbox.memory': [['9g', undefined]],
  'sandbox.network': [['bridge', undefined], ['hosts', undefined]],
  'limits.maxFileSizeMB': [[500, undefined], [50, undefined], [10, 10]],
  'limits.somethingNew': [[1_000_000, undefined]],
};

/** The paths of all settings that a schema knows; `*` for what is named by whoever writes it */
function leavesOf(schema: unknown, at: readonly string[] = []): readonly string[] {
  const { def } = (schema as { readonly _zod: { readonly def: Readonly<Record<string, unknown>> } })._zod;
  switch (def['type']) {
    case 'optional':
      return leavesOf(def['innerType'], at);
    case 'object':
      return Object.entries(def['shape'] as object).flatMap(([key, value]) => leavesOf(value, [...at, key]));
    case 'record':
      return leavesOf(def['valueType'], [...at, '*']);
    default:
      return [at.join('.')];
  }
}

function put(target: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[first] = value;
  else put((target[first] ??= {}) as Record<string, unknown>, rest, value);
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}

const choice = fc.record(Object.fromEntries(Object.entries(cases).map(([path, values]) => [path, fc.constantFrom(undefined, ...values)])));

describe(`settings of doubtful standing (PROPERTY_SEED=${seed})`, () => {
  it('are told one by one, what they are tightened to: none that a policy file may have is forgotten', () => {
    const known = Object.keys(cases).map((path) => path.replace('channels.tg.', 'channels.*.').replace('limits.somethingNew', 'limits.*'));
    const own = leavesOf(settingsSchema).filter((path) => !known.includes(path));
    assert.deepEqual(own, [], 'say in `tightenedSettings` and here what counts of it');
    assert.ok(known.length > 30);
  });

  it('count where they tighten and nowhere else, in every mixture', () => {
    fc.assert(fc.property(choice, (chosen) => {
      const file: Record<string, unknown> = {};
      for (const [path, picked] of Object.entries(chosen)) if (picked !== undefined) put(file, path.split('.'), picked[0]);
      if (file['channels'] !== undefined) put(file, ['channels', 'tg', 'platform'], at(file, 'channels.tg.platform') ?? 'telegram');
      const read = readPolicyFile(file);
      assert.ok(read.ok, read.ok ? '' : read.message);
      const { rules: _, ...settings } = read.value;
      const counting = tightenedSettings(settings);
      for (const [path, picked] of Object.entries(chosen)) if (picked !== undefined) assert.deepEqual(at(counting, path), picked[1], path);
      assert.deepEqual(tightenedSettings(counting), counting);
    }), { seed, numRuns: 2_000 });
  });

  it('limit a task and a file as tightly as they did or as the defaults do, whichever is tighter', () => {
    const budget = fc.record({ on: fc.option(fc.boolean(), { nil: undefined }), amount: fc.option(fc.integer({ min: 5, max: 100 }), { nil: undefined }), times: fc.constantFrom(1, 1_000, 50_000) });
    fc.assert(fc.property(fc.record({ iterations: budget, tokens: budget, cost: budget }), fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }), (chosen, size) => {
      const limits: Record<string, unknown> = size === undefined ? {} : { maxFileSizeMB: size };
      for (const kind of budgetKinds) {
        const { key, onKey, least, most } = budgetSettings[kind];
        const { on, amount, times } = chosen[kind];
        if (on !== undefined) limits[onKey] = on;
        if (amount !== undefined) limits[key] = Math.min(most, Math.max(least, amount * times));
      }
      const counting = tightenedSettings({ ...defaultSettings, limits }).limits;
      const most = (of: PolicySettings['limits']): readonly number[] => [fileSizeOf(of), ...budgetKinds.map((kind) => (budgetsOf(of)[kind].on ? budgetsOf(of)[kind].amount : Infinity))];
      const [own, usual] = [most(limits), most(defaultSettings.limits)];
      assert.deepEqual(most(counting), own.map((each, index) => Math.min(each, usual[index] ?? Infinity)));
    }), { seed, numRuns: 2_000 });
  });

  it('decide nothing more loosely than they did, nor than the defaults do', () => {
    const actor = fc.constantFrom(undefined, { kind: 'channel', channel: 'tg', context: 'group' } as const, { kind: 'channel', context: 'private' } as const, { kind: 'agent', context: 'public' } as const);
    const channels = fc.constantFrom<PolicySettings['channels']>(undefined, (() => {
      const read = readPolicyFile({ channels: { tg: { platform: 'telegram', enabled: true, contexts: { group: { restrictions: ['run_command'] }, direct: { restrictions: ['group:network'] } } } } });
      return read.ok ? read.value.channels : undefined;
    })());
    fc.assert(fc.property(policyWith(), described, actor, channels, (raw, request, by, configured) => {
      const { rules, channels: _, ...others } = raw;
      const given: PolicySettings = configured === undefined ? others : { ...others, channels: configured };
      const [own, tight, usual] = [given, tightenedSettings(given), defaultSettings].map((settings) =>
        decide({ tool: request.tool, ...(by === undefined ? {} : { actor: by }) }, request, compilePolicy({ ...settings, rules }, place, { repositoryAllows: true }), { now, holds: [] }).decision);
      assert.ok(own !== undefined && tight !== undefined && usual !== undefined);
      // An ask rule that wins over a deny is taken out in `bypass_permissions`, so that the deny counts; it counts again in any other mode
      const asksAgain = given.mode === 'bypass_permissions' && own === 'deny' && tight === 'ask' && rules.some(({ effect }) => effect === 'ask');
      assert.ok(!isStricter(own, tight) || asksAgain, `${own} became ${tight}`);
      assert.ok(!isStricter(usual, tight), `${usual} by default, but ${tight}`);
    }), { seed, numRuns: 6_000 });
  });
});
