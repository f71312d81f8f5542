import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findImports } from '../../../src/cli/importFiles.ts';

describe('Settings of other agents on this machine', () => {
  let base: string;
  let place: Parameters<typeof findImports>[0];

  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-import-')));
    place = { workspace: path.join(base, 'ws'), home: path.join(base, 'home'), temporary: '/tmp', platform: 'linux' };
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function put(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(base, file)), { recursive: true });
    writeFileSync(path.join(base, file), text);
  }

  it('are found where each agent keeps them, the user’s own first', () => {
    put('home/.claude/settings.json', '\ufeff{"permissions":{"allow":["Bash(ls *)"]}}');
    put('ws/.claude/settings.local.json', '{"permissions":{"deny":["Bash(rm *)"]}}');
    put('home/.codex/rules/default.rules', 'prefix_rule(pattern=["git"])');
    put('home/.codex/rules/notes.txt', 'nothing');
    put('moved/opencode/opencode.json', '{"permission":{"bash":"ask"}}');
    put('ws/.vscode/settings.json', '{"chat.tools.terminal.autoApprove":{"ls":true}}');
    const found = findImports(place, { XDG_CONFIG_HOME: path.join(base, 'moved'), CODEX_HOME: 'not absolute' });
    assert.deepEqual(found.map(({ format, origin, file, preview }) => [format.id, origin, path.relative(base, file), preview.lines.length]), [
      ['claude', 'user', 'home/.claude/settings.json', 1], ['claude', 'project', 'ws/.claude/settings.local.json', 1], ['codex', 'user', 'home/.codex/rules/default.rules', 1],
      ['vscode', 'project', 'ws/.vscode/settings.json', 1], ['opencode', 'user', 'moved/opencode/opencode.json', 1],
    ]);
  });

  it('a link in the workspace is not followed, one in the home is', () => {
    put('elsewhere.json', '{"permissions":{"allow":["Bash(ls *)"]}}');
    mkdirSync(path.join(base, 'ws/.claude'), { recursive: true });
    mkdirSync(path.join(base, 'home/.claude'), { recursive: true });
    for (const folder of ['ws', 'home']) symlinkSync(path.join(base, 'elsewhere.json'), path.join(base, folder, '.claude/settings.json'));
    const found = findImports(place, {});
    assert.deepEqual(found.map(({ origin, preview }) => [origin, preview.lines.length, preview.problems.length]), [['user', 1, 0], ['project', 0, 1]]);
  });

  it('what cannot be read is told, and the rest is read', () => {
    put('ws/.gemini/settings.json', '{');
    mkdirSync(path.join(base, 'ws/opencode.json'), { recursive: true });
    put('ws/.codex/rules/a.rules', 'prefix_rule(pattern=["ls"])');
    const found = findImports(place, {});
    assert.deepEqual(found.map(({ format, preview }) => [format.id, preview.lines.length, preview.problems.length]), [['codex', 1, 0], ['gemini', 0, 1], ['opencode', 0, 1]]);
  });
});
