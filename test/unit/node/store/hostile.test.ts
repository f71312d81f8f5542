import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Rule } from '../../../../src/core/rules/rule.ts';
import { StoreError } from '../../../../src/gate/ports.ts';
import type { FolderStore } from '../../../../src/node/store/openStore.ts';
import { verifyChain } from '../../../../src/node/store/verifyChain.ts';
import { TestFolders, added, note, rule } from './testFolders.ts';

const loose = { mode: 'bypass_permissions', unrestrictedFileAccess: true, permissions: { read: true, write: true, delete: true, shell: true, network: true }, commands: [{ command: 'acme', does: 'read', examples: { match: ['acme'], notMatch: ['x'] } }] } as const;

/** What a hostile workspace must never get */
function assertTight(store: FolderStore): void {
  assert.deepEqual(store.state.workspaceRules.filter(({ effect }) => effect === 'allow'), []);
  assert.equal(store.state.settings.mode, 'default');
  assert.equal(store.state.settings.unrestrictedFileAccess, false);
  assert.equal(store.state.settings.permissions.shell, false);
  assert.deepEqual(store.state.settings.commands, []);
  assert.equal(store.state.manifest.reviewed && store.state.manifest.rules.some(({ effect }) => effect === 'allow'), false);
}

function codes(store: FolderStore): string[] {
  return store.state.problems.map(({ code }) => code);
}

describe('a store in a hostile or damaged folder', () => {
  let folders: TestFolders;
  beforeEach(() => {
    folders = new TestFolders();
  });
  afterEach(() => folders.remove());

  const journal = (): string => folders.policy('journal.ndjson');
  const lines = (): string[] => readFileSync(journal(), 'utf8').trimEnd().split('\n');

  /** A folder with an allow, a deny and loose settings, written and closed on this machine */
  async function written(): Promise<{ allow: Rule; deny: Rule }> {
    const allow = rule();
    const deny = rule({ effect: 'deny' });
    const store = await folders.open();
    await store.commit([{ type: 'rule_added', rule: allow, by: 'editor' }, { type: 'rule_added', rule: deny, by: 'editor' }]);
    await store.commit([{ type: 'settings_changed', change: loose, by: 'editor' }]);
    await store.close();
    return { allow, deny };
  }

  describe('that came with a repository', () => {
    it('counts no rule and no setting of a state written on another machine', async () => {
      const attacker = new TestFolders();
      try {
        const theirs = await attacker.open();
        await theirs.commit([added(), { type: 'settings_changed', change: loose, by: 'editor' }]);
        await theirs.close();
        cpSync(path.join(attacker.workspace, '.cowork'), path.join(folders.workspace, '.cowork'), { recursive: true });
      } finally {
        await attacker.remove();
      }
      const looked = await folders.open({ readOnly: true });
      assertTight(looked);
      const store = await folders.open();
      assertTight(store);
      assert.ok(codes(store).includes('state_foreign') && codes(store).includes('database_foreign'));
      assert.ok(folders.names().some((name) => name.startsWith('journal.ndjson.foreign-')));
      assert.ok(folders.names().some((name) => name.startsWith('policy.db.foreign-')));
      await store.commit([added({ effect: 'deny' })]);
      await store.close();
      assert.equal((await verifyChain(folders.workspace, folders.user)).ok, true);
      assertTight(await folders.open());
    });

    it('counts nothing after the folder was moved, and says what still counts', async () => {
      await written();
      const moved = path.join(folders.root, 'moved');
      renameSync(folders.workspace, moved);
      const store = await folders.open({ folder: moved });
      assertTight(store);
      assert.ok(store.state.problems.some(({ message }) => message.includes('permissions.json')));
      assert.equal(store.state.manifest.rules.length, 2, 'the mirror is the repository’s now');
      assert.equal(store.state.manifest.reviewed, false);
    });

    it('counts nothing when the user’s key is gone', async () => {
      await written();
      rmSync(folders.user, { recursive: true });
      assertTight(await folders.open());
    });

    const swaps: readonly [string, string, (file: string) => void][] = [
      ['a link as journal', 'journal.ndjson', (file) => symlinkSync(path.join(folders.root, 'target'), file)],
      ['a pipe as journal', 'journal.ndjson', (file) => execFileSync('mkfifo', [file])],
      ['an endless device as database', 'policy.db', (file) => symlinkSync('/dev/zero', file)],
      ['a pipe as database', 'policy.db', (file) => execFileSync('mkfifo', [file])],
      ['a folder as journal', 'journal.ndjson', (file) => mkdirSync(file)],
      ['a folder as the next journal', 'journal.ndjson.new', (file) => mkdirSync(file)],
      ['a folder as the next database', 'policy.db.new', (file) => mkdirSync(path.join(file, 'x'), { recursive: true })],
      ['a folder as the next mirror', 'permissions.json.new', (file) => mkdirSync(path.join(file, 'x'), { recursive: true })],
      ['a link as the next journal', 'journal.ndjson.new', (file) => symlinkSync(path.join(folders.root, 'target'), file)],
      ['a link as the next database', 'policy.db.new', (file) => symlinkSync(path.join(folders.root, 'target'), file)],
      ['a link as lock', 'lock', (file) => symlinkSync(path.join(folders.root, 'target'), file)],
      ['an enormous journal', 'journal.ndjson', (file) => {
        writeFileSync(file, '');
        truncateSync(file, 64 * 1024 ** 3);
      }],
      ['an enormous closed segment', 'journal-1.ndjson', (file) => {
        writeFileSync(file, '{"sequence":');
        truncateSync(file, 64 * 1024 ** 3);
      }],
      ['a lock of a live process without its start', 'lock', (file) => writeFileSync(file, JSON.stringify({ id: 'a'.repeat(32), pid: 1, host: hostname() }))],
    ];
    for (const [name, file, make] of swaps) {
      it(`opens and records with ${name}, and touches nothing outside`, async () => {
        mkdirSync(folders.policy(), { recursive: true });
        writeFileSync(path.join(folders.root, 'target'), 'mine');
        make(folders.policy(file));
        const store = await folders.open();
        assertTight(store);
        await store.commit([added({ effect: 'deny' })]);
        await store.close();
        assert.equal(store.state.problems.some(({ code }) => code === 'checkpoint_failed' || code === 'mirror_failed'), false);
        assert.equal(readFileSync(path.join(folders.root, 'target'), 'utf8'), 'mine');
        assert.ok(lstatSync(journal()).isFile() && lstatSync(folders.policy('policy.db')).isFile());
        assert.equal((await folders.open()).state.workspaceRules.length, 1);
      });
    }

    for (const link of ['.cowork', '.cowork/policy']) {
      it(`records nothing through ${link} when it is a link`, async () => {
        const outside = path.join(folders.root, 'outside');
        mkdirSync(outside);
        if (link !== '.cowork') mkdirSync(path.join(folders.workspace, '.cowork'));
        symlinkSync(outside, path.join(folders.workspace, link));
        const store = await folders.open();
        assert.equal(store.state.closedBecause?.code, 'folder_unusable');
        await assert.rejects(store.commit([note('x')]), StoreError);
        await store.reloadManifest();
        await store.close();
        assert.deepEqual(readdirSync(outside), []);
      });
    }

    it('notices that the folder was swapped for a link while it was open', async () => {
      const store = await folders.open();
      await store.commit([added({ effect: 'deny' })]);
      const outside = path.join(folders.root, 'outside');
      renameSync(folders.policy(), outside);
      symlinkSync(outside, folders.policy());
      rmSync(path.join(outside, 'policy.db'), { force: true });
      await store.checkpoint();
      assert.equal(existsSync(path.join(outside, 'policy.db')), false);
    });
  });

  describe('whose history was changed', () => {
    it('puts what loosens aside when an older copy is played back, until a person confirms', async () => {
      await written();
      const copy = path.join(folders.root, 'copy');
      cpSync(folders.policy(), copy, { recursive: true });
      const later = await folders.open();
      const newer = rule({ effect: 'deny' });
      await later.commit([{ type: 'rule_added', rule: newer, by: 'editor' }]);
      await later.close();
      rmSync(folders.policy(), { recursive: true });
      cpSync(copy, folders.policy(), { recursive: true });

      assertTight(await folders.open({ readOnly: true }));
      const store = await folders.open();
      assertTight(store);
      assert.ok(codes(store).includes('history_cut'));
      assert.deepEqual(store.state.workspaceRules.map(({ effect }) => effect), ['deny']);
      await store.commit([{ type: 'settings_changed', change: { allowedPaths: ['/tmp/x'] }, by: 'editor' }]);
      await store.close();

      const again = await folders.open();
      assertTight(again);
      assert.ok(codes(again).includes('history_cut'), 'the doubt stays until it is settled');
      await again.confirmState('editor');
      assert.deepEqual(again.state.workspaceRules.map(({ effect }) => effect).toSorted(), ['allow', 'deny']);
      assert.equal(again.state.settings.mode, 'bypass_permissions');
      assert.deepEqual(again.state.settings.allowedPaths, ['/tmp/x'], 'what was set in between holds');
      assert.deepEqual(again.state.problems, []);
      await again.close();
      assert.deepEqual(await verifyChain(folders.workspace, folders.user), { ok: true, entries: 6 });
    });

    it('sees that a journal was cut by whole lines', async () => {
      await written();
      writeFileSync(journal(), `${lines().slice(0, -1).join('\n')}\n`);
      const store = await folders.open();
      assertTight(store);
      assert.ok(codes(store).includes('history_cut'));
    });

    it('keeps what came before a changed line, and of the rest only what tightens', async () => {
      const first = rule({ effect: 'deny' });
      const behind = rule({ effect: 'ask' });
      const store = await folders.open();
      await store.commit([{ type: 'rule_added', rule: first, by: 'editor' }]);
      await store.commit([added({ effect: 'deny' })]);
      await store.commit([added()]);
      await store.commit([{ type: 'rule_added', rule: behind, by: 'editor' }, { type: 'rule_removed', rule: first, by: 'editor' }]);
      await store.close();
      const changed = lines();
      changed[2] = (changed[2] ?? '').replace('"deny"', '"allow"');
      writeFileSync(journal(), `${changed.join('\n')}\n`);
      assert.deepEqual(await verifyChain(folders.workspace, folders.user), {
        ok: false, entries: 1, firstBad: { file: journal(), line: 3, why: 'the line was changed, or does not follow the one before it' },
      });

      const again = await folders.open();
      assertTight(again);
      assert.deepEqual(again.state.workspaceRules, [first, behind], 'the removal behind the break does not count');
      assert.ok(codes(again).includes('history_changed'));
      assert.ok(folders.names().some((name) => name.startsWith('journal.ndjson.broken-')), 'the changed file is kept');
      await again.close();
      assert.equal((await verifyChain(folders.workspace, folders.user)).ok, true);
    });

    it('falls back to the denies it can read when the journal’s first line was changed', async () => {
      const { deny } = await written();
      const changed = lines();
      changed[0] = (changed[0] ?? '').replace('"segment":1', '"segment":2');
      writeFileSync(journal(), `${changed.join('\n')}\n`);
      const store = await folders.open();
      assertTight(store);
      assert.deepEqual(store.state.workspaceRules, [deny]);
      assert.ok(codes(store).includes('history_changed'));
    });

    for (const [name, tail] of [['a half entry', '{"sequence":4,"at":'], ['an entry without its line end', '{"sequence":4}'], ['blank bytes', '\0\0\0\0\n\0']] as const) {
      it(`cuts ${name} that a crash left at the end, and loses nothing that was acknowledged`, async () => {
        const { allow, deny } = await written();
        writeFileSync(journal(), tail, { flag: 'a' });
        const store = await folders.open();
        assert.deepEqual(store.state.workspaceRules, [allow, deny]);
        assert.deepEqual(store.state.problems, []);
        assert.ok((await store.history()).some(({ entry }) => entry.type === 'problem' && entry.code === 'line_torn'));
        await store.close();
        assert.deepEqual(await verifyChain(folders.workspace, folders.user), { ok: true, entries: 4 });
      });
    }

    it('doubts when this machine’s own note about the folder is gone', async () => {
      await written();
      rmSync(path.join(folders.user, 'workspaces'), { recursive: true });
      const store = await folders.open();
      assertTight(store);
      assert.ok(codes(store).includes('anchor_missing'));
      assert.equal(store.state.workspaceRules.length, 1);
    });

    it('doubts when the whole folder is gone, as after git clean', async () => {
      await written();
      rmSync(folders.policy(), { recursive: true });
      const store = await folders.open();
      assertTight(store);
      assert.ok(codes(store).includes('history_missing'));
      await store.commit([added()]);
      await store.close();
      const again = await folders.open();
      assert.ok(codes(again).includes('history_missing'), 'told until confirmed');
      assert.equal(again.state.workspaceRules.length, 1, 'what a person allows afterwards counts');
      await again.confirmState('editor');
      assert.deepEqual(again.state.problems, []);
    });

    it('does not let allow rules come back through the mirror while in doubt', async () => {
      await written();
      writeFileSync(journal(), `${lines().slice(0, -1).join('\n')}\n`);
      const store = await folders.open();
      assert.ok(readFileSync(folders.policy('permissions.json'), 'utf8').includes('"allow"'), 'the file still has it');
      assert.deepEqual(store.state.manifest.rules, []);
      await store.close();
      assert.deepEqual((await folders.open({ readOnly: true })).state.manifest.rules, []);
    });

    it('asks for a new review of the mirror when the whole history is gone', async () => {
      await written();
      const mirror = readFileSync(folders.policy('permissions.json'));
      rmSync(folders.policy(), { recursive: true });
      mkdirSync(folders.policy());
      writeFileSync(folders.policy('permissions.json'), mirror);
      for (const readOnly of [true, false]) {
        const store = await folders.open({ readOnly });
        assert.equal(store.state.manifest.rules.some(({ effect }) => effect === 'allow') && store.state.manifest.reviewed, false);
      }
      assert.deepEqual(readFileSync(folders.policy('permissions.json')), mirror, 'and leaves the file as it is');
    });

    it('puts a damaged database aside and makes it anew from the journal', async () => {
      await written();
      writeFileSync(folders.policy('policy.db'), 'SQLite format 3\0 and then rubbish');
      const store = await folders.open();
      assert.equal(store.state.workspaceRules.length, 2);
      assert.deepEqual(codes(store), ['database_broken']);
      assert.ok(store.state.problems[0]?.message.includes('policy.db.broken-'));
      await store.close();
      assert.ok(readFileSync(folders.policy('policy.db')).length > 4096);
      assert.deepEqual(codes(await folders.open()), []);
    });

    it('finishes what a crash between the two renames of a closing file left', async () => {
      const { allow, deny } = await written();
      const store = await folders.open();
      await store.commit(Array.from({ length: 120 }, () => note('z'.repeat(10_000))));
      await store.close();
      assert.ok(existsSync(folders.policy('journal-1.ndjson')));
      renameSync(journal(), `${journal()}.new`);
      const again = await folders.open();
      assert.deepEqual(again.state.workspaceRules, [allow, deny]);
      assert.deepEqual(again.state.problems, []);
      await again.commit([note('on')]);
      await again.close();
      assert.equal((await verifyChain(folders.workspace, folders.user)).ok, true);
    });

    it('goes on from the last closed file when the journal is gone, in doubt', async () => {
      const { deny } = await written();
      const store = await folders.open();
      await store.commit(Array.from({ length: 120 }, () => note('z'.repeat(10_000))));
      await store.commit([note('in the new file')]);
      await store.close();
      rmSync(journal());
      const again = await folders.open();
      assertTight(again);
      assert.deepEqual(again.state.workspaceRules, [deny]);
      assert.ok(codes(again).includes('history_cut'));
    });
  });

  describe('that changes while it is open', () => {
    it('stops, and takes up again, when its journal is removed', async () => {
      const store = await folders.open();
      await store.commit([added()]);
      rmSync(journal());
      await assert.rejects(store.commit([added()]), (error) => error instanceof StoreError && error.problem.code === 'folder_unusable');
      assert.ok(store.state.closedBecause);
      await assert.rejects(store.commit([note('still closed')]), StoreError);
      folders.clock.advance(5000);
      await store.history();
      assert.equal(store.state.closedBecause, undefined);
      assertTight(store);
      await store.commit([note('goes on')]);
      await store.close();
      assert.equal((await verifyChain(folders.workspace, folders.user)).ok, true);
    });

    it('stops when its lock is taken away', async () => {
      const store = await folders.open();
      await store.commit([note('x')]);
      rmSync(folders.policy('lock'));
      await assert.rejects(store.commit([added()]), StoreError);
      assert.equal(store.state.workspaceRules.length, 0);
    });
  });
});
