import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Described } from '../../src/core/action.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { decide } from '../../src/core/decide/decide.ts';
import { isStricter } from '../../src/core/decision.ts';
import type { Evaluation } from '../../src/core/decide/evaluation.ts';
import type { RawPolicy } from '../../src/core/policy/policy.ts';
import type { Rule, RuleSource } from '../../src/core/rules/rule.ts';
import { isSecret, naiveAnswer } from './naive.ts';
import { described, now, policyWith, rules, scope } from './worlds.ts';

const place = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux' } as const;
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

function run(raw: RawPolicy, request: Described): Evaluation {
  return decide({ tool: request.tool }, request, compilePolicy(raw, place, { repositoryAllows: true }), { now, holds: [] });
}

/** Checks with a seed that the report names, so that a failure can be run again */
function holds<Given extends [unknown, ...unknown[]]>(arbitraries: { [Key in keyof Given]: fc.Arbitrary<Given[Key]> }, check: (...given: Given) => void, numRuns = 2000): void {
  fc.assert(fc.property(...(arbitraries as unknown as [fc.Arbitrary<Given[0]>]), check as unknown as (given: Given[0]) => void), { seed, numRuns });
}

/** A secret read beside a fetch turns the fetch into an export before rules are looked at; the naive engine leaves that out */
const joinsSecret = (request: Described): boolean => request.actions.some((action) => action.kind === 'fetch') && request.actions.some((action) => action.kind === 'read' && isSecret(action.path));

describe(`deciding, over random worlds (PROPERTY_SEED=${seed})`, () => {
  it('the indexed engine equals a naive one', () => {
    let compared = 0;
    holds([policyWith(), described], (raw, request) => {
      fc.pre(!joinsSecret(request));
      const evaluation = run(raw, request);
      for (const { action, decision } of evaluation.actions) {
        assert.equal(decision, naiveAnswer(action, request, raw, now), (JSON.stringify(action)));
        compared++;
      }
    }, 20_000);
    assert.ok(compared > 10_000);
  });

  it('adding a deny never loosens', () => {
    holds([policyWith(), described, scope, fc.constantFrom<RuleSource>('managed', 'session', 'workspace_db', 'workspace_manifest', 'profile')], (raw, request, denied, source) => {
      const before = run(raw, request).decision;
      const after = run({ ...raw, rules: [...raw.rules, { id: 'zz', source, effect: 'deny', scope: denied, createdAt: 0 }] }, request).decision;
      assert.ok(!isStricter(before, after), `${before} became ${after}`);
    });
  });

  it('adding an allow never tightens, but where plan holds all allows down', () => {
    const mode = fc.constantFrom('default' as const, 'accept_edits' as const, 'dangerous_only' as const, 'dont_ask' as const, 'bypass_permissions' as const);
    holds([policyWith(mode), described, scope, fc.constantFrom<RuleSource>('managed', 'session', 'workspace_db', 'workspace_manifest', 'profile', 'legacy_guardrails')], (raw, request, allowed, source) => {
      const before = run(raw, request).decision;
      const after = run({ ...raw, rules: [...raw.rules, { id: 'zz', source, effect: 'allow', scope: allowed, createdAt: 0 }] }, request).decision;
      assert.ok(!isStricter(after, before), `${before} became ${after}`);
    });
  });

  it('adding an action never loosens', () => {
    holds([policyWith(), described, described], (raw, request, more) => {
      const before = run(raw, request).decision;
      const after = run(raw, { ...request, actions: [...request.actions, ...more.actions.map((action) => ({ ...action, owner: -1 }))] }).decision;
      assert.ok(!isStricter(before, after), `${before} became ${after}`);
    });
  });

  it('the order of rules does not show', () => {
    holds([policyWith(), described, fc.infiniteStream(fc.nat())], (raw, request, numbers) => {
      const keys = new Map(raw.rules.map((rule) => [rule, numbers.next().value]));
      const shuffled = [...raw.rules].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
      assert.deepEqual(run({ ...raw, rules: shuffled }, request), run(raw, request));
    });
  });

  it('an answer that is offered holds for the same request the next time', () => {
    let asked = 0;
    const sources = { session: 'session', workspace: 'workspace_db', profile: 'profile' } as const;
    holds([policyWith(), described], (raw, request) => {
      const evaluation = run(raw, request);
      for (const [lasting, source] of Object.entries(sources) as [keyof typeof sources, RuleSource][]) {
        for (const effect of ['allow', 'deny'] as const) {
          if (!evaluation.suggestions.includes(`${effect}_${lasting}`)) continue;
          asked++;
          const written: Rule[] = evaluation.actions.flatMap((evaluated, index) => (evaluated.decision === 'ask' && evaluated.remember !== undefined ? [{ id: `new${index}`, source, effect, scope: evaluated.remember, createdAt: now }] : []));
          assert.equal(run({ ...raw, rules: [...raw.rules, ...written] }, request).decision, effect, `${effect}_${lasting} ${JSON.stringify(written)}`);
        }
      }
    }, 5000);
    assert.ok(asked > 1000);
  });

  it('a lasting deny is in the suggestions exactly where the lasting allow is', () => {
    holds([policyWith(), described], (raw, request) => {
      const { suggestions, decision } = run(raw, request);
      assert.equal(suggestions.length > 0, decision === 'ask');
      for (const lasting of ['once', 'session', 'workspace', 'profile'] as const) assert.equal(suggestions.includes(`allow_${lasting}`), suggestions.includes(`deny_${lasting}`));
      if (request.actions.some(({ kind }) => kind === 'locate')) assert.ok(!suggestions.includes('allow_session'));
    });
  });

  it('what a rule blocks on one path is never allowed through a glob or a folder that takes in that path', () => {
    const names = ['a', 'b', 'src', 'x.ts'];
    const universe = ['/ws', '/data'].flatMap((root) => [root, ...names.map((one) => `${root}/${one}`), ...names.flatMap((one) => names.map((two) => `${root}/${one}/${two}`))]);
    const globs = fc.tuple(fc.constantFrom('/ws', '/data'), fc.array(fc.constantFrom('a', 'src', '*', '?', '*.ts', 's*', '?r?'), { minLength: 1, maxLength: 2 })).map(([root, parts]) => [root, ...parts].join('/'));
    let met = 0;
    holds([policyWith(fc.constant('dont_ask' as const)), globs, fc.boolean(), fc.constantFrom('read' as const, 'delete' as const)], (raw, glob, recursive, kind) => {
      const wide = { ...raw, unrestrictedFileAccess: true };
      const of = (path: string, more: object): Evaluation => run(wide, { tool: 'write_file', actions: [{ kind, target: path, path, ...more }], groups: [], needsNetwork: false, needsShell: false });
      const pattern = new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('?', '[^/]').replaceAll('*', '[^/]*')}${recursive ? '(?:/.*)?' : ''}$`);
      const blocked = universe.filter((path) => pattern.test(path) && of(path, {}).actions[0]?.rule?.effect === 'deny');
      if (blocked.length === 0) return;
      met++;
      assert.notEqual(of(glob, { glob: true, ...(recursive ? { recursive: true } : {}) }).decision, 'allow', `${glob} takes in ${blocked[0] ?? ''}`);
    }, 4000);
    assert.ok(met > 100);
  });

  it('bypass keeps denies: what only denies and allows deny elsewhere is denied there too', () => {
    holds([rules, policyWith(), described], (given, raw, request) => {
      const explicit = given.filter(({ effect }) => effect !== 'ask');
      const elsewhere = run({ ...raw, mode: 'dont_ask', rules: explicit }, request);
      const bypassed = run({ ...raw, mode: 'bypass_permissions', rules: explicit }, request);
      if (elsewhere.decision === 'deny') assert.equal(bypassed.decision, 'deny');
    });
  });

  it('neither mode nor any rule allows what is doubtful, unreadable, exported without being named, or the location', () => {
    holds([policyWith(), described], (raw, request) => {
      for (const { action, decision, rule } of run(raw, request).actions) {
        if (action.uncertain !== undefined || action.kind === 'locate' || (action.kind === 'exec' && action.class === 'unreadable')) assert.notEqual(decision, 'allow');
        if (action.kind === 'export' && decision === 'allow') assert.ok(rule !== undefined && rule.scope.kind !== 'tool' && ['managed', 'session', 'workspace_db', 'profile'].includes(rule.source));
      }
    });
  });

  it('a rule of the repository never loosens what everything else decided', () => {
    holds([policyWith(), described], (raw, request) => {
      const own = raw.rules.filter(({ source }) => source !== 'workspace_manifest' && !source.startsWith('legacy'));
      const blockers = own.filter(({ effect }) => effect !== 'allow');
      if (blockers.length === 0) return;
      const alone = run({ ...raw, rules: own }, request);
      const together = run(raw, request);
      alone.actions.forEach((evaluated, index) => {
        const other = together.actions[index];
        if (evaluated.rule !== undefined && other !== undefined) assert.ok(!isStricter(evaluated.decision, other.decision));
      });
    });
  });
});
