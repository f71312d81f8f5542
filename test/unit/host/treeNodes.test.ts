import assert from 'node:assert/strict';
import { defaultSettings } from '../../../src/core/policy/policy.ts';
import type { Rule } from '../../../src/core/rules/rule.ts';
import type { Approval, StoredState } from '../../../src/gate/ports.ts';
import { treeNodes, type FolderSnapshot, type TreeNode } from '../../../src/host/tree/treeNodes.ts';
import type { Words } from '../../../src/gate/words.ts';

const words: Words = { t: (message, ...args) => message.replace(/\{(\d)\}/g, (_all, index: string) => String(args[Number(index)])) };

function snapshot(state: Partial<StoredState> = {}, more: Partial<FolderSnapshot> = {}): FolderSnapshot {
  return {
    path: '/w', name: 'w', pending: [], decisions: [], approvingAll: [], trusted: true, ...more,
    state: { settings: defaultSettings, workspaceRules: [], profileRules: [], managedRules: [], manifest: { hash: undefined, rules: [], reviewed: false }, pending: [], problems: [], ...state },
  };
}

function rule(more: Partial<Rule>): Rule {
  return { id: 'r1', source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm test' }, createdAt: 0, ...more };
}

function approval(target: string): Approval {
  const reason = { type: 'mode', mode: 'default', summary: 'Commands ask in this mode.' } as const;
  return {
    id: 'a1', session: 's', askedAt: 0, expiresAt: 1, recentReads: [], request: { tool: 'run_command', input: { command: target }, actor: { kind: 'agent', name: 'Claude' } },
    evaluation: { decision: 'ask', reason, suggestions: ['deny_once', 'allow_once'], fingerprint: 'f', actions: [{ action: { kind: 'exec', target, argv: ['x'], class: 'other', readings: [] }, decision: 'ask', reason, losing: [] }] },
  };
}

const group = (nodes: readonly TreeNode[], label: string): TreeNode => {
  const found = nodes.find((node) => node.label === label);
  assert.ok(found, `there is a group ${label}`);
  return found;
};

describe('The tree', () => {
  it('says none where a group is empty, and hides groups that few people have', () => {
    const nodes = treeNodes([snapshot({ profileRules: [rule({ source: 'profile' })] })], words);
    assert.deepEqual(nodes.map((node) => [node.label, node.description]), [
      ['Pending approvals', 'none'], ['Session grants', 'none'], ['Workspace rules', 'none'], ['Profile rules', '1'], ['Recent decisions', 'none'],
    ]);
  });
  it('is empty where there is nothing yet, so that the welcome of the view shows', () => {
    assert.deepEqual(treeNodes([snapshot()], words), []);
    assert.deepEqual(treeNodes([snapshot(), snapshot()], words), []);
    assert.notDeepEqual(treeNodes([snapshot(), snapshot({}, { pending: [approval('x')] })], words), []);
    assert.notDeepEqual(treeNodes([snapshot({ closedBecause: { code: 'busy', message: 'Busy.' } })], words), []);
  });
  it('shows hidden characters of a pending command', () => {
    const [node] = group(treeNodes([snapshot({}, { pending: [approval('rm \u202Ex')] })], words), 'Pending approvals').children ?? [];
    assert.equal(node?.label, 'rm \\u{202e}x');
    assert.ok(!node?.tooltip?.includes('\u202E'));
  });
  it('keeps session grants apart from rules of the workspace', () => {
    const nodes = treeNodes([snapshot({ workspaceRules: [rule({}), rule({ id: 'r2', source: 'session' })] }, { approvingAll: ['agent/Claude/1'] })], words);
    assert.deepEqual(group(nodes, 'Session grants').children?.map((node) => node.kind), ['approveAll', 'sessionRule']);
    assert.equal(group(nodes, 'Session grants').children?.[0]?.label, 'Approve all: Claude');
    assert.deepEqual(group(nodes, 'Workspace rules').children?.map((node) => node.kind), ['workspaceRule']);
  });
  it('names a rule by what it is about, and a path from the workspace on', () => {
    const scopes: Rule['scope'][] = [
      { kind: 'command_prefix', prefix: 'npm test' }, { kind: 'path', path: '/w/src', toolName: 'write_file' }, { kind: 'path', path: '/etc' },
      { kind: 'domain', domain: '*.example.com', toolPrefix: 'browser_' }, { kind: 'mcp_server', serverName: 'github' }, { kind: 'tool', toolName: 'web_fetch' },
    ];
    const nodes = treeNodes([snapshot({ workspaceRules: scopes.map((scope, index) => rule({ id: String(index), scope, effect: 'deny' })) })], words);
    assert.deepEqual(group(nodes, 'Workspace rules').children?.map((node) => `${node.label} (${node.description})`), [
      'npm test (Deny, command)', 'src (Deny, write_file)', '/etc (Deny, any tool)', '*.example.com (Deny, browser_*)', 'github (Deny, MCP server)', 'web_fetch (Deny, tool)',
    ]);
  });
  const allow = rule({ source: 'workspace_manifest' });
  const states: [string, Partial<FolderSnapshot>, Partial<StoredState['manifest']>, string][] = [
    ['not trusted', { trusted: false }, { reviewed: true }, 'allows are off: folder not trusted'],
    ['not reviewed', {}, {}, 'not reviewed: allows are off'],
    ['reviewed', {}, { reviewed: true }, 'reviewed'],
  ];
  for (const [name, more, manifest, description] of states) {
    it(`tells when the rules of the repository are ${name}`, () => {
      const nodes = treeNodes([snapshot({ manifest: { hash: 'h', rules: [allow], reviewed: false, ...manifest } }, more)], words);
      assert.equal(group(nodes, 'Repository rules').description, description);
    });
  }
  it('puts problems first, and why everything is denied before other problems', () => {
    const shut = { code: 'busy', message: 'Another window has it.' };
    const nodes = treeNodes([snapshot({ problems: [{ code: 'x', message: 'A bad rule.' }], closedBecause: shut })], words);
    assert.deepEqual(nodes[0]?.children?.map((node) => node.label), ['Another window has it.', 'A bad rule.']);
  });
  it('has one item a folder where several are open, each id once', () => {
    const one = snapshot({ workspaceRules: [rule({})] });
    const nodes = treeNodes([one, { ...one, path: '/v', name: 'v' }], words);
    assert.deepEqual(nodes.map((node) => node.label), ['w', 'v']);
    const ids: string[] = [];
    const walk = (node: TreeNode): void => { ids.push(node.id); node.children?.forEach(walk); };
    nodes.forEach(walk);
    assert.equal(new Set(ids).size, ids.length);
  });
});
