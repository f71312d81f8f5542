import assert from 'node:assert/strict';
import type { Described } from '../../../../src/core/action.ts';
import { decide } from '../../../../src/core/decide/decide.ts';
import { ask, described, everything, exec, files, network, path, policy, prefix, rule, session, tool } from './given.ts';

const allowAll = [rule('allow', tool('run_command'), 'session'), rule('allow', tool('write_file'), 'session'), rule('allow', path('/ws'), 'session')];

describe('stages', () => {
  it('an empty policy asks about what is not known', () => {
    assert.equal(ask({ actions: [{ kind: 'unknown', target: 'zap' }] }, policy()).decision, 'ask');
  });

  it('a request nothing could be read from counts as unknown, also in bypass', () => {
    const answer = ask({ tool: 'zap', actions: [] }, policy({ mode: 'bypass_permissions' }));
    assert.equal(answer.decision, 'ask');
    assert.equal(answer.actions[0]?.action.kind, 'unknown');
  });

  it('a failure inside is a denial', () => {
    const broken = new Proxy(described('read_file', [files('read', '/ws/a')]), {
      get: (target, key) => {
        if (key === 'groups' || key === 'actions') throw new Error('broken');
        return Reflect.get(target, key) as unknown;
      },
    });
    const answer = decide({ tool: 'read_file' }, broken, policy({ mode: 'bypass_permissions' }), session);
    assert.equal(answer.decision, 'deny');
    assert.equal(answer.reason.type, 'guardrail');
    assert.equal(decide({ tool: 'x' }, undefined as unknown as Described, policy(), session).decision, 'deny');
  });

  const task = (task: { allow?: string[]; deny?: string[] }, name = 'read_file') => ask({ tool: name, actions: [files('read', '/ws/a')], request: { task } }, policy());
  it('task lists: an empty allow list is no tool at all', () => {
    assert.equal(task({ allow: [] }).decision, 'deny');
    assert.equal(task({ allow: [] }).reason.type, 'task_restriction');
  });
  it('task lists: names, wildcards and groups, deny before allow', () => {
    assert.equal(task({ allow: ['read_file'] }).decision, 'allow');
    assert.equal(task({ allow: ['read_*'] }).decision, 'allow');
    assert.equal(task({ allow: ['write_file'] }).decision, 'deny');
    assert.equal(task({ allow: ['read_file'], deny: ['functions.read_file'] }).decision, 'deny');
    assert.equal(task({ deny: ['MCP_*'] }, 'mcp_x').decision, 'deny');
    assert.equal(task({ deny: ['group:read'] }).decision, 'allow');
    assert.equal(ask({ actions: [files('read', '/ws/a')], more: { groups: ['group:read'] }, request: { task: { deny: ['group:read'] } } }, policy()).decision, 'deny');
  });

  for (const [context, wanted] of [['private', 'ask'], ['group', 'deny'], ['public', 'deny']] as const) {
    it(`memory tools in a ${context} conversation: ${wanted}`, () => {
      const answer = ask({ tool: 'read_clipboard', actions: [{ kind: 'interact', target: 'clipboard' }], more: { groups: ['group:memory'] }, request: { actor: { kind: 'channel', context } } }, policy());
      assert.equal(answer.decision, wanted);
      if (wanted === 'deny') assert.equal(answer.reason.type, 'context_restriction');
    });
  }

  it('a guardrail is denied whatever rules and mode say', () => {
    const action = exec('sudo id', { guardrail: { id: 'privilege_escalation', summary: 'It asks for the rights of another user.' } });
    const answer = ask({ actions: [action] }, policy({ mode: 'bypass_permissions', rules: [...allowAll, rule('allow', prefix('sudo id'), 'managed')] }));
    assert.equal(answer.decision, 'deny');
    assert.equal(answer.actions[0]?.rule, undefined);
    assert.deepEqual(answer.actions[0]?.losing.map(({ scope }) => scope.kind), ['command_prefix', 'tool']);
    assert.deepEqual(answer.reason, { type: 'guardrail', summary: 'It asks for the rights of another user.', pattern: 'privilege_escalation' });
  });

  for (const [capability, action] of [
    ['read', files('read', '/ws/a')],
    ['write', files('write', '/ws/a')],
    ['delete', files('delete', '/ws/a')],
    ['shell', exec('ls', { class: 'read' })],
    ['network', network('fetch', 'docs.example')],
    ['network', network('export', 'docs.example')],
    ['network', { kind: 'locate', target: 'here' }],
  ] as const) {
    it(`${capability} switched off denies ${action.kind} before any rule`, () => {
      const answer = ask({ actions: [action] }, policy({ mode: 'bypass_permissions', permissions: { ...everything, [capability]: false }, rules: allowAll }));
      assert.equal(answer.decision, 'deny');
      assert.equal(answer.reason.type, 'workspace_capability');
      assert.equal(answer.reason.capability, capability);
    });
  }
  it('a capability counts inside a shell line', () => {
    const line = [exec('echo x', { class: 'read' }), files('write', '/ws/a', { owner: 0 })];
    assert.equal(ask({ actions: line }, policy({ mode: 'dont_ask', permissions: { ...everything, write: false } })).reason.capability, 'write');
  });
  it('tools that need the network or the shell are denied without it, whatever they do', () => {
    assert.equal(ask({ tool: 'open_url', actions: [{ kind: 'interact', target: 'x' }], more: { needsNetwork: true } }, policy({ mode: 'dont_ask', permissions: { ...everything, network: false } })).reason.capability, 'network');
    assert.equal(ask({ tool: 'execute_code', actions: [{ kind: 'unknown', target: 'x' }], more: { needsShell: true } }, policy({ mode: 'dont_ask', permissions: { ...everything, shell: false } })).reason.capability, 'shell');
  });

  it('a change outside the workspace is denied, in the temporary folder and in allowed paths not', () => {
    const outcome = (where: string, settings = {}) => ask({ actions: [files('write', where)] }, policy({ mode: 'accept_edits', ...settings }));
    assert.equal(outcome('/data/x').decision, 'deny');
    assert.equal(outcome('/data/x').reason.type, 'workspace_capability');
    assert.equal(outcome('/wsx/a').decision, 'deny');
    assert.equal(outcome('/tmp/x').decision, 'allow');
    assert.equal(outcome('/data/x', { allowedPaths: ['/data'] }).decision, 'allow');
    assert.equal(outcome('/data/x', { allowedPaths: ['~/data', '../data'] }).decision, 'allow');
    assert.equal(outcome('/database/x', { allowedPaths: ['/data'] }).decision, 'deny');
    assert.equal(outcome('/data/x', { unrestrictedFileAccess: true }).decision, 'allow');
    assert.equal(outcome('/etc/x', { unrestrictedFileAccess: true }).decision, 'deny');
    assert.equal(outcome('/data/x', { rules: [rule('allow', path('/data'), 'session')] }).decision, 'deny');
  });

  it('a guarded place is not answered by a rule, which is named as losing', () => {
    const given = rule('allow', path('/ws/.envrc', 'write_file'), 'managed');
    const [action] = ask({ actions: [files('write', '/ws/.envrc')] }, policy({ mode: 'bypass_permissions', rules: [given] })).actions;
    assert.deepEqual([action?.decision, action?.rule, action?.losing], ['ask', undefined, [given]]);
  });

  it('the policy script can hold a request up or stop it, never let it pass a question', () => {
    const under = policy({ rules: allowAll });
    const outcome = (script: NonNullable<Parameters<typeof ask>[0]['session']>['script']) => ask({ actions: [files('write', '/ws/a')], session: script === undefined ? {} : { script } }, under);
    assert.equal(outcome({ decision: 'pass' }).decision, 'allow');
    assert.equal(outcome({ decision: 'deny', reason: 'no' }).decision, 'deny');
    assert.equal(outcome({ decision: 'require_approval' }).decision, 'ask');
    assert.deepEqual(outcome({ decision: 'require_approval' }).suggestions, ['deny_once', 'allow_once']);
    assert.equal(outcome({ error: 'time out' }).decision, 'ask');
    assert.equal(outcome({ error: 'time out' }).reason.type, 'workspace_script');
    const guarded = ask({ actions: [files('write', '/ws/.envrc')], session: { script: { decision: 'deny' } } }, under);
    assert.deepEqual([guarded.decision, guarded.reason.type], ['deny', 'workspace_script'], 'its denial stands over a question of an earlier stage');
  });

  it('denials by mode alone become a question after 3 in a row or 20 in all', () => {
    const outcome = (consecutive: number, total: number, settings = {}) => ask({ actions: [files('write', '/ws/a')], request: { denials: { consecutive, total } } }, policy({ mode: 'plan', ...settings }));
    assert.equal(outcome(2, 19).decision, 'deny');
    assert.equal(outcome(3, 3).decision, 'ask');
    assert.equal(outcome(3, 3).reason.type, 'denial_fallback');
    assert.equal(outcome(0, 20).decision, 'ask');
    assert.equal(outcome(3, 3, { rules: [rule('deny', path('/ws/a'))] }).decision, 'deny');
    assert.equal(outcome(3, 3, { permissions: { ...everything, write: false } }).decision, 'deny');
    assert.equal(ask({ actions: [files('write', '/ws/a')], session: { denials: () => ({ consecutive: 3, total: 3 }) } }, policy({ mode: 'plan' })).decision, 'ask');
  });

  it('location asks in every mode whatever rules allow, once, and a deny still denies', () => {
    const here = { actions: [{ kind: 'locate', target: 'here' }] as const };
    for (const effect of ['allow', 'ask'] as const) {
      const answer = ask(here, policy({ mode: 'bypass_permissions', rules: [rule(effect, tool('get_current_location'), 'managed')] }));
      assert.equal(answer.decision, 'ask');
      assert.deepEqual(answer.suggestions, ['deny_once', 'allow_once']);
    }
    assert.equal(ask(here, policy({ rules: [rule('deny', tool('get_current_location'))] })).decision, 'deny');
  });

  it('gives the reason of the first action with the strictest answer', () => {
    const answer = ask({ tool: 'copy_file', actions: [files('read', '/ws/a'), files('write', '/ws/.git/config'), files('write', '/ws/.cowork/x')] }, policy());
    assert.equal(answer.decision, 'deny');
    assert.equal(answer.reason.pattern, '.git/config');
    assert.deepEqual(answer.actions.map(({ decision }) => decision), ['allow', 'deny', 'deny']);
    assert.deepEqual(answer.suggestions, []);
  });

  it('gives the reason of the earliest stage where several actions have the strictest answer', () => {
    const both = [exec('rm -rf .'), { ...files('delete', '/ws'), guardrail: { id: 'destructive_deletion', summary: 'All of it.' } } as const];
    assert.equal(ask({ tool: 'run_command', actions: both }, policy({ permissions: { ...everything, shell: false } })).reason.type, 'guardrail');
    const guarded = ask({ tool: 'run_command', actions: [exec('tee .env'), files('write', '/ws/.env')] }, policy());
    assert.deepEqual([guarded.decision, guarded.reason.type], ['ask', 'guardrail']);
  });
});
