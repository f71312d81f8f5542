import assert from 'node:assert/strict';
import type { Action } from '../../../../src/core/action.ts';
import { modes } from '../../../../src/core/decision.ts';
import { ask, exec, files, network, policy } from './given.ts';

/** The table of spec 6, row by row, in the order of its columns; written out here so that the table in the code is not its own judge */
const table: readonly (readonly [string, Action, string])[] = [
  ['read in the workspace', files('read', '/ws/a.ts'), 'allow allow allow allow allow allow'],
  ['plain network read', network('fetch', 'docs.example'), 'allow allow allow allow allow allow'],
  ['write in the workspace', files('write', '/ws/a.ts'), 'ask deny allow allow allow allow'],
  ['delete', files('delete', '/ws/a.ts'), 'ask deny ask ask allow allow'],
  ['known read command', exec('git status', { class: 'read' }), 'ask deny ask allow allow allow'],
  ['known test command', exec('npm test', { class: 'test' }), 'ask deny ask allow allow allow'],
  ['other command', exec('npm install x'), 'ask deny ask ask allow allow'],
  ['command that cannot be read', exec('x', { class: 'unreadable' }), 'ask deny ask ask ask ask'],
  ['data export', network('export', 'api.example'), 'ask deny ask ask ask ask'],
  ['external service', { kind: 'external', target: 'gmail_action' }, 'ask deny ask ask allow allow'],
  ['MCP tool', { kind: 'mcp', target: 'github/list', server: 'github', mcpTool: 'list' }, 'ask deny ask ask allow allow'],
  ['browser, screen, applications', { kind: 'interact', target: 'click' }, 'ask deny ask ask allow allow'],
  ['unknown tool', { kind: 'unknown', target: 'zap' }, 'ask deny ask ask allow allow'],
  ['location', { kind: 'locate', target: 'here' }, 'ask ask ask ask ask ask'],
  ['read outside the workspace', files('read', '/srv/data/x'), 'ask deny ask ask allow allow'],
  ['read of a secret in the workspace', files('read', '/ws/.env'), 'ask ask ask ask allow allow'],
  ['read in the private network', network('fetch', '10.0.0.1', { hostClass: 'private' }), 'ask ask ask ask allow allow'],
  ['read of cloud metadata', network('fetch', '169.254.169.254', { hostClass: 'metadata' }), 'ask ask ask ask ask ask'],
  ['write of a guarded place', files('write', '/ws/.vscode/settings.json'), 'ask deny ask ask ask ask'],
  ['doubtful read', files('read', '/ws/a', { uncertain: 'The path holds a variable.' }), 'ask ask ask ask ask ask'],
];

describe('modes', () => {
  const columns = ['default', 'plan', 'accept_edits', 'dangerous_only', 'dont_ask', 'bypass_permissions'] as const;

  it('are the six of the table', () => assert.deepEqual([...modes].sort(), [...columns].sort()));

  for (const [name, action, answers] of table) {
    it(`answer: ${name}`, () => {
      assert.equal(columns.map((mode) => ask({ actions: [action] }, policy({ mode })).decision).join(' '), answers);
    });
  }
});
