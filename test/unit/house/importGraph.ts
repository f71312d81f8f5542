import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';

/** One import of a source file, value or type, static or computed at run time */
export interface Import {
  /** File that imports, relative to the project, with forward slashes */
  readonly from: string;
  /** What it imports: a file relative to the project, or the name of a package or built-in module */
  readonly to: string;
}

/** Every import of the files, as the bundler parses them. Types count too: a border that types cross is none */
export async function importsOf(root: string, files: readonly string[]): Promise<readonly Import[]> {
  const found: Import[] = [];
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...files],
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    logLevel: 'silent',
    // Unused imports stay
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [
      {
        name: 'imports',
        setup(build) {
          build.onResolve({ filter: /.*/ }, ({ kind, importer, path: to }) => {
            if (kind === 'entry-point') return undefined;
            const file = to.startsWith('.') ? path.resolve(path.dirname(importer), to) : undefined;
            found.push({ from: relative(root, importer), to: file === undefined ? to : relative(root, file) });
            return { path: to, external: true };
          });
          build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
            const source = await readFile(file, 'utf8');
            // Only the keyword goes: the names stay as values, which nothing has to resolve
            const contents = source.replaceAll(/^(import) type (?=[{*\w])|^(export) type (?=\{[^}]*\} from|\*)/gm, '$1$2 ');
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  return found;
}

function relative(root: string, file: string): string {
  return path.relative(root, file).replaceAll('\\', '/');
}
