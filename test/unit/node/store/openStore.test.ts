import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import startSql, { type Database, type SqlJsStatic } from 'sql.js';
import { defaultSettings } from '../../../../src/core/policy/policy.ts';
import { StoreError } from '../../../../src/gate/ports.ts';
import { Anchor } from '../../../../src/node/store/anchor.ts';
import { firstHead } from '../../../../src/node/store/chain.ts';
import { openStore } from '../../../../src/node/store/openStore.ts';
import { verifyChain } from '../../../../src/node/store/verifyChain.ts';
import { TestFolders, added, approval, decision, note, rule } from './testFolders.ts';
import { workspaceRecord } from '../../../../src/node/store/workspaceRecord.ts';

describe('store of a workspace folder', () => {
  let folders: TestFolders;
  let sql: SqlJsStatic;
  before(async () => {
    sql = await startSql();
  });
  beforeEach(() => {
    folders = new TestFolders();
  });
  afterEach(() => folders.remove());

  const database = (): Database => new sql.Database(readFileSync(folders.policy('policy.db')));
  const rows = (query: string): unknown[][] => {
    const open = database();
    try {
      return open.exec(query)[0]?.values ?? [];
    } finally {
      open.close();
    }
  };

  it('begins with the spec’s defaults and leaves no trace before the first commit', async () => {
    const store = await folders.open();
    assert.deepEqual(store.state.settings, defaultSettings);
    assert.deepEqual(store.state.workspaceRules, []);
    assert.equal(store.state.closedBecause, undefined);
    assert.equal(existsSync(path.join(folders.workspace, '.cowork')), false);
    await store.commit([note('first')]);
    assert.equal(existsSync(folders.policy('journal.ndjson')), true);
  });

  it('takes up the beginning that a program anchored before it was killed', async () => {
    const record = workspaceRecord(folders.user, folders.workspace);
    Anchor.open(record, { head: firstHead('a'.repeat(64)), databases: [], saved: 0 }).close();
    const beginning = readFileSync(path.join(record, 'anchor'));
    const store = await folders.open();
    await store.commit([note('first')]);
    // As if killed between the first line and the note of it
    writeFileSync(path.join(record, 'anchor'), beginning);
    const reader = await folders.open({ readOnly: true });
    assert.deepEqual(reader.state.problems, []);
    assert.equal((await reader.history()).length, 1);
  });

  it('keeps rules, settings, pending approvals and history over a restart', async () => {
    const first = await folders.open();
    const allow = added();
    const deny = added({ effect: 'deny', scope: { kind: 'domain', domain: 'example.com', toolPrefix: 'browser_' }, reason: 'no', expiresAt: folders.clock.time + 1e9, metadata: { createdByApprovalId: 'x' } });
    await first.commit([allow, deny]);
    await first.commit([{ type: 'settings_changed', change: { mode: 'accept_edits' }, by: 'editor' }]);
    await first.commit([{ type: 'approval_asked', approval: approval('one') }, { type: 'approval_asked', approval: approval('two') }]);
    await first.commit([{ type: 'approval_settled', approval: 'one', outcome: 'answered', answer: 'deny_once', by: 'editor' }]);
    await first.close();

    const second = await folders.open();
    assert.deepEqual(second.state.workspaceRules, [allow.rule, deny.rule]);
    assert.equal(second.state.settings.mode, 'accept_edits');
    assert.deepEqual(second.state.pending, [approval('two')]);
    assert.deepEqual(second.state.problems, []);
    const history = await second.history();
    assert.deepEqual(history.map(({ sequence }) => sequence), [6, 5, 4, 3, 2, 1]);
    assert.deepEqual((await second.history({ types: ['rule_added'] })).map(({ entry }) => entry), [deny, allow]);
    assert.deepEqual((await second.history({ before: 4, limit: 2 })).map(({ sequence }) => sequence), [3, 2]);
  });

  it('reads what was closed before from its file once, however often it is looked at', async () => {
    const first = await folders.open();
    const long = 'x'.repeat(10_000);
    for (let count = 0; count < 3; count++) await first.commit(Array.from({ length: 60 }, (_, index) => note(`${count} ${index} ${long}`)));
    await first.close();
    const closed = readdirSync(folders.policy()).filter((name) => /^journal-\d+/.test(name));
    assert.ok(closed.length > 0, 'there is a closed file');
    const store = await folders.open();
    const before = await store.history({ limit: 180 });
    assert.deepEqual([before.length, before.at(-1)?.sequence], [180, 1]);
    for (const name of closed) rmSync(folders.policy(name));
    await store.commit([note('newest')]);
    const after = await store.history({ limit: 181 });
    assert.deepEqual(after.map(({ sequence }) => sequence), Array.from({ length: 181 }, (_, index) => 181 - index));
  });

  it('writes what it holds into policy.db, with every field of a rule', async () => {
    const store = await folders.open();
    const deny = rule({ effect: 'deny', scope: { kind: 'domain', domain: 'example.com', toolPrefix: 'browser_' }, reason: 'no', expiresAt: folders.clock.time + 1e9, usesLeft: 3, examples: { match: ['a'] }, metadata: { m: 1 } });
    await store.commit([{ type: 'rule_added', rule: deny, by: 'editor' }, { type: 'approval_asked', approval: approval('one') }, decision({ decision: 'deny', by: 'telegram:7' })]);
    await store.commit([{ type: 'approval_settled', approval: 'one', outcome: 'answered', answer: 'allow_once' }]);
    await store.checkpoint();
    assert.deepEqual(rows('SELECT id, source, effect, scope_kind, scope_domain, scope_tool_prefix, reason, expires_at, uses_left, examples_json, metadata_json FROM workspace_permission_rules'), [
      [deny.id, 'workspace_db', 'deny', 'domain', 'example.com', 'browser_', 'no', deny.expiresAt, 3, '{"match":["a"]}', '{"m":1}'],
    ]);
    assert.deepEqual(rows('SELECT id, status FROM approvals'), [['one', 'approved']]);
    assert.deepEqual(rows('SELECT id, action, user_id, severity FROM audit_log ORDER BY id'), [[1, 'rule_added', 'editor', 'info'], [2, 'approval_asked', null, 'info'], [3, 'decision', 'telegram:7', 'warn'], [4, 'approval_settled', null, 'info']]);
    assert.deepEqual(rows("SELECT value_json FROM settings WHERE key = 'mode'"), [['"default"']]);
    assert.deepEqual(rows("SELECT value FROM meta WHERE key = 'sequence'"), [['4']]);
    const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").flat();
    for (const table of ['channels', 'channel_users', 'channel_messages', 'context_policies']) assert.ok(tables.includes(table), table);
  });

  it('writes policy.db by itself once nothing happened for a while', async () => {
    const store = await folders.open();
    await store.commit([note('one')]);
    assert.equal(existsSync(folders.policy('policy.db')), false);
    folders.clock.advance(2000);
    await store.history();
    assert.equal(existsSync(folders.policy('policy.db')), true);
  });

  it('keeps its files for the owner alone and out of git, but for the mirror', async () => {
    const store = await folders.open();
    await store.commit([added()]);
    await store.close();
    if (process.platform !== 'win32') {
      assert.equal(statSync(folders.policy()).mode & 0o777, 0o700);
      for (const name of ['journal.ndjson', 'policy.db']) assert.equal(statSync(folders.policy(name)).mode & 0o777, 0o600, name);
      assert.equal(statSync(path.join(folders.user, 'key')).mode & 0o777, 0o600);
    }
    assert.equal(readFileSync(folders.policy('.gitignore'), 'utf8'), '*\n!.gitignore\n!permissions.json\n!policy.js\n');
  });

  it('acknowledges concurrent commits in order, each with its own line', async () => {
    const store = await folders.open();
    await Promise.all(Array.from({ length: 200 }, (_, index) => store.commit([note(String(index))])));
    const history = await store.history({ types: ['problem'] });
    assert.deepEqual(history.map(({ entry }) => (entry.type === 'problem' ? Number(entry.message) : -1)), Array.from({ length: 200 }, (_, index) => 199 - index));
    assert.deepEqual(await verifyChain(folders.workspace, folders.user), { ok: true, entries: 200 });
  });

  it('shows a commit on disk before it resolves', async () => {
    const store = await folders.open();
    for (let index = 0; index < 20; index += 1) {
      await store.commit([note(`mark-${index}`)]);
      assert.ok(readFileSync(folders.policy('journal.ndjson'), 'utf8').includes(`mark-${index}`));
    }
  });

  it('refuses one entry that cannot be written and keeps its neighbours', async () => {
    const store = await folders.open();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const [before, refused, behind] = await Promise.allSettled([
      store.commit([note('before')]),
      store.commit([note('half'), decision({ request: { tool: 'x', input: circular } })]),
      store.commit([note('behind')]),
    ]);
    assert.equal(before.status, 'fulfilled');
    assert.equal(behind.status, 'fulfilled');
    assert.ok(refused.status === 'rejected' && refused.reason instanceof StoreError);
    assert.equal(refused.reason.problem.code, 'entry_unwritable');
    assert.deepEqual((await store.history()).map(({ entry }) => entry), [note('behind'), note('before')]);
  });

  it('refuses rules of the administrator and of the repository', async () => {
    const store = await folders.open();
    for (const source of ['managed', 'workspace_manifest', 'legacy_guardrails'] as const) {
      await assert.rejects(store.commit([added({ source })]), (error) => error instanceof StoreError && error.problem.code === 'rule_not_ours');
    }
  });

  it('cuts the content of a written file in the record, not what a pending approval needs', async () => {
    const store = await folders.open();
    const content = 'x'.repeat(100_000);
    const request = { tool: 'write_file', input: { path: 'a', content } };
    await store.commit([{ type: 'approval_asked', approval: { ...approval('big'), request } }, decision({ request })]);
    await store.close();
    const again = await folders.open();
    assert.equal(again.state.pending[0]?.request.input?.['content'], content);
    const [recorded] = await again.history({ types: ['decision'] });
    assert.ok(recorded?.entry.type === 'decision');
    const text = recorded.entry.request.input?.['content'];
    assert.ok(typeof text === 'string' && text.length < 5000 && text.includes('100000 characters'));
  });

  it('tells listeners about changes, and not about mere records', async () => {
    const store = await folders.open();
    await store.commit([note('make the folder')]);
    const seen: number[] = [];
    store.onDidChange((state) => seen.push(state.workspaceRules.length));
    await store.commit([decision(), note('x')]);
    assert.deepEqual(seen, []);
    await store.commit([added()]);
    assert.deepEqual(seen, [1]);
    assert.ok(Object.isFrozen(store.state));
  });

  it('replaces a rule that says the same, and removes it by what it says', async () => {
    const store = await folders.open();
    const scope = { kind: 'tool', toolName: 'read_file' } as const;
    await store.commit([added({ scope }), added({ scope, reason: 'again' }), added({ scope, effect: 'deny' })]);
    assert.deepEqual(store.state.workspaceRules.map(({ effect, reason }) => [effect, reason]), [['allow', 'again'], ['deny', undefined]]);
    await store.commit([{ type: 'rule_removed', rule: rule({ scope }), by: 'editor' }]);
    assert.deepEqual(store.state.workspaceRules.map(({ effect }) => effect), ['deny']);
  });

  it('keeps grants of different sessions apart', async () => {
    const store = await folders.open();
    const scope = { kind: 'tool', toolName: 'read_file' } as const;
    await store.commit([added({ scope, source: 'session', metadata: { session: 'a' } }), added({ scope, source: 'session', metadata: { session: 'b' } })]);
    assert.equal(store.state.workspaceRules.length, 2);
  });

  it('counts the uses of an allow rule down and lets it go with the last', async () => {
    const store = await folders.open();
    const limited = rule({ usesLeft: 2 });
    await store.commit([{ type: 'rule_added', rule: limited, by: 'editor' }]);
    const use = decision({ actions: [1, 2].map(() => ({ kind: 'exec', target: 'x', decision: 'allow', reason: { type: 'rule', summary: '' }, rule: limited.id })) });
    await store.commit([use]);
    assert.deepEqual(store.state.workspaceRules.map(({ usesLeft }) => usesLeft), [1]);
    await store.close();
    const again = await folders.open();
    await again.commit([use]);
    assert.deepEqual(again.state.workspaceRules, []);
  });

  it('never lets an agent wear out a deny', async () => {
    const store = await folders.open();
    const deny = rule({ effect: 'deny', usesLeft: 1 });
    await store.commit([{ type: 'rule_added', rule: deny, by: 'editor' }]);
    await store.commit([decision({ decision: 'deny', actions: [{ kind: 'exec', target: 'x', decision: 'deny', reason: { type: 'rule', summary: '' }, rule: deny.id }] })]);
    assert.deepEqual(store.state.workspaceRules, [deny]);
  });

  it('drops what has ended when it opens, also when the clock went backwards', async () => {
    const first = await folders.open();
    const now = folders.clock.time;
    await first.commit([
      added({ id: 'ended', expiresAt: now + 1000 }), added({ id: 'holds', expiresAt: now + 100_000 }),
      added({ id: 'old session', source: 'session', createdAt: now - 25 * 60 * 60 * 1000, metadata: { session: 'a' } }), added({ id: 'session', source: 'session', createdAt: now, metadata: { session: 'b' } }),
    ]);
    folders.clock.time = now + 5000;
    await first.commit([note('time passed')]);
    await first.close();
    folders.clock.time = now - 60_000;
    const second = await folders.open();
    assert.deepEqual(second.state.workspaceRules.map(({ id }) => id), ['holds', 'session']);
    await second.commit([note('the clock went back')]);
    const [newest, before] = await second.history();
    assert.ok(newest && before && newest.at >= before.at, 'the record never goes backwards');
  });

  it('closes long journals into segments and reads history across them', async () => {
    const store = await folders.open();
    const long = 'y'.repeat(10_000);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 120 }, (_, index) => store.commit([note(`${round}-${index} ${long}`)])));
    }
    await store.commit([added()]);
    assert.ok(folders.names().includes('journal-1.ndjson'), 'a segment was closed');
    assert.ok(statSync(folders.policy('journal.ndjson')).size < 2 * 1024 * 1024);
    await store.close();
    const again = await folders.open();
    assert.equal(again.state.workspaceRules.length, 1);
    assert.deepEqual((await again.history({ limit: 5000 })).map(({ sequence }) => sequence), Array.from({ length: 601 }, (_, index) => 601 - index));
    assert.deepEqual((await again.history({ before: 4 })).map(({ sequence }) => sequence), [3, 2, 1]);
    assert.deepEqual(await verifyChain(folders.workspace, folders.user), { ok: true, entries: 601 });
  });

  it('keeps profile rules for every workspace of the user', async () => {
    const here = await folders.open();
    const deny = rule({ source: 'profile', effect: 'deny', scope: { kind: 'tool', toolName: 'web_fetch' } });
    await here.commit([{ type: 'rule_added', rule: deny, by: 'editor' }]);
    assert.deepEqual(here.state.profileRules, [deny]);
    const other = new TestFolders();
    try {
      const there = await other.open({ userFolder: folders.user });
      assert.deepEqual(there.state.profileRules, [deny]);
      await there.commit([{ type: 'rule_removed', rule: deny, by: 'editor' }]);
      assert.deepEqual(there.state.profileRules, []);
    } finally {
      await other.remove();
    }
    await here.close();
    assert.deepEqual((await folders.open()).state.profileRules, []);
  });

  it('sets a broken profile aside before it writes, and keeps its denies', async () => {
    const store = await folders.open();
    const file = path.join(folders.user, 'profile.json');
    writeFileSync(file, '{"version":1,"rules":[{"effect":"deny","scope":{"kind":"tool","toolName":"web_fetch"}},');
    await store.commit([added({ source: 'profile', effect: 'deny', scope: { kind: 'tool', toolName: 'x' } })]);
    assert.deepEqual(store.state.profileRules.map(({ scope }) => (scope.kind === 'tool' ? scope.toolName : '')), ['web_fetch', 'x']);
    assert.ok(readdirSync(folders.user).some((name) => name.startsWith('profile.json.broken-')));
  });

  it('reads the administrator’s rules, also those that come while it is open', async () => {
    const put = (toolName: string): void => writeFileSync(path.join(folders.root, 'managed.json'), JSON.stringify({ version: 1, rules: [{ effect: 'deny', scope: { kind: 'tool', toolName } }] }));
    put('web_fetch');
    const store = await folders.open();
    assert.deepEqual(store.state.managedRules.map(({ source, effect, scope }) => [source, effect, scope.kind === 'tool' && scope.toolName]), [['managed', 'deny', 'web_fetch']]);
    await store.commit([note('be the writer')]);
    put('run_command');
    folders.clock.advance(5000);
    await store.history();
    assert.deepEqual(store.state.managedRules.map(({ scope }) => scope), [{ kind: 'tool', toolName: 'run_command' }]);
  });

  it('counts no allow of an administrator’s file that others can write', async () => {
    const file = path.join(folders.root, 'managed.json');
    writeFileSync(file, JSON.stringify({ version: 1, rules: ['allow', 'deny'].map((effect) => ({ effect, scope: { kind: 'tool', toolName: 'web_fetch' } })) }));
    chmodSync(file, 0o666);
    const store = await folders.open();
    assert.deepEqual([store.state.managedRules.map(({ effect }) => effect), store.state.problems.map(({ code }) => code)], process.platform === 'win32' ? [['allow', 'deny'], []] : [['deny'], ['managed_owner']]);
  });

  it('does not open where there is no folder', async () => {
    await assert.rejects(openStore({ folder: path.join(folders.root, 'nothing'), userFolder: folders.user, clock: folders.clock }), (error) => error instanceof StoreError && error.problem.code === 'no_folder');
  });

  it('may be closed twice and takes nothing afterwards', async () => {
    const store = await folders.open();
    await store.commit([note('x')]);
    await store.close();
    await store.close();
    await assert.rejects(store.commit([note('late')]), StoreError);
    assert.equal(existsSync(folders.policy('lock')), false);
  });
});
