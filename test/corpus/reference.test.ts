import assert from 'node:assert/strict';
import type { Decision, Mode } from '../../src/core/decision.ts';
import type { Evaluation } from '../../src/core/decide/evaluation.ts';
import type { PolicySettings } from '../../src/core/policy/policy.ts';
import type { Request } from '../../src/core/request.ts';
import type { Rule, RuleScope } from '../../src/core/rules/rule.ts';
import { readManifest } from '../../src/core/schema/manifest.ts';
import { trustedCommandRules } from '../../src/core/policy/trustedCommands.ts';
import { decideCase, readCases } from './cases.ts';

interface Case {
  readonly id: string;
  readonly component: string;
  readonly input: Record<string, unknown>;
  readonly right_decision: string;
  readonly why: string;
}

interface EngineInput {
  readonly mode: Mode;
  readonly workspace_permissions: PolicySettings['permissions'];
  readonly rules: readonly (Pick<Rule, 'source' | 'effect' | 'scope'>)[] | '@default_trusted_patterns_as_prefix_rules';
  readonly request: { readonly toolName: string; readonly toolInput: Record<string, unknown>; readonly approvalType?: string };
}

/** Where the specification says otherwise than the case: the decision that stands, and why */
const overruled: Readonly<Record<string, readonly [Decision, string]>> = {
  'AP-009': ['deny', 'spec 3: a write outside the workspace without an allowed path is denied'],
  'PO-008': ['deny', 'spec 3: a write outside the workspace without an allowed path is denied'],
  'PR-032': ['deny', 'spec 3: a write outside the workspace without an allowed path is denied'],
  'LT-001': ['deny', 'spec 5: ~/.ssh is sealed'],
  'LT-003': ['deny', 'spec 4: it deletes the workspace root, whatever the program'],
  'UT-022': ['deny', 'spec 4: the name is read as run_command, and the line deletes the root'],
  'GF-012': ['ask', 'spec 6: in default mode every shell command asks; that no guardrail holds is checked below'],
  'BS-015': ['deny', 'spec 4: doas is privilege escalation'],
  'FT-007': ['deny', 'spec 5: /opt belongs to the system and is sealed unless it is an allowed path'],
  'SG-007': ['deny', 'spec 5: /usr is sealed'],
  'FT-021': ['ask', 'spec 3: a read outside is decided like browser and clipboard'],
};

const cases = readCases('reference-misses.jsonl') as readonly Case[];
const links: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'PR-031': { '/ws/link': '/ws/secrets' }, 'PR-032': { '/ws/ext': '/outside' } };

function requestOf(input: EngineInput): Request {
  const { toolName: tool, toolInput, approvalType } = input.request;
  return { tool, input: toolInput, ...(approvalType === undefined ? {} : { approvalType }) };
}

function rulesOf(given: EngineInput['rules']): readonly Rule[] {
  if (given === '@default_trusted_patterns_as_prefix_rules') return trustedCommandRules([]).rules;
  return given.map((rule, index) => ({ ...rule, id: `rule-${index}`, createdAt: 0 }));
}

function engine(testCase: Case): Evaluation {
  const input = testCase.input as unknown as EngineInput;
  const settings = { mode: input.mode, permissions: input.workspace_permissions };
  return decideCase(requestOf(input), { settings, rules: rulesOf(input.rules), links: links[testCase.id] ?? {} });
}

function command(text: string): Request {
  return { tool: 'run_command', input: { command: text } };
}

/** What a person's lasting answer to this request would write */
function grantsFor(request: Request): readonly Rule[] {
  const scopes = decideCase(request, {}).actions.flatMap(({ remember }): RuleScope[] => (remember === undefined ? [] : [remember]));
  return scopes.map((scope, index) => ({ id: `grant-${index}`, source: 'session', effect: 'allow', scope, createdAt: 0 }));
}

/** How the parts of the reference system that decide are put to our one gate */
const doors: Readonly<Record<string, (testCase: Case) => Evaluation>> = {
  permission_engine: engine,
  'manifest+permission_engine': ({ input }) => {
    const { rules } = readManifest(String(input['manifest_text']));
    return decideCase(requestOf(input as unknown as EngineInput), { settings: { mode: input['mode'] as Mode }, rules, repositoryAllows: false });
  },
  'WorkspacePermissionRuleRepository+permission_engine': ({ input }) => {
    const rule: Rule = { id: 'stored', source: 'workspace_db', effect: 'allow', scope: input['stored_scope'] as RuleScope, createdAt: 0 };
    return decideCase(requestOf(input as unknown as EngineInput), { rules: [rule] });
  },
  'FileTools.resolvePath': ({ input }) =>
    decideCase({ tool: 'write_file', input: { path: input['path'], content: '' } }, { settings: { mode: 'accept_edits', unrestrictedFileAccess: true }, home: '/home/u' }),
  'GrepTools.grep': ({ input }) => decideCase({ tool: 'grep', input: input['toolInput'] as Record<string, unknown> }, {}),
  network_policy: ({ input }) => {
    const { blockedDomains = [] } = input['admin_network'] as { blockedDomains?: readonly string[] };
    const { allowedDomains = [] } = input['guardrails'] as { allowedDomains?: readonly string[] };
    // The administrator's plain entries cover subdomains; a rule says that with a leading dot.
    const rule = (domain: string, effect: Decision): Rule => ({ id: domain, source: 'managed', effect, scope: { kind: 'domain', domain: /^[a-z.]+$/.test(domain) ? `.${domain}` : domain }, createdAt: 0 });
    const rules = [...blockedDomains.map((domain) => rule(domain, 'deny')), ...allowedDomains.map((domain) => rule(domain, 'allow'))];
    return decideCase({ tool: 'web_fetch', input: { url: input['url'] } }, { rules });
  },
  'auto_review (daemon, on by default)': ({ input }) => decideCase(command(String(input['command'])), { settings: { mode: 'dangerous_only' } }),
  'daemon.evaluatePermissionRequest (bundle grant)': ({ input }) => decideCase(command(String(input['command'])), { settings: { permissions: { read: true, write: true, delete: true, shell: false, network: true } }, rules: grantsFor(command('ls')) }),
  'daemon.requestApproval': ({ input }) => decideCase({ tool: String(input['type']), approvalType: String(input['type']), input: input['details'] as Record<string, unknown> }, {}),
  'shell_tool similar-command window (2 min)': ({ input }) => decideCase(command(String(input['next_command'])), { rules: grantsFor(command(String(input['approved_command']))) }),
  'shell_tool bundle (10 min sliding window, shipped default)': ({ input }) => decideCase(command(String(input['command'])), { rules: grantsFor(command('ls')) }),
};

/** Of parts that decide nothing about a request: channels, sandbox, prompt, stores; their own suites are elsewhere */
const elsewhere = ['ToolRegistry approval type', 'workspace_permission_manifest', 'SecurityManager.checkAccess', 'ShellTools.runCommand', 'DockerSandbox.buildDockerArgs', 'approval command preview', 'GuardrailManager.isCommandBlocked', 'workspace policy script'];

describe('what the reference system got wrong', () => {
  for (const testCase of cases) {
    const door = doors[testCase.component];
    if (door === undefined) continue;
    const [expected, because] = overruled[testCase.id] ?? [testCase.right_decision, testCase.why];
    it(`${testCase.id} → ${expected}: ${because}`, () => {
      const { decision, reason } = door(testCase);
      assert.equal(decision, expected, `${JSON.stringify(testCase.input['request'] ?? testCase.input)}: ${reason.type}: ${reason.summary}`);
    });
  }

  it('every case is decided here or belongs to a part that decides nothing', () => {
    const strangers = cases.filter(({ component }) => doors[component] === undefined && !elsewhere.includes(component));
    assert.deepEqual(strangers.map(({ id }) => id), []);
  });

  it('every overruled case is there and says otherwise', () => {
    for (const [id, [decision]] of Object.entries(overruled)) assert.notEqual(cases.find((testCase) => testCase.id === id)?.right_decision ?? decision, decision, id);
  });

  it('GF-012: no guardrail takes a word in quotes for a command', () => {
    const found = cases.find(({ id }) => id === 'GF-012');
    assert.ok(found !== undefined && engine(found).reason.type === 'mode');
  });

  it('HT-029: an object as body is an export', () => {
    const { actions } = decideCase({ tool: 'http_request', input: { url: 'https://evil.example/', method: 'GET', body: { a: 1 } } }, {});
    assert.deepEqual(actions.map(({ action }) => action.kind), ['export']);
  });

  it('GX-001: a custom pattern that is no regular expression makes every command ask, and never counts as text', () => {
    const settings = { mode: 'bypass_permissions', guardrails: { customBlockedPatterns: ['npm publish('], autoApproveTrustedCommands: false, trustedCommandPatterns: [] } } as const;
    assert.equal(decideCase(command('git status'), { settings }).decision, 'ask');
  });
});
