import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { root } from '../../house/root.ts';
import { importsOf, type Import } from './importGraph.ts';

interface Room {
  /** Rooms it may import from, beside itself */
  readonly rooms: readonly string[];
  /** Packages it may import; `node:*` stands for all built-in modules */
  readonly packages: readonly string[];
}

/** The table of borders (architecture part of README.md) */
const rooms: Readonly<Record<string, Room>> = {
  'src/core': { rooms: [], packages: ['unbash', 'minimatch', 'zod/mini', 'jsonc-parser', '@noble/hashes/sha2.js', '@noble/hashes/utils.js'] },
  'src/gate': { rooms: ['src/core'], packages: [] },
  'src/node': { rooms: ['src/core', 'src/gate'], packages: ['node:*', '@jitl/quickjs-wasmfile-release-sync', 'quickjs-emscripten-core', 'fflate', 'sax', 'unpdf', 'sql.js', '@vscode/tree-sitter-wasm', 'zod/mini', 'jsonc-parser'] },
  'src/channels': { rooms: ['src/core', 'src/gate'], packages: ['zod/mini'] },
  'src/agents': { rooms: ['src/core', 'src/gate'], packages: ['zod/mini', 'jsonc-parser'] },
  'src/cli': {
    rooms: ['src/core', 'src/gate', 'src/node', 'src/channels', 'src/agents', 'src/shared'],
    packages: ['node:*', 'zod/mini', 'jsonc-parser', 'shell-quote', '@modelcontextprotocol/server', '@modelcontextprotocol/server/stdio'],
  },
  'src/host': {
    rooms: ['src/core', 'src/gate', 'src/node', 'src/channels', 'src/agents', 'src/cli', 'src/shared'],
    packages: ['vscode', 'node:*', 'zod/mini', 'jsonc-parser', 'shell-quote'],
  },
  'src/shared': { rooms: ['src/core'], packages: ['zod/mini'] },
  webview: { rooms: ['src/shared'], packages: ['lit', 'lit/directive.js', 'lit/directives/live.js', 'lit/directives/repeat.js', '@vscode/webview-ui-toolkit', '@vscode/l10n'] },
};

function roomOf(file: string): string | undefined {
  return Object.keys(rooms).find((room) => file.startsWith(`${room}/`));
}

/** The imports that cross a border, as sentences */
function crossings(imports: readonly Import[]): readonly string[] {
  return imports.flatMap(({ from, to }) => {
    const name = roomOf(from);
    const room = name === undefined ? undefined : rooms[name];
    if (name === undefined || room === undefined) return [`${from} is in no room of the table`];
    const isFile = to.startsWith('src/') || to.startsWith('webview/') || to.startsWith('test/') || to.startsWith('../');
    const allowed = isFile
      ? [name, ...room.rooms].some((other) => to.startsWith(`${other}/`))
      : room.packages.includes(to.startsWith('node:') ? 'node:*' : to);
    return allowed ? [] : [`${from} must not import ${to}`];
  });
}

/** What makes the core answer differently for the same input */
const impure = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bprocess\.|\bglobalThis\b/;

function sourceFiles(folder: string): readonly string[] {
  return globSync(['src/**/*.ts', 'webview/**/*.ts'], { cwd: folder }).map((file) => file.replaceAll('\\', '/'));
}

describe('the borders between the rooms', () => {
  it('hold in every file', async () => {
    const files = sourceFiles(root);
    assert.ok(files.length > 20, 'the source files were found');
    assert.deepEqual(crossings(await importsOf(root, files)), []);
  });

  it('no clock, chance or process in the core', () => {
    const files = sourceFiles(root).filter((file) => roomOf(file) === 'src/core');
    assert.ok(files.length > 8, 'the files of the core were found');
    const found = files.flatMap((file) => {
      // Comments may name what code may not
      const { code } = transformSync(readFileSync(path.join(root, file), 'utf8'), { loader: 'ts' });
      const [word] = impure.exec(code) ?? [];
      return word === undefined ? [] : [`${file} uses ${word}`];
    });
    assert.deepEqual(found, []);
  });

  describe('are seen when a file crosses them', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'borders-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    const cases: readonly (readonly [file: string, source: string, crossing: string])[] = [
      ['src/core/a.ts', "import { readFileSync } from 'node:fs'; readFileSync('x');", 'node:fs'],
      ['src/core/a.ts', "import type { Uri } from 'vscode'; export type A = Uri;", 'vscode'],
      ['src/core/a.ts', "export type { B } from '../gate/b.ts';", 'src/gate/b.ts'],
      ['src/core/a.ts', "import { type B } from '../gate/b.ts'; export type A = B;", 'src/gate/b.ts'],
      ['src/core/a.ts', "import * as z from 'zod'; z.string();", 'zod'],
      ['src/gate/a.ts', "export const a = await import('node:path');", 'node:path'],
      ['src/gate/a.ts', "import '../node/store.ts';", 'src/node/store.ts'],
      ['src/node/a.ts', "const vscode = require('vscode'); export const a = vscode;", 'vscode'],
      ['src/cli/a.ts', "import { b } from '../host/b.ts'; b();", 'src/host/b.ts'],
      ['src/host/a.ts', "import { b } from '../../test/house/b.ts'; b();", 'test/house/b.ts'],
      ['webview/a.ts', "import { b } from '../src/core/b.ts'; b();", 'src/core/b.ts'],
    ];
    for (const [file, source, crossing] of cases) {
      it(`${file}: ${source}`, async () => {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), source);
        assert.deepEqual(crossings(await importsOf(folder, [file])), [`${file} must not import ${crossing}`]);
      });
    }
  });
});
