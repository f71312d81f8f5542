import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../house/root.ts';

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
}

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly integrity?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }
    >
  >;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

const manifest = readJson('package.json') as Manifest;
const text = readFileSync(path.join(root, 'package.json'), 'utf8');
const lock = readJson('package-lock.json') as Lock;

describe('the manifest', () => {
  it('has types of no newer editor than the oldest it promises to work in, which is the oldest under test', () => {
    // Types are not published for every release: those of the one before are a subset
    const [types, oldest] = [manifest.devDependencies['@types/vscode'], manifest.engines.vscode].map((version) => Number(/^\^?1\.(\d+)\.0$/.exec(version ?? '')?.[1]));
    assert.ok(types !== undefined && oldest !== undefined && types <= oldest && oldest - types <= 1, `types of 1.${types ?? '?'}, editor from 1.${oldest ?? '?'}`);
  });

  it('names every package with its exact version, and needs none at run time beside the bundles', () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    assert.deepEqual(loose, []);
    assert.deepEqual(manifest.dependencies ?? {}, {});
  });

  it('starts after the editor did, never before', () => {
    assert.ok(!manifest.activationEvents.includes('*'));
    assert.ok(manifest.activationEvents.includes('onStartupFinished'), 'a gate must be up without being called');
  });

  it('has every script that the README names', () => {
    for (const name of ['build', 'start', 'test', 'bench', 'package', 'lint']) assert.ok(manifest.scripts[name], name);
  });

  it('points at files that are there', () => {
    for (const file of [manifest.icon, 'LICENSE', 'CHANGELOG.md', 'README.md', 'media/gate.svg']) {
      assert.ok(existsSync(path.join(root, file)), file);
    }
  });

  it('has a text for every placeholder, and a placeholder for every text', () => {
    const texts = Object.keys(readJson('package.nls.json') as Record<string, string>);
    const placeholders = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, name = '']) => name);
    assert.deepEqual([...new Set(placeholders)].toSorted(), texts.toSorted());
  });

  it('has an icon of 128 by 128 points', () => {
    const png = readFileSync(path.join(root, manifest.icon));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [128, 128]);
  });
});

describe('the lock file', () => {
  it('has every package of every platform, each with its checksum', () => {
    const installed = Object.entries(lock.packages).filter(([place]) => place !== '');
    assert.deepEqual(installed.filter(([, { version, integrity }]) => !version || !integrity).map(([place]) => place), []);
    const missing = installed.flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in lock.packages) && !(`${place}/node_modules/${name}` in lock.packages),
      ),
    );
    assert.deepEqual(missing, [], 'npm ci fails on other platforms without them');
  });
});
