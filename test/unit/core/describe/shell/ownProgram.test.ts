import assert from 'node:assert/strict';
import type { Mode } from '../../../../../src/core/decision.ts';
import { evaluate } from '../../../../../src/core/evaluate.ts';
import { policy, prefix, rule, session } from '../../decide/given.ts';
import { machine } from './reading.ts';

function decided(command: string, mode: Mode, rules = [rule('allow', prefix('cowork-policy')), rule('allow', prefix('npx')), rule('allow', prefix('node'))]): string {
  return evaluate({ tool: 'run_command', input: { command } }, machine(), policy({ mode, rules }), session).decision;
}

describe('this product’s own command line in a shell line', () => {
  const changing = [
    'cowork-policy rules add allow --command rm', 'cowork-policy rules remove r1', 'cowork-policy mode set bypass_permissions', 'cowork-policy install claude', 'cowork-policy sandbox off',
    'npx cowork-policy rules add allow --tool run_command', 'npx -y cowork-policy@latest mode set bypass_permissions', 'npm exec -- cowork-policy mode set plan', 'pnpm dlx cowork-policy mode set plan', 'bunx cowork-policy mode set plan',
    'node ~/.vscode/extensions/cowork.cowork-policy-0.1.0/dist/cli.js mode set plan', 'cd /ext/cowork.cowork-policy-0.1.0 && node dist/cli.js mode set plan', 'node --no-warnings dist/cli.js rules add allow --tool x', '/opt/cowork-policy/dist/cli.js rules remove x',
    "bash -c 'cowork-policy mode set plan'", 'env X=1 cowork-policy mode set plan', 'cowork-policy rules list; cowork-policy rules remove r1', 'echo r1 | xargs cowork-policy rules remove', 'cd /tmp && cowork-policy --workspace /ws mode set plan', 'cowork-policy mode $(echo set) plan', 'tsx /src/cowork-policy/src/cli/main.ts mode set plan', 'bun ./cowork-policy/dist/cli.js mode set plan',
  ];
  for (const command of changing) {
    it(`${command} is denied in every mode, whatever rules say`, () => {
      for (const mode of ['default', 'dangerous_only', 'bypass_permissions'] as const) assert.equal(decided(command, mode), 'deny', mode);
    });
  }

  it('what only shows is a read', () => {
    for (const command of ['cowork-policy rules list', 'cowork-policy mode get --json', 'cowork-policy audit verify', 'cowork-policy audit list --limit 3', 'cowork-policy explain -- rm -rf x', 'cowork-policy --help']) assert.equal(decided(command, 'dangerous_only', []), 'allow', command);
  });

  it('other programs with such a file are what they are', () => {
    for (const command of ['node dist/cli.js build', 'node tools/cli.js install', 'dist/cli.js serve']) assert.notEqual(decided(command, 'default'), 'deny', command);
  });

  it('taking this extension out of the editor asks, whatever rules say', () => {
    for (const command of ['code --uninstall-extension cowork.cowork-policy', 'code --disable-extension cowork.cowork-policy', 'code --disable-extensions', 'code-insiders --install-extension x.vsix', 'code --uninstall-extension=cowork.cowork-policy', 'codium --disable-extensions .']) {
      assert.equal(decided(command, 'dangerous_only', [rule('allow', prefix('code')), rule('allow', prefix('code-insiders')), rule('allow', prefix('codium'))]), 'ask', command);
    }
  });
});
