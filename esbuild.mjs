// Builds everything into dist/: `node esbuild.mjs [--watch] [--development]`
import { chmod, copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { bundleOf, textsOf } from './l10n/texts.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const known = ['--watch', '--development'];
const wrong = [...flags].filter((flag) => !known.includes(flag));
if (wrong.length > 0) {
  console.error(`esbuild.mjs does not know ${wrong.join(' ')}; it takes ${known.join(' ')}`);
  process.exit(2);
}
const watch = flags.has('--watch');
const development = watch || flags.has('--development');

/** What all targets share */
const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: !development,
  sourcemap: development ? 'linked' : false,
  sourcesContent: false,
  metafile: true,
  logLevel: 'silent',
  legalComments: 'none',
  charset: 'utf8',
};

/** Programs that run in Node: the extension host has Node 22 (VS Code 1.118), the command line 20 or newer */
const forNode = {
  ...shared,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // Files that lie beside the bundle are found from there
  define: { 'import.meta.dirname': '__dirname' },
};

/** Leaves these imports to files that lie beside the bundle: import → file */
const apart = (files) => ({
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path: file }) => (Object.hasOwn(files, file) ? { path: files[file], external: true } : undefined));
  },
});

const engine = { 'sql.js': './sql-wasm.js' };
const channels = ['telegram', 'discord', 'slack'];

const shellFolder = path.join(root, 'src/core/describe/shell');

/** What the rest uses of the reading of shell lines, which is half of all code and not needed before the first line comes */
const shell = ['readShellLine.ts', 'commands/table.ts', 'commands/userCommand.ts', 'commands/checkUserCommands.ts'].map((file) => path.join(shellFolder, file));

/** The gated tools, which nothing needs before an agent uses one */
const gatedTools = ['src/cli/gatedCall.ts', 'src/node/tools/runTool.ts', 'src/node/sandbox/chosenSandbox.ts'].map((file) => path.join(root, file));

/** What the panel, the commands and the help in the rules file do, which nothing needs before a person asks for it */
const faces = globSync(['panel/{slices,handlers,readMessage}.ts', 'commands/*.ts', 'agents/*Agent.ts', 'policyFile/file{Completion,Diagnostics,Hover,Problems}.ts'], { cwd: path.join(root, 'src/host') })
  .filter((file) => file !== 'commands/registerCommands.ts').toSorted().map((file) => path.join(root, 'src/host', file));

/** Leaves these files to `bundle`, which lies beside this one and is loaded when one of their exports is first used */
const late = (files, bundle) => ({
  name: 'late',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path: file, resolveDir }) => {
      const whole = path.resolve(resolveDir, file);
      return files.includes(whole) ? { path: whole, namespace: bundle } : undefined;
    });
    build.onResolve({ filter: /./, namespace: bundle }, () => ({ path: bundle, external: true }));
    build.onLoad({ filter: /./, namespace: bundle }, async ({ path: file }) => {
      const getters = (await exportedNames(file)).map((name) => `get ${name}() { return load().${name}; }`);
      return { contents: `let loaded; const load = () => (loaded ??= require('${bundle}')); module.exports = { ${getters.join(', ')} };`, watchFiles: [file] };
    });
  },
});

/** Names of the values that a source file exports */
async function exportedNames(file) {
  const { metafile } = await esbuild.build({ entryPoints: [file], bundle: true, packages: 'external', format: 'esm', write: false, metafile: true, logLevel: 'silent' });
  return Object.values(metafile.outputs)[0].exports;
}

/** Files, relative to here, that the extension has and the faces need too */
const common = new Set();

/** The common files as one module of the extension, each under its own name */
const commonFiles = {
  name: 'commonFiles',
  setup(build) {
    build.onResolve({ filter: /^common:$/ }, () => ({ path: 'common', namespace: 'common' }));
    build.onLoad({ filter: /./, namespace: 'common' }, () => ({ contents: [...common].map((file) => `export * as '${file}' from './${file}';`).join('\n'), resolveDir: root }));
  },
};

/** Takes what the extension has from there: one copy of the code, and of what it keeps in memory */
const fromExtension = {
  name: 'fromExtension',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path: file, resolveDir }) => {
      const whole = path.relative(root, path.resolve(resolveDir, file));
      return common.has(whole) ? { path: whole, namespace: 'extension' } : undefined;
    });
    build.onResolve({ filter: /./, namespace: 'extension' }, ({ path: file }) => ({ path: file, external: true }));
    build.onLoad({ filter: /./, namespace: 'extension' }, ({ path: file }) => ({ contents: `module.exports = require('./extension.js').inside['${file}'];` }));
  },
};

/** One copy of the editor's API for the whole bundle; else every file that imports it copies its hundreds of names at the start */
const editorOnce = {
  name: 'editorOnce',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) => (namespace === 'editor' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'editor' }));
    build.onLoad({ filter: /./, namespace: 'editor' }, () => ({ contents: "export * from 'vscode';" }));
  },
};

/** Presses what is large and seldom loaded: `TO.br` is what is packed */
async function press(from, to) {
  const bytes = await readFile(from);
  // Pressing takes seconds, looking takes none
  const before = existsSync(`${to}.br`) ? brotliDecompressSync(await readFile(`${to}.br`)) : undefined;
  if (before?.equals(bytes) !== true) await writeFile(`${to}.br`, brotliCompressSync(bytes));
}

/** Presses a bundle */
const pressed = {
  name: 'pressed',
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      const file = path.join(root, build.initialOptions.outfile);
      await press(file, file);
    });
  },
};

/** What stands in the place of a bundle that is pressed and still required like any other */
const unpress = "module._compile(require('node:zlib').brotliDecompressSync(require('node:fs').readFileSync(__filename + '.br')).toString(), __filename);\n";

/** Presses a bundle that is required */
const pressedModule = {
  name: 'pressedModule',
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0 || development) return;
      const file = path.join(root, build.initialOptions.outfile);
      await press(file, file);
      await writeFile(file, unpress);
    });
  },
};

/** One esbuild call each; a target whose entry is not there is left out */
const targets = [
  {
    name: 'extension',
    options: {
      ...forNode,
      target: 'node22',
      stdin: { contents: "export * from './src/host/extension.ts'; export * as inside from 'common:';", resolveDir: root },
      outfile: 'dist/extension.js',
      // What it loads later is required: the editor watches over `require` only
      supported: { 'dynamic-import': false },
    },
    plugins: [editorOnce, late(shell, './shell.js'), late(gatedTools, './gatedTools.js'), late(faces, './faces.js'), commonFiles, apart({ ...engine, ...Object.fromEntries(channels.map((name) => [`./${name}/${name}.ts`, `./${name}.js`])) })],
  },
  {
    name: 'faces',
    options: {
      ...forNode,
      target: 'node22',
      stdin: { contents: faces.map((file) => `export * from '${file}';`).join('\n'), resolveDir: root },
      outfile: 'dist/faces.js',
    },
    plugins: [editorOnce, late(shell, './shell.js'), late(gatedTools, './gatedTools.js'), fromExtension, apart(engine)],
  },
  {
    name: 'shell',
    options: {
      ...forNode,
      target: 'node20',
      stdin: { contents: shell.map((file) => `export * from '${file}';`).join('\n'), resolveDir: root },
      outfile: 'dist/shell.js',
    },
  },
  {
    name: 'cli',
    options: {
      ...forNode,
      target: 'node20',
      entryPoints: ['src/cli/main.ts'],
      outfile: 'dist/cli.js',
      banner: { js: '#!/usr/bin/env node' },
      // What it loads are bundles of their own beside it
      supported: { 'dynamic-import': false },
    },
    plugins: [apart({ './hook.ts': './hook.js', './program.ts': './program.js' })],
  },
  {
    name: 'hook',
    // Loading by `require` is quicker than by `import`
    options: { ...forNode, target: 'node20', entryPoints: ['src/cli/hook.ts'], outfile: 'dist/hook.js', supported: { 'dynamic-import': false } },
  },
  {
    name: 'program',
    // What it loads later is required: names of a pressed bundle cannot be told beforehand
    options: { ...forNode, target: 'node20', entryPoints: ['src/cli/program.ts'], outfile: 'dist/program.js', supported: { 'dynamic-import': false } },
    plugins: [late(shell, './shell.js'), apart({ ...engine, './mcpServer.ts': './mcpServer.js' })],
  },
  {
    name: 'mcpServer',
    options: { ...forNode, target: 'node20', entryPoints: ['src/cli/mcpServer.ts'], outfile: 'dist/mcpServer.js' },
    plugins: [late(shell, './shell.js'), late(gatedTools, './gatedTools.js'), apart(engine), pressedModule],
  },
  {
    name: 'gatedTools',
    options: {
      ...forNode,
      target: 'node20',
      stdin: { contents: gatedTools.map((file) => `export * from '${file}';`).join('\n'), resolveDir: root },
      outfile: 'dist/gatedTools.js',
    },
    plugins: [late(shell, './shell.js'), apart(engine), pressedModule],
  },
  ...channels.map((name) => ({
    name,
    options: { ...forNode, target: 'node22', entryPoints: [`src/channels/${name}/${name}.ts`], outfile: `dist/${name}.js` },
  })),
  {
    // A thread that reads documents; with the libraries for that, which nothing else needs
    name: 'documentWorker',
    options: { ...forNode, target: 'node20', entryPoints: ['src/node/tools/documents/documentWorker.ts'], outfile: 'dist/documentWorker.js' },
    plugins: [pressed],
  },
  {
    // A thread that runs policy scripts, with the glue of its engine
    name: 'scriptWorker',
    options: {
      ...forNode,
      target: 'node20',
      entryPoints: ['src/node/script/scriptWorker.ts'],
      outfile: 'dist/scriptWorker.js',
      // Its twin for modules asks where it lies, which no bundle can say
      alias: { '@jitl/quickjs-wasmfile-release-sync/emscripten-module': path.join(root, 'node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.cjs') },
    },
    plugins: [pressed],
  },
  {
    name: 'webview',
    options: {
      ...shared,
      platform: 'browser',
      format: 'iife',
      target: 'chrome140',
      entryPoints: ['webview/main.ts', 'webview/main.css'],
      outdir: 'dist/webview',
    },
  },
  {
    // Runs inside the extension host; never packed
    name: 'inside',
    options: {
      ...forNode,
      minify: false,
      target: 'node22',
      entryPoints: ['test/editor/host/inside/index.ts'],
      outfile: 'dist/test/inside.js',
      external: ['vscode'],
    },
  },
];

/** The database engine and the PowerShell grammar, loaded from beside the bundle on first need */
const copies = [
  ['node_modules/sql.js/dist/sql-wasm.js', 'dist/sql-wasm.js'],
  ['node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter.js', 'dist/tree-sitter/tree-sitter.js'],
];

/** The same, pressed: what of them nobody waits for */
const pressedCopies = [
  ['node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm'],
  ...['tree-sitter.wasm', 'tree-sitter-powershell.wasm'].map((file) => [`node_modules/@vscode/tree-sitter-wasm/wasm/${file}`, `dist/tree-sitter/${file}`]),
  ['node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm', 'dist/quickjs.wasm'],
];

/** Writes what went into a bundle beside it (never packed) and prints its size */
const report = (name) => ({
  name: 'report',
  setup(build) {
    build.onEnd(async (result) => {
      for (const { severity, messages } of [
        { severity: 'error', messages: result.errors },
        { severity: 'warning', messages: result.warnings },
      ]) {
        // The form that the editor's problem matcher for esbuild reads
        for (const { text, location } of messages) {
          console.error(`✘ [${severity.toUpperCase()}] ${text}`);
          if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
        }
      }
      if (!result.metafile) return;
      await mkdir(path.join(root, 'dist/meta'), { recursive: true });
      await writeFile(path.join(root, 'dist/meta', `${name}.json`), JSON.stringify(result.metafile));
      for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
        if (!file.endsWith('.map')) console.log(`${file.padEnd(28)} ${kilobytes(bytes)}`);
      }
    });
  },
});

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1).padStart(8)} kB`;
}

/** What a file in TypeScript exports, for files that are made from it */
async function exportsOf(entry) {
  const { outputFiles } = await esbuild.build({ ...shared, entryPoints: [entry], sourcemap: false, write: false, platform: 'node', format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Builds both for a look at what they need; again until nothing is added, since what is handed over whole needs more */
async function findCommon() {
  const [extension, others] = await Promise.all(['extension', 'faces'].map(async (name) => {
    const { options, plugins } = targets.find((target) => target.name === name);
    const { metafile } = await esbuild.build({ ...options, plugins, write: false });
    const [{ inputs }] = Object.values(metafile.outputs);
    return new Set(Object.keys(inputs).filter((file) => file.startsWith('src/') && inputs[file].bytesInOutput > 0));
  }));
  const found = [...extension].filter((file) => others.has(file));
  for (const file of found) common.add(file);
  if (found.length > 0) await findCommon();
}

await mkdir(path.join(root, 'dist'), { recursive: true });
const { permissionsJsonSchema } = await exportsOf('src/core/schema/permissionsSchema.ts');
await writeFile(path.join(root, 'dist/permissions.schema.json'), JSON.stringify(permissionsJsonSchema()));
for (const file of globSync('l10n/bundle.l10n.*.json', { cwd: root })) {
  const [, language] = /\.(\w+)\.json$/.exec(file);
  const texts = JSON.parse(await readFile(path.join(root, file), 'utf8'));
  await writeFile(path.join(root, `dist/permissions.schema.${language}.json`), JSON.stringify(permissionsJsonSchema((text) => texts[text] ?? text)));
}
const { texts, problems } = textsOf(root);
for (const problem of problems) console.error(`✘ [WARNING] ${problem}`);
await writeFile(path.join(root, 'l10n/bundle.l10n.json'), bundleOf(texts));
for (const [from, to] of copies) {
  await mkdir(path.dirname(path.join(root, to)), { recursive: true });
  await copyFile(path.join(root, from), path.join(root, to));
  console.log(`${to.padEnd(28)} ${kilobytes((await stat(path.join(root, to))).size)}`);
}
for (const [from, to] of pressedCopies) {
  await press(path.join(root, from), path.join(root, to));
  console.log(`${`${to}.br`.padEnd(28)} ${kilobytes((await stat(path.join(root, `${to}.br`))).size)}`);
}

const started = performance.now();
let failed = false;
await findCommon();
for (const { name, options, plugins = [] } of targets) {
  const missing = (options.entryPoints ?? []).filter((entry) => !existsSync(path.join(root, entry)));
  if (missing.length > 0) {
    console.log(`${name}: left out, there is no ${missing.join(', ')}`);
    continue;
  }
  const context = await esbuild.context({ ...options, plugins: [...plugins, report(name)] });
  if (watch) {
    await context.watch();
    continue;
  }
  try {
    await context.rebuild();
  } catch (error) {
    // The messages were printed by the plugin; anything else is ours to show
    if (!Array.isArray(error?.errors)) throw error;
    failed = true;
  } finally {
    await context.dispose();
  }
}
// Runs as a program too
if (existsSync(path.join(root, 'dist/cli.js'))) await chmod(path.join(root, 'dist/cli.js'), 0o755);
if (watch) console.log('watching for changes');
else console.log(`${failed ? 'build failed' : 'built'} in ${Math.round(performance.now() - started)} ms`);
if (failed) process.exitCode = 1;
