import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as table from '../../../src/host/contributions.ts';

const root = join(import.meta.dirname, '../../..');

/** The part of the manifest that these tests read */
interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly enablement?: string }[];
    readonly viewsWelcome: readonly { readonly when?: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const titles = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<Record<string, string>>;
const commandIds: string[] = Object.values(table.commands);
const menus = Object.entries(manifest.contributes.menus).flatMap(([menu, items]) => items.map((item) => ({ menu, ...item })));
const conditions: string[] = [
  ...menus.flatMap((item) => item.when ?? []),
  ...manifest.contributes.commands.flatMap((command) => command.enablement ?? []),
  ...manifest.contributes.viewsWelcome.flatMap((welcome) => welcome.when ?? []),
];

function sorted(names: readonly string[]): string[] {
  return names.toSorted((a, b) => a.localeCompare(b));
}

/** Text of every source file of the host */
function hostSources(): string {
  const folder = join(root, 'src/host');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'contributions.ts')
    .map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

describe('The manifest and the table of contributions', () => {
  it('name the same commands', () => {
    assert.deepEqual(sorted(manifest.contributes.commands.map((command) => command.command)), sorted(commandIds));
  });
  it('put every command into the category CoWork with a title from package.nls.json', () => {
    for (const command of manifest.contributes.commands) {
      assert.equal(command.category, 'CoWork');
      assert.match(command.title, /^%.+%$/);
    }
  });
  it('use every text of package.nls.json and miss none', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? '');
    assert.deepEqual(sorted([...new Set(used)]), sorted(Object.keys(titles)));
  });
  it('put only commands that exist into menus', () => {
    for (const item of menus) assert.ok(commandIds.includes(item.command), `${item.menu}: ${item.command}`);
  });
  it('hide from the palette just the commands that need something to act on', () => {
    const hidden = menus.filter((item) => item.menu === 'commandPalette' && item.when === 'false').map((item) => item.command);
    assert.deepEqual(sorted(hidden), sorted(table.menuOnlyCommands));
  });
  it('test only context keys that the table has, and every one of them', () => {
    const known = ['view', 'viewItem', 'isWorkspaceTrusted', 'workspaceFolderCount', 'resourceScheme', 'cowork-policy', table.view, ...Object.values(table.contextKeys)];
    const values: readonly string[] = ['false', 'untitled', ...Object.values(table.itemKinds)];
    for (const condition of conditions) {
      const names = condition.replace(/\/[^/]*\//g, '').match(/[A-Za-z][\w.-]*/g) ?? [];
      for (const name of names) assert.ok(known.includes(name) || values.includes(name), `${condition}: ${name}`);
    }
    for (const key of [table.contextKeys.hasPending, table.contextKeys.approvesAll, table.contextKeys.closed]) {
      assert.ok(conditions.some((condition) => condition.includes(key)), key);
    }
  });
  it('test only kinds of tree items that the table has', () => {
    const kinds: string[] = Object.values(table.itemKinds);
    for (const condition of conditions) {
      const tested = [...condition.matchAll(/viewItem == (\w+)/g)].map((match) => match[1] ?? '');
      const listed = [...condition.matchAll(/viewItem =~ \/\^\(([\w|]+)\)\$\//g)].flatMap((match) => (match[1] ?? '').split('|'));
      for (const kind of [...tested, ...listed]) assert.ok(kinds.includes(kind), `${condition}: ${kind}`);
    }
  });
  it('name the same settings', () => {
    assert.deepEqual(sorted(Object.keys(manifest.contributes.configuration.properties)), sorted(Object.values(table.settings)));
  });
  it('let no setting of an untrusted folder count', () => {
    assert.deepEqual(sorted(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations), sorted(Object.values(table.settings)));
  });
  it('name the same view', () => {
    assert.deepEqual(manifest.contributes.views[table.viewContainer]?.map((view) => view.id), [table.view]);
  });
  it('start the gate once the editor is up, never before', () => {
    assert.deepEqual(manifest.activationEvents, ['onStartupFinished']);
  });
  it('have every command registered by the code', () => {
    const sources = hostSources();
    for (const name of Object.keys(table.commands)) assert.ok(sources.includes(`commands.${name}`), name);
  });
});
