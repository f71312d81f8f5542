import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, constants, existsSync, linkSync, lstatSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { changeFile } from '../../src/node/tools/files/changeFile.ts';
import type { Editors } from '../../src/node/tools/files/editors.ts';
import type { HeldFolder } from '../../src/node/tools/files/heldFolder.ts';
import { withFolder } from '../../src/node/tools/files/holdFolder.ts';
import { NamedFolder } from '../../src/node/tools/files/namedFolder.ts';
import { openEntry } from '../../src/node/tools/files/openEntry.ts';
import { desktopTrash } from '../../src/node/tools/files/trash.ts';
import { trashByName } from '../../src/node/tools/files/trashByName.ts';
import type { ToolContext } from '../../src/node/tools/tool.ts';
import { type ToolLab, openLab } from './toolLab.ts';

describe('File tools', () => {
  let lab: ToolLab;
  beforeEach(() => {
    lab = openLab();
  });
  afterEach(() => lab.end());

  /** A gate that does something between its answer and the deed, as a second process might */
  function meanwhile(act: () => void): Partial<ToolContext> {
    const { gate } = lab.context;
    return { gate: { ...gate, async check(request, options) {
      const verdict = await gate.check(request, options);
      act();
      return verdict;
    } } };
  }

  describe('stay inside what was decided', () => {
    const swaps: readonly (readonly [tool: string, input: Record<string, unknown>])[] = [
      ['read_file', { path: 'sub/notes.txt' }],
      ['read_files', { paths: ['sub/notes.txt'] }],
      ['list_directory', { path: 'sub' }],
      ['search_files', { path: 'sub', query: 'outside' }],
      ['write_file', { path: 'sub/notes.txt', content: 'x' }],
      ['write_file', { path: 'sub/new/deep.txt', content: 'x' }],
      ['edit_file', { path: 'sub/notes.txt', edits: [{ oldText: 'outside', newText: 'x' }] }],
      ['copy_file', { source: 'sub/notes.txt', destination: 'copy.txt' }],
      ['copy_file', { source: 'sub', destination: 'copies' }],
      ['copy_file', { source: 'own.txt', destination: 'sub/copy.txt' }],
      ['move_file', { source: 'sub/notes.txt', destination: 'moved.txt' }],
      ['move_file', { source: 'own.txt', destination: 'sub/moved.txt' }],
      ['rename_file', { oldPath: 'sub/notes.txt', newPath: 'sub/other.txt' }],
      ['create_directory', { path: 'sub/inner' }],
      ['delete_file', { path: 'sub/notes.txt' }],
      ['delete_file', { path: 'sub' }],
    ];
    for (const [tool, input] of swaps) {
      it(`${tool} ${JSON.stringify(input)}: a folder that becomes a link to the outside after the decision leads nowhere`, async () => {
        mkdirSync(lab.at('sub'));
        writeFileSync(lab.at('sub/notes.txt'), 'inside');
        writeFileSync(lab.at('own.txt'), 'own');
        writeFileSync(path.join(lab.outside, 'notes.txt'), 'outside');
        const result = await lab.run(tool, input, meanwhile(() => {
          renameSync(lab.at('sub'), lab.at('was-sub'));
          symlinkSync(lab.outside, lab.at('sub'));
        }));
        assert.ok(!JSON.stringify(result).includes('outside"'), 'nothing of the outside came back');
        if (tool === 'read_files') assert.match(JSON.stringify(result), /"code":"changed"/);
        else if (tool === 'delete_file' && input['path'] === 'sub') assert.ok(result.ok || result.code === 'changed');
        else assert.equal(result.ok ? 'done' : result.code, 'changed', JSON.stringify(result));
        assert.equal(readFileSync(path.join(lab.outside, 'notes.txt'), 'utf8'), 'outside');
        assert.deepEqual([existsSync(path.join(lab.outside, 'copy.txt')), existsSync(path.join(lab.outside, 'moved.txt')), existsSync(path.join(lab.outside, 'new')), existsSync(path.join(lab.outside, 'inner'))], [false, false, false, false]);
      });
    }

    it('a file that becomes a link after the decision is not followed', async () => {
      writeFileSync(lab.at('a.txt'), 'inside');
      writeFileSync(path.join(lab.outside, 'secret.txt'), 'outside');
      const swap = meanwhile(() => {
        rmSync(lab.at('a.txt'), { force: true });
        symlinkSync(path.join(lab.outside, 'secret.txt'), lab.at('a.txt'));
      });
      for (const [tool, input] of [['read_file', { path: 'a.txt' }], ['write_file', { path: 'a.txt', content: 'x' }]] as const) {
        rmSync(lab.at('a.txt'));
        writeFileSync(lab.at('a.txt'), 'inside');
        assert.equal((await lab.fails(tool, input, swap)).code, 'changed');
      }
      assert.equal(readFileSync(path.join(lab.outside, 'secret.txt'), 'utf8'), 'outside');
    });

    it('a link that leads out is decided as the place it leads to', async () => {
      symlinkSync(lab.outside, lab.at('out'));
      assert.equal((await lab.fails('write_file', { path: 'out/x', content: 'x' })).code, 'denied');
      assert.equal((await lab.fails('delete_file', { path: 'out/x' })).code, 'denied');
    });

    it('a held folder opens no link, neither to a folder nor to a file, and says when it was moved', async () => {
      mkdirSync(lab.at('sub'));
      symlinkSync(lab.outside, lab.at('sub/folder'));
      symlinkSync(path.join(lab.outside, 'file'), lab.at('sub/file'));
      writeFileSync(path.join(lab.outside, 'file'), 'outside');
      const kinds: readonly HeldFolder[] = [new NamedFolder(lab.at('sub')), await withFolder(lab.workspace, async (folder) => folder.openFolder('sub'))];
      for (const folder of kinds) {
        assert.throws(() => folder.openFolder('folder'), { code: 'changed' });
        assert.throws(() => folder.makeFolder('folder'), { code: 'changed' });
        assert.throws(() => openEntry(folder, 'file', constants.O_RDONLY), { code: 'changed', message: /is a link now/ });
        folder.verify();
      }
      renameSync(lab.at('sub'), lab.at('other'));
      symlinkSync(lab.at('other'), lab.at('sub'));
      for (const folder of kinds) {
        assert.throws(() => folder.verify(), { code: 'changed' });
        folder.close();
      }
      assert.throws(() => new NamedFolder(lab.at('sub')), { code: 'changed' });
    });

    it('pipes and devices are refused without waiting', async () => {
      execFileSync('mkfifo', [lab.at('pipe')]);
      assert.equal((await lab.fails('read_file', { path: 'pipe' })).code, 'not_a_file');
      assert.equal((await lab.fails('write_file', { path: 'pipe', content: 'x' })).code, 'not_a_file');
    });

    it('what is sealed is found below a folder that is deleted, moved or copied', async () => {
      mkdirSync(lab.at('sub/.git/hooks'), { recursive: true });
      // A person who says yes to everything
      lab.answers('allow_once');
      for (const [tool, input] of [['delete_file', { path: 'sub' }], ['move_file', { source: 'sub', destination: 'other' }], ['copy_file', { source: 'sub', destination: 'other' }]] as const) {
        const { code, message } = await lab.fails(tool, input);
        assert.deepEqual([code, /\.git/.test(message)], ['denied', true], message);
      }
      assert.deepEqual(lab.everything(), ['sub', 'sub/.git', 'sub/.git/hooks']);
    });

    it('what is guarded below a folder is asked about once for each place, not for each file in it', async () => {
      mkdirSync(lab.at('sub/.claude/skills'), { recursive: true });
      for (const name of ['a', 'b', 'skills/c']) writeFileSync(lab.at('sub/.claude', name), '');
      lab.answers('allow_once');
      await lab.done('delete_file', { path: 'sub' });
      assert.deepEqual(lab.test.prompter.asked.map(({ request }) => request.input?.['path']), [lab.at('sub/.claude')]);
      assert.deepEqual(lab.everything(), []);
    });

    it('a folder with links to the outside, as environments of programs are, is copied, moved and deleted; what they lead to stays', async () => {
      mkdirSync(lab.at('venv/bin'), { recursive: true });
      symlinkSync('/usr/bin/env', lab.at('venv/bin/python'));
      symlinkSync(lab.outside, lab.at('venv/out'));
      writeFileSync(path.join(lab.outside, 'kept'), '');
      await lab.done('copy_file', { source: 'venv', destination: 'copy' });
      await lab.done('move_file', { source: 'copy', destination: 'moved' });
      await lab.done('delete_file', { path: 'venv' });
      assert.deepEqual([lab.everything(), readlinkSync(lab.at('moved/bin/python'))], [['moved', 'moved/bin', 'moved/bin/python', 'moved/out', 'moved/out/kept'], '/usr/bin/env']);
      assert.ok(existsSync(path.join(lab.outside, 'kept')));
    });

    it('a link that stands where a sealed place would is sealed as one', async () => {
      mkdirSync(lab.at('sub/.git'), { recursive: true });
      symlinkSync(lab.outside, lab.at('sub/.git/hooks'));
      lab.answers('allow_once');
      assert.equal((await lab.fails('delete_file', { path: 'sub' })).code, 'denied');
    });

    it('a rule that denies one file holds against deleting the folder around it', async () => {
      lab.end();
      lab = openLab({ rules: [{ effect: 'deny', scope: { kind: 'path', path: '**/keep.txt' } }] });
      mkdirSync(lab.at('sub'));
      writeFileSync(lab.at('sub/keep.txt'), 'x');
      assert.equal((await lab.fails('delete_file', { path: 'sub' })).code, 'denied');
      assert.deepEqual(lab.everything(), ['sub', 'sub/keep.txt']);
    });

    it('a folder with much in it lets others have their turn between its entries', async () => {
      mkdirSync(lab.at('sub'));
      for (let number = 0; number < 20; number += 1) writeFileSync(lab.at(`sub/${number}`), '');
      const { gate } = lab.context;
      const looks = new Set<number>();
      let turns = 0;
      const count = (): void => {
        turns += 1;
        next = setImmediate(count);
      };
      let next = setImmediate(count);
      await lab.done('delete_file', { path: 'sub' }, { gate: { ...gate, evaluate(request) {
        looks.add(turns);
        return gate.evaluate(request);
      } } });
      clearImmediate(next);
      assert.ok(looks.size >= 20, `${looks.size} turns`);
    });

    it('a hard link is replaced and not written through', async () => {
      writeFileSync(path.join(lab.outside, 'keys'), 'outside');
      linkSync(path.join(lab.outside, 'keys'), lab.at('keys'));
      await lab.done('write_file', { path: 'keys', content: 'x' });
      assert.equal(readFileSync(path.join(lab.outside, 'keys'), 'utf8'), 'outside');
    });
  });

  describe('do what a person allowed, and only that', () => {
    it('a denied call does nothing and says why', async () => {
      const { code, message } = await lab.fails('write_file', { path: '.git/config', content: 'x' });
      assert.deepEqual([code, /git/.test(message)], ['denied', true]);
      assert.deepEqual(lab.everything(), []);
    });

    it('the request as a person edited it is what is done', async () => {
      lab.end();
      lab = openLab({ settings: { mode: 'default' } });
      const running = lab.run('write_file', { path: 'a.txt', content: 'first' });
      while (lab.test.prompter.asked.length === 0) await new Promise(setImmediate);
      const [approval] = lab.test.prompter.asked;
      assert.ok(approval !== undefined);
      await lab.test.gate.answer(approval.id, { answer: 'allow_once', by: 'editor', edited: { ...approval.request, input: { path: 'b.txt', content: 'second' } } });
      assert.ok((await running).ok);
      assert.deepEqual([lab.everything(), readFileSync(lab.at('b.txt'), 'utf8')], [['b.txt'], 'second']);
    });

    it('what came of it is on record', async () => {
      const { id } = await lab.done('write_file', { path: 'a.txt', content: 'x' });
      const result = lab.test.store.recorded.map(({ entry }) => entry).find((entry) => entry.type === 'result');
      assert.deepEqual(result, { type: 'result', requestId: id, ok: true, summary: 'created 1 bytes' });
    });

    for (const [tool, input] of [
      ['read_file', {}], ['read_file', { path: 7 }], ['read_file', { path: 'a', more: 1 }], ['read_file', null], ['read_file', []], ['edit_file', { path: 'a', edits: [] }],
      ['read_file', { path: 'a', startLine: 0 }], ['write_file', { path: 'a' }], ['no_such_tool', {}], ['read_files', { paths: [] }],
    ] as const) {
      it(`${tool} ${JSON.stringify(input)} is refused before the gate is asked`, async () => {
        assert.equal((await lab.fails(tool, input)).code, 'bad_input');
        assert.deepEqual(lab.test.store.recorded, []);
      });
    }

    it('a call that was cancelled does nothing', async () => {
      const stop = new AbortController();
      const result = await lab.fails('write_file', { path: 'a.txt', content: 'x' }, { signal: stop.signal, onStart: () => stop.abort() });
      assert.equal(result.code, 'cancelled');
      assert.deepEqual(lab.everything(), []);
    });
  });

  describe('read_file and read_files', () => {
    it('give text with its lines, and say where they stopped', async () => {
      writeFileSync(lab.at('a.txt'), 'one\ntwo\nthree\nfour');
      const { value } = await lab.done('read_file', { path: 'a.txt', startLine: 2, lineCount: 2 });
      assert.deepEqual(value, { path: lab.at('a.txt'), size: 18, encoding: 'utf8', content: 'two\nthree\n', startLine: 2, endLine: 3, totalLines: 4, truncated: false });
      assert.deepEqual((await lab.done('read_file', { path: 'a.txt', maxBytes: 5 })).value['truncated'], true);
    });

    it('never cut a character in two', async () => {
      writeFileSync(lab.at('a.txt'), '€€€');
      assert.equal((await lab.done('read_file', { path: 'a.txt', maxBytes: 4 })).value['content'], '€');
    });

    it('refuse what is no text, and give it as base64 when asked', async () => {
      writeFileSync(lab.at('a.bin'), Buffer.from([0xff, 0, 1]));
      assert.equal((await lab.fails('read_file', { path: 'a.bin' })).code, 'not_text');
      assert.equal((await lab.done('read_file', { path: 'a.bin', encoding: 'base64' })).value['content'], '/wAB');
    });

    it('refuse a file beyond the limit', async () => {
      writeFileSync(lab.at('a.txt'), '');
      truncateSync(lab.at('a.txt'), 1024 * 1024 + 1);
      assert.equal((await lab.fails('read_file', { path: 'a.txt' })).code, 'too_large');
      truncateSync(lab.at('a.txt'), 1024 * 1024);
      assert.notEqual((await lab.fails('read_file', { path: 'a.txt' })).code, 'too_large');
    });

    it('one file that cannot be read does not stop the others', async () => {
      writeFileSync(lab.at('a.txt'), 'a');
      const { value } = await lab.done('read_files', { paths: ['gone.txt', 'a.txt'] });
      const [gone, a] = value['files'] as readonly { readonly error?: { readonly code: string }; readonly content?: string }[];
      assert.deepEqual([gone?.error?.code, a?.content], ['not_found', 'a']);
    });
  });

  describe('write_file and edit_file', () => {
    it('keep mode, line ends and byte order mark', async () => {
      writeFileSync(lab.at('run.sh'), '\ufeffa\r\nb\r\n');
      chmodSync(lab.at('run.sh'), 0o751);
      await lab.done('write_file', { path: 'run.sh', content: 'c\nd\n' });
      assert.equal(readFileSync(lab.at('run.sh'), 'utf8'), '\ufeffc\r\nd\r\n');
      assert.equal(statSync(lab.at('run.sh')).mode & 0o7777, 0o751);
      await lab.done('edit_file', { path: 'run.sh', edits: [{ oldText: 'c\nd', newText: 'e\nf\ng' }] });
      assert.equal(readFileSync(lab.at('run.sh'), 'utf8'), '\ufeffe\r\nf\r\ng\r\n');
    });

    it('an edit changes no line end but those it writes', async () => {
      writeFileSync(lab.at('mixed.txt'), 'a\r\nb\r\nc\nd\r\n');
      await lab.done('edit_file', { path: 'mixed.txt', edits: [{ oldText: 'a\nb', newText: 'a\nx\nb' }, { oldText: 'd', newText: 'e' }] });
      assert.equal(readFileSync(lab.at('mixed.txt'), 'utf8'), 'a\r\nx\r\nb\r\nc\ne\r\n');
      writeFileSync(lab.at('unix.txt'), 'a\nb\n');
      await lab.done('edit_file', { path: 'unix.txt', edits: [{ oldText: 'a\r\nb', newText: 'c\r\nd' }] });
      assert.equal(readFileSync(lab.at('unix.txt'), 'utf8'), 'c\nd\n');
    });

    it('a program that runs as its owner does so no more with another content', async () => {
      writeFileSync(lab.at('tool'), 'x');
      chmodSync(lab.at('tool'), 0o6755);
      await lab.done('write_file', { path: 'tool', content: 'y' });
      assert.equal(statSync(lab.at('tool')).mode & 0o7777, 0o755);
    });

    it('a replaced file is a new one, so that who reads it sees the old or the new and never half', async () => {
      writeFileSync(lab.at('a.txt'), 'old');
      const reader = openSync(lab.at('a.txt'), 'r');
      await lab.done('write_file', { path: 'a.txt', content: 'new' });
      const buffer = Buffer.alloc(8);
      assert.equal(buffer.toString('utf8', 0, readSync(reader, buffer)), 'old');
      closeSync(reader);
      assert.deepEqual(lab.everything(), ['a.txt'], 'no draft is left');
    });

    it('a file that somebody changed between reading and writing is left alone', async () => {
      writeFileSync(lab.at('a.txt'), 'one');
      const granted = { request: { tool: 'edit_file' }, evaluation: lab.test.gate.evaluate({ tool: 'edit_file', input: { path: 'a.txt' } }), context: lab.context };
      await assert.rejects(changeFile(lab.at('a.txt'), granted, () => {
        writeFileSync(lab.at('a.txt'), 'the person’s');
        return Buffer.from('the agent’s');
      }, false), { code: 'changed' });
      assert.deepEqual([readFileSync(lab.at('a.txt'), 'utf8'), lab.everything()], ['the person’s', ['a.txt']]);
    });

    it('a full disk leaves the file as it was, and no draft', () => {
      const disk = lab.at('disk');
      mkdirSync(disk);
      const script = [process.execPath, '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', path.join(import.meta.dirname, 'fullDisk.ts'), disk];
      const said = execFileSync('bwrap', ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--size', '65536', '--tmpfs', disk, ...script], { encoding: 'utf8' });
      assert.deepEqual(JSON.parse(said), { message: `failed: ${path.join(disk, 'a.txt')} could not be written: the disk is full. Nothing was changed.`, text: 'old', names: ['a.txt'] });
    });

    it('edits are all or none, and never guess', async () => {
      writeFileSync(lab.at('a.txt'), 'a b a');
      for (const edits of [[{ oldText: 'a', newText: 'x' }], [{ oldText: 'b', newText: 'x' }, { oldText: 'zz', newText: 'y' }]]) {
        assert.equal((await lab.fails('edit_file', { path: 'a.txt', edits })).code, 'no_match');
      }
      assert.equal(readFileSync(lab.at('a.txt'), 'utf8'), 'a b a');
      await lab.done('edit_file', { path: 'a.txt', edits: [{ oldText: 'a', newText: '$&', replaceAll: true }] });
      assert.equal(readFileSync(lab.at('a.txt'), 'utf8'), '$& b $&');
    });

    it('a text beyond the limit is not written', async () => {
      assert.equal((await lab.fails('write_file', { path: 'a.txt', content: 'x'.repeat(1024 * 1024 + 1) })).code, 'too_large');
      assert.deepEqual(lab.everything(), []);
    });
  });

  describe('list_directory and search_files', () => {
    it('list what is there, without following links', async () => {
      mkdirSync(lab.at('sub'));
      writeFileSync(lab.at('a.txt'), 'abc');
      symlinkSync(lab.outside, lab.at('out'));
      const { value, text } = await lab.done('list_directory', {});
      assert.deepEqual((value['entries'] as readonly { readonly name: string; readonly kind: string; readonly size?: number }[]).map(({ name, kind, size }) => [name, kind, size]), [['a.txt', 'file', 3], ['out', 'link', undefined], ['sub', 'folder', undefined]]);
      assert.equal(text, 'a.txt\nout@\nsub/');
    });

    it('say that a file is no folder', async () => {
      writeFileSync(lab.at('a.txt'), 'abc');
      for (const [tool, input] of [['list_directory', { path: 'a.txt' }], ['search_files', { path: 'a.txt', query: 'a' }], ['read_file', { path: 'a.txt/b' }], ['create_directory', { path: 'a.txt' }]] as const) {
        assert.equal((await lab.fails(tool, input)).code, 'not_a_folder', tool);
      }
    });

    it('find lines, and leave out what would have to be asked for by itself', async () => {
      mkdirSync(lab.at('sub'));
      writeFileSync(lab.at('sub/a.ts'), 'x\nconst Needle = 1;\r\n');
      writeFileSync(lab.at('b.md'), 'needle');
      writeFileSync(lab.at('.env'), 'KEY=needle');
      writeFileSync(lab.at('big.bin'), Buffer.from([0, 1]));
      writeFileSync(path.join(lab.outside, 'c.md'), 'needle');
      symlinkSync(lab.outside, lab.at('out'));
      lab.test.store.state = { ...lab.test.store.state, settings: { ...lab.test.store.state.settings, mode: 'default' } };
      const { value } = await lab.done('search_files', { query: 'needle' });
      assert.deepEqual(value['results'], [{ file: lab.at('b.md'), line: 1, text: 'needle' }, { file: lab.at('sub/a.ts'), line: 2, text: 'const Needle = 1;' }]);
      assert.deepEqual(value['leftOut'], { large: 0, notText: 1, protected: 1 });
      assert.deepEqual(((await lab.done('search_files', { query: '^const \\w+', regex: true, include: '*.ts' })).value['results'] as unknown[]).length, 1);
      assert.deepEqual(((await lab.done('search_files', { query: 'Needle', caseSensitive: true, include: 'sub/**' })).value['results'] as unknown[]).length, 1);
    });

    it('no expression hangs', async () => {
      writeFileSync(lab.at('a.txt'), `${'a'.repeat(30_000)}!`);
      await lab.done('search_files', { query: '(a+)+$', regex: true });
      assert.equal((await lab.fails('search_files', { query: '(a)\\1', regex: true })).code, 'bad_input');
    });
  });

  describe('copy, move, rename and delete', () => {
    it('take folders with all in them, and links as links', async () => {
      mkdirSync(lab.at('a/b'), { recursive: true });
      writeFileSync(lab.at('a/b/run.sh'), 'x');
      chmodSync(lab.at('a/b/run.sh'), 0o755);
      symlinkSync('b/run.sh', lab.at('a/link'));
      await lab.done('copy_file', { source: 'a', destination: 'c' });
      assert.deepEqual([readlinkSync(lab.at('c/link')), statSync(lab.at('c/b/run.sh')).mode & 0o777], ['b/run.sh', 0o755]);
      await lab.done('move_file', { source: 'c', destination: 'd/e' });
      await lab.done('rename_file', { oldPath: 'd/e', newPath: 'd/f' });
      assert.deepEqual(lab.everything(), ['a', 'a/b', 'a/b/run.sh', 'a/link', 'd', 'd/f', 'd/f/b', 'd/f/b/run.sh', 'd/f/link']);
      assert.equal((await lab.fails('rename_file', { oldPath: 'd/f', newPath: 'f' })).code, 'bad_input');
    });

    it('half a copy is taken away again', async () => {
      mkdirSync(lab.at('a'));
      writeFileSync(lab.at('a/1-small'), 'x');
      writeFileSync(lab.at('a/2-large'), Buffer.alloc(2 * 1024 * 1024));
      assert.equal((await lab.fails('copy_file', { source: 'a', destination: 'b' })).code, 'too_large');
      assert.deepEqual(lab.everything(), ['a', 'a/1-small', 'a/2-large']);
    });

    it('overwrite only when told, and never a folder', async () => {
      writeFileSync(lab.at('a.txt'), 'a');
      writeFileSync(lab.at('b.txt'), 'b');
      mkdirSync(lab.at('c'));
      for (const tool of ['copy_file', 'move_file']) {
        assert.equal((await lab.fails(tool, { source: 'a.txt', destination: 'b.txt' })).code, 'exists');
        assert.equal((await lab.fails(tool, { source: 'a.txt', destination: 'c', overwrite: true })).code, 'exists');
      }
      assert.equal(readFileSync(lab.at('b.txt'), 'utf8'), 'b');
      await lab.done('move_file', { source: 'a.txt', destination: 'b.txt', overwrite: true });
      assert.deepEqual([readFileSync(lab.at('b.txt'), 'utf8'), existsSync(lab.at('a.txt'))], ['a', false]);
    });

    it('a link is moved and deleted itself, not what it leads to', async () => {
      writeFileSync(lab.at('a.txt'), 'a');
      symlinkSync('a.txt', lab.at('link'));
      await lab.done('move_file', { source: 'link', destination: 'moved' });
      assert.ok(lstatSync(lab.at('moved')).isSymbolicLink());
      await lab.done('delete_file', { path: 'moved' });
      assert.deepEqual(lab.everything(), ['a.txt']);
    });

    it('a deleted file lies in the trash of the desktop, from where it can be put back', async () => {
      const data = path.join(lab.outside, 'data');
      const trash = desktopTrash(() => new Date(2026, 10, 23, 9, 30, 5), lab.outside, data);
      for (const text of ['first', 'second']) {
        writeFileSync(lab.at('a b.txt'), text);
        assert.equal((await lab.done('delete_file', { path: 'a b.txt' }, { trash })).value['trashed'], true);
      }
      assert.equal(readFileSync(path.join(data, 'Trash/files/a b.txt'), 'utf8'), 'first');
      assert.equal(readFileSync(path.join(data, 'Trash/files/a b.2.txt'), 'utf8'), 'second');
      assert.equal(readFileSync(path.join(data, 'Trash/info/a b.txt.trashinfo'), 'utf8'), `[Trash Info]\nPath=${encodeURI(lab.at('a b.txt'))}\nDeletionDate=2026-11-23T09:30:05\n`);
    });

    for (const [link, target] of [['.Trash-UID', ''], ['.Trash-UID/files', 'hooks']] as const) {
      it(`a deleted file never goes through a link at ${link} of a workspace with a disk of its own, which leads to a protected place`, async () => {
        const sealed = lab.at('.git');
        const at = lab.at(link.replace('UID', String(process.getuid?.())));
        for (const each of ['hooks', 'files', 'info']) mkdirSync(path.join(sealed, each), { recursive: true });
        mkdirSync(path.dirname(at), { recursive: true });
        symlinkSync(path.join(sealed, target), at);
        writeFileSync(lab.at('pre-commit'), '#!/bin/sh');
        const notThere = lab.at('pre-commit', 'data');
        const trash = desktopTrash(() => new Date(), lab.outside, notThere, () => lab.workspace);
        assert.equal((await lab.done('delete_file', { path: 'pre-commit' }, { trash })).value['trashed'], false);
        assert.deepEqual(lab.everything().filter((each) => /pre-commit/.test(each)), []);
      });
    }

    describe('into a trash that only knows names', () => {
      it('a file goes as it is, and nothing else is left in its place', async () => {
        const trashed: string[] = [];
        const trash = trashByName((file) => {
          trashed.push(`${path.basename(file)}: ${readFileSync(file, 'utf8')}`);
          rmSync(file);
          return Promise.resolve(true);
        });
        writeFileSync(lab.at('a.txt'), 'a');
        assert.equal((await lab.done('delete_file', { path: 'a.txt' }, { trash })).value['trashed'], true);
        assert.deepEqual([trashed, lab.everything()], [['a.txt: a'], []]);
      });

      it('a file that it has no place for is deleted where it was', async () => {
        mkdirSync(lab.at('d'));
        writeFileSync(lab.at('d/a.txt'), 'a');
        assert.equal((await lab.done('delete_file', { path: 'd/a.txt' }, { trash: trashByName(() => Promise.resolve(false)) })).value['trashed'], false);
        assert.deepEqual(lab.everything(), ['d']);
      });

      it('a file is back in its place where the trash fails', async () => {
        writeFileSync(lab.at('a.txt'), 'a');
        await lab.fails('delete_file', { path: 'a.txt' }, { trash: trashByName(() => Promise.reject(new Error('full'))) });
        assert.deepEqual(lab.everything(), ['a.txt']);
      });

      for (const [what, put, text] of [
        ['a file', (file: string) => writeFileSync(file, 'newer'), () => readFileSync(lab.at('a.txt'), 'utf8')],
        ['a folder', (file: string) => mkdirSync(path.join(file, 'newer'), { recursive: true }), () => readdirSync(lab.at('a.txt')).join()],
      ] as const) {
        it(`${what} that takes the place of a file meanwhile stays, and it is said where the file is, where the trash fails`, async () => {
          for (const fails of [() => Promise.reject(new Error('full')), () => Promise.resolve(false)]) {
            writeFileSync(lab.at('a.txt'), 'older');
            const trash = trashByName((file) => {
              put(lab.at('a.txt'));
              assert.equal(readFileSync(file, 'utf8'), 'older');
              return fails();
            });
            const message = await lab.fails('delete_file', { path: 'a.txt' }, { trash });
            assert.equal(text(), 'newer');
            const kept = readdirSync(lab.workspace).find((name) => name.startsWith('.cowork-'));
            assert.ok(kept !== undefined);
            assert.match(JSON.stringify(message), new RegExp(`something else stands at .*a\\.txt.*${kept}`));
            assert.equal(readFileSync(lab.at(`${kept}/a.txt`), 'utf8'), 'older');
            rmSync(lab.at(kept), { recursive: true });
            rmSync(lab.at('a.txt'), { recursive: true });
          }
        });
      }

      it('nothing outside goes, where a link takes the place of the folder at the last moment', async () => {
        for (const folder of [lab.at('d'), path.join(lab.outside, 'd')]) {
          mkdirSync(folder);
          writeFileSync(path.join(folder, 'a.txt'), folder);
        }
        const trash = trashByName((file) => {
          renameSync(lab.at('d'), lab.at('aside'));
          symlinkSync(path.join(lab.outside, 'd'), lab.at('d'));
          rmSync(file, { recursive: true, force: true });
          return Promise.resolve(true);
        });
        await lab.run('delete_file', { path: 'd/a.txt' }, { trash });
        assert.equal(readFileSync(path.join(lab.outside, 'd/a.txt'), 'utf8'), path.join(lab.outside, 'd'));
      });
    });

    it('the workspace itself is never deleted', async () => {
      assert.equal((await lab.fails('delete_file', { path: '.' })).code, 'denied');
    });
  });

  describe('respect what a person has open', () => {
    function open(file: string, text: string, unsaved: boolean): { readonly editors: Editors; readonly seen: string[] } {
      const seen: string[] = [];
      return { seen, editors: {
        find: (each) => (each === file ? { text, unsaved, replace: (next) => {
          seen.push(next);
          if (!unsaved) writeFileSync(file, next);
          return Promise.resolve({ saved: !unsaved });
        } } : undefined),
        unsavedIn: (each) => (unsaved && (file === each || file.startsWith(`${each}/`)) ? [file] : []),
      } };
    }

    it('unsaved changes are read, kept by an edit, and never overwritten, moved or deleted', async () => {
      writeFileSync(lab.at('a.txt'), 'on disk');
      const { editors, seen } = open(lab.at('a.txt'), 'in the editor', true);
      const read = await lab.done('read_file', { path: 'a.txt' }, { editors });
      assert.deepEqual([read.value['content'], read.value['unsaved']], ['in the editor', true]);
      assert.equal((await lab.done('edit_file', { path: 'a.txt', edits: [{ oldText: 'editor', newText: 'window' }] }, { editors })).value['saved'], false);
      assert.deepEqual([seen, readFileSync(lab.at('a.txt'), 'utf8')], [['in the window'], 'on disk']);
      for (const [tool, input] of [['write_file', { path: 'a.txt', content: 'x' }], ['delete_file', { path: 'a.txt' }], ['move_file', { source: 'a.txt', destination: 'b.txt' }], ['copy_file', { source: 'seed.txt', destination: 'a.txt', overwrite: true }]] as const) {
        writeFileSync(lab.at('seed.txt'), 'seed');
        assert.equal((await lab.fails(tool, input, { editors })).code, 'unsaved', tool);
      }
      assert.equal(readFileSync(lab.at('a.txt'), 'utf8'), 'on disk');
    });

    it('an open file without changes is written through its editor', async () => {
      writeFileSync(lab.at('a.txt'), 'on disk');
      const { editors, seen } = open(lab.at('a.txt'), 'on disk', false);
      assert.equal((await lab.done('write_file', { path: 'a.txt', content: 'new' }, { editors })).value['saved'], true);
      assert.deepEqual([seen, readFileSync(lab.at('a.txt'), 'utf8')], [['new'], 'new']);
    });
  });
});
