import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PolicyScript } from '../../../../src/gate/ports.ts';
import type { FolderStore } from '../../../../src/node/store/openStore.ts';
import { TestFolders, added } from './testFolders.ts';

const first = 'function decide() { return { decision: "deny" } }\n';
const second = 'function decide() { return { decision: "pass" } }\n';
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('policy.js', () => {
  let folders: TestFolders;
  beforeEach(() => {
    folders = new TestFolders();
  });
  afterEach(() => folders.remove());

  const file = (): string => folders.policy('policy.js');
  const put = (text: string | Buffer): void => {
    mkdirSync(folders.policy(), { recursive: true });
    writeFileSync(file(), text);
  };
  const review = (store: FolderStore, text?: string): Promise<void> => store.commit([{ type: 'script_reviewed', ...(text === undefined ? {} : { hash: hashOf(text) }), by: 'editor' }]);
  const now = async (store: FolderStore): Promise<PolicyScript | undefined> => {
    await store.reloadManifest();
    return store.state.script;
  };
  const record = (): string => path.join(folders.user, 'workspaces', readdirSync(path.join(folders.user, 'workspaces'))[0] ?? '');

  it('is nothing where there is none', async () => {
    assert.equal((await folders.open()).state.script, undefined);
  });

  it('that came with a clone is new, whatever the repository brings along with it', async () => {
    put(first);
    writeFileSync(folders.policy('script.json'), JSON.stringify({ everReviewed: true, reviewed: [hashOf(first)] }));
    assert.deepEqual((await folders.open()).state.script, { review: 'new', hash: hashOf(first), text: first });
  });

  it('counts as reviewed by its exact text, and as changed with any other, also after a restart', async () => {
    put(first);
    const store = await folders.open();
    await review(store, first);
    assert.equal(store.state.script?.review, 'reviewed');
    put(second);
    assert.deepEqual(await now(store), { review: 'changed', hash: hashOf(second), text: second });
    await store.close();
    const again = await folders.open();
    assert.equal(again.state.script?.review, 'changed');
    put(first);
    assert.equal((await now(again))?.review, 'reviewed', 'a text once reviewed stays so');
  });

  it('that was reviewed and is gone counts as changed, until the review is forgotten', async () => {
    put(first);
    const store = await folders.open();
    await review(store, first);
    rmSync(file());
    assert.deepEqual(await now(store), { review: 'changed' });
    await store.close();
    const again = await folders.open();
    assert.deepEqual(again.state.script, { review: 'changed' });
    await review(again);
    assert.equal(again.state.script, undefined);
    put(first);
    assert.equal((await now(again))?.review, 'new');
  });

  it('keeps its reviews where the history is doubted: they only tighten', async () => {
    put(first);
    const store = await folders.open();
    await review(store, first);
    await store.commit([{ type: 'state_doubted', code: 'x', message: 'y' }]);
    assert.equal(store.state.script?.review, 'reviewed');
  });

  it('does not count a review of a text that is another by now', async () => {
    put(second);
    const store = await folders.open();
    await review(store, first);
    assert.equal(store.state.script?.review, 'changed');
    assert.equal(store.reviewedScript(), undefined);
  });

  it('keeps the reviewed text to compare with', async () => {
    put(first);
    const store = await folders.open();
    await review(store, first);
    put(second);
    await now(store);
    assert.equal(store.reviewedScript(), first);
  });

  /** Nothing of it may be read, and a review before holds requests up */
  const hostile: [string, () => void, RegExp][] = [
    ['a link', () => symlinkSync('/etc/passwd', file()), /is a link/],
    ['a folder', () => mkdirSync(file()), /no plain file/],
    ['longer than a person reads', () => put('x'.repeat(256 * 1024 + 1)), /larger than 256 KiB/],
    ['a gigabyte', () => {
      put('');
      truncateSync(file(), 2 ** 30);
    }, /larger than/],
    ['a pipe that nobody writes to', () => execFileSync('mkfifo', [file()]), /no plain file/],
    ['no text', () => put(Buffer.from([0x66, 0xff, 0xfe])), /not text in UTF-8/],
  ];
  for (const [what, make, wanted] of hostile) {
    it(`is not read where it is ${what}`, async () => {
      put(first);
      const store = await folders.open();
      await review(store, first);
      rmSync(file());
      make();
      const script = await now(store);
      assert.equal(script?.review, 'changed');
      assert.match(script?.unreadable ?? '', wanted);
      assert.equal(script?.text, undefined);
    });
  }

  it('is not read through a linked folder', async () => {
    const elsewhere = path.join(folders.root, 'elsewhere');
    mkdirSync(path.join(elsewhere, 'policy'), { recursive: true });
    writeFileSync(path.join(elsewhere, 'policy', 'policy.js'), first);
    symlinkSync(elsewhere, path.join(folders.workspace, '.cowork'));
    const { script } = (await folders.open()).state;
    assert.equal(script?.text, undefined);
    assert.match(script?.unreadable ?? '', /is a link/);
  });

  it('holds requests up where the record of its reviews is damaged', async () => {
    put(first);
    const store = await folders.open();
    await review(store, first);
    await store.close();
    for (const damage of ['{', '{"everReviewed":"no"}']) {
      writeFileSync(path.join(record(), 'script.json'), damage);
      const again = await folders.open();
      assert.equal(again.state.script?.review, 'changed');
      await again.close();
    }
  });

  it('stays the same object until something of it changes', async () => {
    put(first);
    const store = await folders.open();
    const before = store.state.script;
    assert.ok(before !== undefined);
    await store.commit([added()]);
    assert.equal(await now(store), before);
  });

  it('goes into git with the rules, also where the folder was made before there were scripts', async () => {
    put(first);
    const ignore = folders.policy('.gitignore');
    for (const [before, after] of [['*\n!.gitignore\n!permissions.json\n', '*\n!.gitignore\n!permissions.json\n!policy.js\n'], ['# mine\n', '# mine\n']] as const) {
      writeFileSync(ignore, before);
      const store = await folders.open();
      await store.commit([added()]);
      await store.close();
      assert.equal(readFileSync(ignore, 'utf8'), after);
    }
  });
});
