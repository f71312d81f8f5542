import assert from 'node:assert/strict';
import fs, { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import type { FolderStore } from '../../../../src/node/store/openStore.ts';
import { TestFolders, added, note, rule } from './testFolders.ts';

interface File {
  readonly version: number;
  readonly rules: readonly { readonly effect: string; readonly scope: Readonly<Record<string, string>> }[];
}

describe('permissions.json', () => {
  let folders: TestFolders;
  beforeEach(() => {
    folders = new TestFolders();
  });
  afterEach(() => folders.remove());

  const file = (): string => folders.policy('permissions.json');
  const text = (): string => readFileSync(file(), 'utf8');
  const read = (): File => JSON.parse(text()) as File;
  const put = (content: string): void => {
    mkdirSync(folders.policy(), { recursive: true });
    writeFileSync(file(), content);
  };
  const names = (store: FolderStore): string[] => store.state.workspaceRules.map(({ effect, scope }) => `${effect} ${scope.kind === 'tool' ? scope.toolName : scope.kind}`);
  const tool = (toolName: string): { kind: 'tool'; toolName: string } => ({ kind: 'tool', toolName });
  const theirs = '{\n  // why: the deploy script\n  "version": 1,\n  "rules": [\n    { "effect": "deny", "scope": { "kind": "tool", "toolName": "web_fetch" } }, // keep\n  ],\n  "more": true\n}\n';

  it('mirrors workspace rules, relative to the workspace, and no other kind', async () => {
    const store = await folders.open();
    await store.commit([
      added({ effect: 'deny', scope: { kind: 'path', path: path.join(folders.workspace, 'secrets'), toolName: 'write_file' } }),
      added({ source: 'session', scope: tool('a'), metadata: { session: 's' } }), added({ source: 'profile', scope: tool('b') }), added({ scope: tool('c'), usesLeft: 1 }),
    ]);
    assert.deepEqual(read().rules.map(({ scope }) => scope), [{ kind: 'path', path: 'secrets', toolName: 'write_file' }]);
    assert.equal(read().version, 1);
  });

  it('keeps the rights that the file has', async () => {
    put('{"version":1,"rules":[]}');
    chmodSync(file(), 0o664);
    const store = await folders.open();
    await store.commit([added()]);
    if (process.platform !== 'win32') assert.equal(lstatSync(file()).mode & 0o777, 0o664);
  });

  it('gets no rule that would not be read back, and so none again and again', async () => {
    const unread = [added({ scope: { kind: 'domain', domain: 'not a host' } }), added({ scope: { kind: 'domain', domain: 'nor this one' }, reason: 'x'.repeat(1_000) })];
    for (const start of [undefined, '{"version":1,"rules":[]}', theirs]) {
      if (start === undefined) rmSync(file(), { force: true });
      else put(start);
      const store = await folders.open();
      await store.commit([added({ scope: tool('read') }), ...unread]);
      const once = text();
      assert.deepEqual(once.match(/not a host|nor this|"read"/g), ['"read"'], once);
      for (let times = 0; times < 3; times += 1) await store.reloadManifest();
      await store.commit([note('more')]);
      await store.close();
      await (await folders.open()).close();
      assert.equal(text(), once);
      await folders.remove();
      folders = new TestFolders();
    }
  });

  it('loses a rule together with the database', async () => {
    const store = await folders.open();
    const gone = rule({ scope: { kind: 'domain', domain: 'example.com', toolPrefix: 'browser_' } });
    await store.commit([{ type: 'rule_added', rule: gone, by: 'editor' }, added({ scope: tool('kept') })]);
    await store.commit([{ type: 'rule_removed', rule: gone, by: 'editor' }]);
    assert.deepEqual(read().rules.map(({ scope }) => scope), [tool('kept')]);
    assert.deepEqual(names(store), ['allow kept']);
  });

  it('keeps the repository’s own rules, comments and keys when ours come and go', async () => {
    put(theirs);
    const store = await folders.open();
    const ours = rule({ scope: tool('ours') });
    await store.commit([{ type: 'rule_added', rule: ours, by: 'editor' }]);
    assert.ok(text().includes('// why: the deploy script') && text().includes('// keep') && text().includes('"more": true') && text().includes('"ours"'));
    await store.commit([{ type: 'rule_removed', rule: ours, by: 'editor' }]);
    assert.ok(text().includes('// why: the deploy script') && text().includes('"web_fetch"'));
    assert.ok(!text().includes('"ours"'));
  });

  it('does not list as the repository’s what is ours as well', async () => {
    put(theirs);
    const store = await folders.open();
    await store.commit([added({ scope: tool('ours') })]);
    assert.deepEqual(store.state.manifest.rules.map(({ effect, source, scope }) => [effect, source, scope]), [['deny', 'workspace_manifest', tool('web_fetch')]]);
  });

  it('that is broken is left alone; the rule is kept and the person is told', async () => {
    put('{ "version": 1, "rules": [ {');
    const store = await folders.open();
    await store.commit([added({ effect: 'deny', scope: tool('ours') })]);
    assert.equal(text(), '{ "version": 1, "rules": [ {');
    assert.deepEqual(names(store), ['deny ours']);
    assert.ok(store.state.problems.some(({ code }) => code === 'mirror_failed'));
    writeFileSync(file(), '{"version":1,"rules":[]}');
    await store.commit([added({ effect: 'deny', scope: tool('two') })]);
    assert.deepEqual(read().rules.map(({ scope }) => scope['toolName']), ['ours', 'two']);
    assert.equal(store.state.problems.some(({ code }) => code === 'mirror_failed'), false);
  });

  it('with nesting that exhausts a parser is not edited and stops nothing', async () => {
    put(`{"version":1,"rules":${'['.repeat(200_000)}`);
    const store = await folders.open();
    await store.commit([added({ effect: 'deny', scope: tool('ours') })]);
    assert.deepEqual(names(store), ['deny ours']);
    assert.ok(store.state.problems.some(({ code }) => code === 'manifest_too_deep'));
  });

  it('that is a link gives no rules, and is neither followed nor replaced', async () => {
    const outside = path.join(folders.root, 'outside.json');
    writeFileSync(outside, '{"version":1,"rules":[]}');
    mkdirSync(folders.policy(), { recursive: true });
    symlinkSync(outside, file());
    const store = await folders.open();
    assert.ok(store.state.problems.some(({ code }) => code === 'manifest_unreadable'));
    await store.commit([added({ scope: tool('ours') })]);
    assert.equal(readFileSync(outside, 'utf8'), '{"version":1,"rules":[]}');
    assert.ok(lstatSync(file()).isSymbolicLink());
    assert.deepEqual(names(store), ['allow ours']);
  });

  it('taken out of by hand: an allow goes, a deny stays, and both are told', async () => {
    const store = await folders.open();
    await store.commit([added({ scope: tool('allowed') }), added({ effect: 'deny', scope: tool('denied') }), added({ scope: tool('other') })]);
    put(JSON.stringify({ version: 1, rules: read().rules.filter(({ scope }) => scope['toolName'] === 'other') }));
    await store.reloadManifest();
    assert.deepEqual(names(store), ['deny denied', 'allow other']);
    assert.ok(store.state.problems.some(({ code }) => code === 'manifest_lost_rules'));
    const removed = await store.history({ types: ['rule_removed'] });
    assert.deepEqual(removed.map(({ entry }) => (entry.type === 'rule_removed' ? entry.by : '')), ['permissions.json']);
  });

  it('taken out of by hand while nobody looked is followed at the next start', async () => {
    const store = await folders.open();
    await store.commit([added({ scope: tool('allowed') }), added({ effect: 'deny', scope: tool('denied') })]);
    await store.close();
    put('{"version":1,"rules":[]}');
    assert.deepEqual(names(await folders.open({ readOnly: true })), ['deny denied']);
    assert.deepEqual(names(await folders.open()), ['deny denied']);
  });

  it('that is gone or broken takes no rule away', async () => {
    const store = await folders.open();
    await store.commit([added({ scope: tool('allowed') })]);
    rmSync(file());
    await store.reloadManifest();
    put('{"version":1,"rules":[');
    await store.reloadManifest();
    assert.deepEqual(names(store), ['allow allowed']);
  });

  describe('review', () => {
    const allowing = JSON.stringify({ version: 1, rules: [{ effect: 'allow', scope: { kind: 'tool', toolName: 'theirs' } }] });
    const review = (store: FolderStore): Promise<void> => store.commit([{ type: 'manifest_reviewed', hash: store.state.manifest.hash ?? '', by: 'editor' }]);

    it('holds for exactly one text, over restarts, and is kept outside the workspace', async () => {
      put(allowing);
      const store = await folders.open();
      assert.equal(store.state.manifest.reviewed, false);
      await review(store);
      assert.equal(store.state.manifest.reviewed, true);
      await store.close();
      const again = await folders.open();
      assert.equal(again.state.manifest.reviewed, true);
      writeFileSync(file(), allowing.replace('theirs', 'theirz'));
      await again.reloadManifest();
      assert.equal(again.state.manifest.reviewed, false);
      writeFileSync(file(), allowing);
      await again.reloadManifest();
      assert.equal(again.state.manifest.reviewed, true, 'a text once reviewed stays so');
    });

    it('goes along when we write a rule of ours into a reviewed file, and not into another', async () => {
      put(allowing);
      const store = await folders.open();
      await store.commit([added({ scope: tool('first') })]);
      assert.equal(store.state.manifest.reviewed, false);
      await review(store);
      await store.commit([added({ scope: tool('second') })]);
      assert.equal(store.state.manifest.reviewed, true);
    });

    it('keeps the text that was reviewed, outside the workspace, with what we wrote into it since and nothing else', async () => {
      put(allowing);
      const store = await folders.open();
      assert.equal(store.reviewedText(), undefined);
      await review(store);
      assert.equal(store.reviewedText(), allowing);
      await store.commit([added({ scope: tool('ours') })]);
      const withOurs = readFileSync(file(), 'utf8');
      assert.equal(store.reviewedText(), withOurs);
      writeFileSync(file(), withOurs.replace('theirs', 'slipped'));
      await store.commit([added({ scope: tool('more') })]);
      assert.equal(store.reviewedText(), withOurs);
      await store.close();
      assert.equal((await folders.open()).reviewedText(), withOurs);
    });

    it('does not go along with an allow that came in just before we wrote', async () => {
      put(allowing);
      const store = await folders.open();
      await review(store);
      writeFileSync(file(), allowing.replace('"rules":[', '"rules":[{"effect":"allow","scope":{"kind":"tool","toolName":"slipped"}},'));
      await store.commit([added({ scope: tool('ours') })]);
      assert.equal(store.state.manifest.rules.length, 2);
      assert.equal(store.state.manifest.reviewed, false);
    });

    it('brings no removed rule back where it could not be taken out of the file', async () => {
      const store = await folders.open();
      const gone = rule({ scope: tool('gone') });
      await store.commit([{ type: 'rule_added', rule: gone, by: 'editor' }]);
      assert.equal(store.state.manifest.reviewed, true);
      const { renameSync } = fs;
      fs.renameSync = (from, to) => {
        if (to === file()) throw Object.assign(new Error('broken disk'), { code: 'EIO' });
        renameSync(from, to);
      };
      syncBuiltinESMExports();
      try {
        await store.commit([{ type: 'rule_removed', rule: gone, by: 'editor' }]);
      } finally {
        fs.renameSync = renameSync;
        syncBuiltinESMExports();
      }
      assert.deepEqual(read().rules.map(({ effect }) => effect), ['allow'], 'the file still has it');
      assert.equal(store.state.problems.some(({ code }) => code === 'mirror_failed'), true);
      assert.deepEqual([names(store), store.state.manifest.rules], [[], []]);
      await store.close();
      assert.deepEqual((await folders.open({ readOnly: true })).state.manifest.rules, []);
      const again = await folders.open();
      assert.deepEqual([again.state.manifest.rules, read().rules], [[], []], 'made up for at the next start');
    });

    it('of an older text with an allow that was taken back counts no longer', async () => {
      const store = await folders.open();
      const gone = rule({ scope: tool('gone') });
      await store.commit([{ type: 'rule_added', rule: gone, by: 'editor' }]);
      const older = text();
      await store.commit([{ type: 'rule_removed', rule: gone, by: 'editor' }]);
      put(older);
      await store.reloadManifest();
      assert.equal(store.state.manifest.rules.length, 1, 'as after checking out an older commit');
      assert.equal(store.state.manifest.reviewed, false);
    });
  });

  it('is read again by itself when it changes on disk', async () => {
    const store = await folders.open({ watch: true });
    await store.commit([note('make the folder')]);
    const changed = new Promise<void>((resolve) => {
      store.onDidChange((state) => {
        if (state.manifest.rules.length === 1) resolve();
      });
    });
    put(theirs);
    // The system tells in its own time; our own waiting is the test clock's
    const ticking = setInterval(() => folders.clock.advance(100), 5);
    try {
      await changed;
    } finally {
      clearInterval(ticking);
    }
    assert.deepEqual(store.state.manifest.rules.map(({ effect }) => effect), ['deny']);
    assert.ok(existsSync(file()));
  });
});
