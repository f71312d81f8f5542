import assert from 'node:assert/strict';
import { ask, exec, files, place, policy, rule, tool } from './given.ts';

const bypass = policy({ mode: 'bypass_permissions', unrestrictedFileAccess: true, rules: [rule('allow', tool('write_file'), 'managed')] });
const change = (where: string, under = bypass, more = {}) => ask({ actions: [files('write', where, more)] }, under);
const remove = (where: string, under = bypass, more = {}) => ask({ actions: [files('delete', where, more)] }, under).decision;

describe('protected places', () => {
  for (const where of [
    '/ws/.cowork/policy/permissions.json', '/ws/.cowork', '/ws/sub/.cowork/x', '/ws/.git/hooks/pre-commit', '/ws/.GIT/HOOKS/x', '/ws/.git/config', '/ws/sub/.git/config', '/ws/.git/modules/a/config',
    '/home/u/.ssh/authorized_keys', '/home/u/.aws/credentials', '/home/u/.netrc', '/home/u/.docker/config.json', '/root/.ssh/x', '/home/other/.ssh/x',
    '/etc/passwd', '/usr/bin/x', '/usr/local/bin/ls', '/bin/sh', '/boot/x', '/dev/sda', '/proc/1/mem', '/lib/x', '/opt/x', '/root/x', '/home/other/x', '/var/x', '/System/x',
  ]) {
    it(`${where} is sealed in every mode and for every rule`, () => {
      const answer = change(where);
      assert.equal(answer.decision, 'deny');
      assert.equal(answer.reason.type, 'guardrail');
      assert.equal(remove(where), 'deny');
    });
  }

  for (const where of [
    '/ws/.vscode/settings.json', '/ws/.vscode/tasks.json', '/ws/.vscode/launch.json', '/ws/pkg/.vscode/tasks.json', '/ws/x.code-workspace', '/ws/.claude/settings.json', '/ws/.codex/x', '/ws/.cursor/x', '/ws/.gemini/x', '/ws/.qwen/x', '/ws/.opencode/x',
    '/ws/.mcp.json', '/ws/.github/hooks/x', '/ws/.github/workflows/ci.yml', '/ws/.env', '/ws/.env.local', '/ws/a/.ENV', '/ws/.envrc', '/home/u/.bashrc', '/home/u/.zshenv', '/home/u/.config/fish/config.fish', '/home/u/.gitconfig', '/ws/.git', '/ws/.git/HEAD',
  ]) {
    it(`${where} asks in every mode, once, and says what it can do`, () => {
      const answer = change(where);
      assert.equal(answer.decision, 'ask');
      assert.deepEqual(answer.suggestions, ['deny_once', 'allow_once']);
      assert.match(answer.reason.summary, /, which .+\.$/);
      assert.equal(typeof answer.reason.pattern, 'string');
    });
  }

  for (const where of ['/ws/src/a.ts', '/ws/.vscode/extensions.json', '/ws/.gitignore', '/ws/.github/ISSUE_TEMPLATE.md', '/ws/environment.ts', '/ws/a.env.ts', '/ws/hooks/x', '/ws/config', '/home/u/notes.txt', '/tmp/x']) {
    it(`${where} is an ordinary place`, () => assert.equal(change(where).decision, 'allow'));
  }

  for (const where of ['/ws/.env', '/ws/.env.production', '/ws/id_rsa', '/ws/certs/server.pem', '/ws/server.KEY', '/home/u/.ssh/config', '/home/u/.aws/credentials', '/ws/.npmrc', '/etc/shadow', '/proc/7/environ', '/ws/secrets.yaml']) {
    it(`${where} is a secret to read`, () => {
      const answer = ask({ actions: [files('read', where)] }, policy({ unrestrictedFileAccess: true, mode: 'dangerous_only' }));
      assert.equal(answer.decision, 'ask');
      assert.equal(answer.reason.type, 'guardrail');
    });
  }
  for (const where of ['/home/u/.ssh/id_rsa.pub', '/ws/src/key.ts', '/ws/environment', '/ws/monkey']) {
    it(`${where} is no secret`, () => assert.equal(ask({ actions: [files('read', where)] }, policy({ unrestrictedFileAccess: true })).decision, 'allow'));
  }

  it('what holds a sealed place cannot be deleted or moved whole', () => {
    for (const where of ['/ws', '/ws/.git', '/', '/home', '/home/u', '/usr']) assert.equal(remove(where, bypass, { recursive: true }), 'deny', where);
    assert.equal(remove('/ws/src', bypass, { recursive: true }), 'allow');
    assert.equal(remove('/ws/.vscode', bypass, { recursive: true }), 'ask');
    assert.equal(remove('/ws/.github', bypass, { recursive: true }), 'ask');
  });

  it('a write through the whole workspace asks, because hooks lie in it', () => {
    assert.equal(change('/ws', bypass, { recursive: true }).decision, 'ask');
    assert.equal(change('/ws/src', bypass, { recursive: true }).decision, 'allow');
  });

  it('a search through the workspace is not the read of a secret, a search through the home is', () => {
    const search = (where: string) => ask({ actions: [files('read', where, { recursive: true })] }, policy({ unrestrictedFileAccess: true })).decision;
    assert.equal(search('/ws'), 'allow');
    assert.equal(search('/home/u'), 'ask');
  });

  it('globs count for what they may name', () => {
    const read = (where: string) => ask({ actions: [files('read', where, { glob: true })] }, policy()).decision;
    assert.equal(read('/ws/.en?'), 'ask');
    assert.equal(read('/ws/.e*'), 'ask');
    assert.equal(read('/ws/id_*'), 'ask');
    assert.equal(read('/ws/*.ts'), 'allow');
    assert.equal(read('/ws/*'), 'allow');
    assert.equal(change('/ws/.git/*', bypass, { glob: true }).decision, 'deny');
    assert.equal(change('/ws/.g*/hooks/x', bypass, { glob: true }).decision, 'deny');
    assert.equal(change('/ws/.vscode/*.json', bypass, { glob: true }).decision, 'ask');
    assert.equal(change('/home/u/.s*/x', bypass, { glob: true }).decision, 'deny');
    assert.equal(change('/ws/src/*', bypass, { glob: true }).decision, 'allow');
  });

  it('home, workspace and allowed paths open what lies around them, and no more', () => {
    const root = { workspace: '/root/project', home: '/root', temporary: '/tmp', platform: 'linux' } as const;
    assert.equal(change('/root/notes', policy({ mode: 'bypass_permissions', unrestrictedFileAccess: true }, true, root)).decision, 'allow');
    assert.equal(change('/root/.ssh/x', policy({ mode: 'bypass_permissions', unrestrictedFileAccess: true }, true, root)).decision, 'deny');
    assert.equal(change('/var/www/x', policy({ mode: 'accept_edits', allowedPaths: ['/var/www'] })).decision, 'allow');
    assert.equal(change('/etc/app/x', policy({ mode: 'accept_edits', allowedPaths: ['/etc/app'] })).decision, 'deny');
    assert.equal(change('/usr/src/app/x', policy({ mode: 'accept_edits' }, true, { ...place, workspace: '/usr/src/app' })).decision, 'allow');
    assert.equal(change('/etc/x', policy({ mode: 'bypass_permissions' }, true, { ...place, workspace: '/', home: '/' })).decision, 'deny');
  });

  it('a user adds places, by path, by glob or by name', () => {
    const under = policy({ mode: 'bypass_permissions', protectedPlaces: { sealed: ['vault', '*.lock'], guarded: ['src/**/generated'] } });
    assert.equal(change('/ws/vault/x', under).decision, 'deny');
    assert.equal(change('/ws/deep/yarn.lock', under).decision, 'deny');
    assert.equal(change('/ws/src/a/generated/x', under).decision, 'ask');
    assert.equal(change('/ws/src/a/x', under).decision, 'allow');
    assert.equal(remove('/ws/src/a', under, { recursive: true }), 'ask');
    assert.equal(remove('/ws/vault', under, { recursive: true }), 'deny');
  });

  it('holds for the effects of commands too', () => {
    assert.equal(ask({ actions: [exec('cp x .git/hooks/y'), files('write', '/ws/.git/hooks/y', { owner: 0, namedAt: 2 })] }, bypass).decision, 'deny');
  });

  it('the product’s own folder of the user is sealed and secret', () => {
    const under = policy({ mode: 'default', unrestrictedFileAccess: true }, true, { ...place, userFolder: '/home/u/.config/cowork-policy' });
    assert.equal(change('/home/u/.config/cowork-policy/key', under).decision, 'deny');
    assert.equal(ask({ actions: [files('read', '/home/u/.config/cowork-policy/key')] }, under).decision, 'ask');
  });
});
