import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileBlockedPatterns } from '../../../../src/core/policy/blockedPatterns.ts';
import { compileLinear, findLinear, PatternError } from '../../../../src/core/policy/linearPattern.ts';
import { ask, exec, files, policy } from './given.ts';

const blocking = (...customBlockedPatterns: string[]) => policy({ mode: 'bypass_permissions', guardrails: { customBlockedPatterns, autoApproveTrustedCommands: false, trustedCommandPatterns: [] } });

describe('blocked patterns', () => {
  it('deny a command by its words, by a reading of it and by the whole text', () => {
    const under = blocking('npm\\s+publish', 'first.*second');
    assert.equal(ask({ actions: [exec('npm publish')] }, under).decision, 'deny');
    assert.equal(ask({ actions: [exec('npm publish')] }, under).reason.pattern, 'npm\\s+publish');
    assert.equal(ask({ actions: [exec('npm --silent publish', { readings: [['npm', 'publish']] })] }, under).decision, 'deny');
    assert.equal(ask({ actions: [exec('a'), exec('b')], more: { command: 'first; second' } }, under).decision, 'deny');
    assert.equal(ask({ actions: [exec('npm test')] }, under).decision, 'allow');
  });

  it('speak before the capabilities', () => {
    const under = policy({ permissions: { read: true, write: true, delete: true, shell: false, network: true }, guardrails: { customBlockedPatterns: ['npm'], autoApproveTrustedCommands: false, trustedCommandPatterns: [] } });
    assert.equal(ask({ actions: [exec('npm publish')] }, under).reason.pattern, 'npm');
    assert.equal(ask({ actions: [exec('ls')] }, under).reason.capability, 'shell');
  });

  it('ignore case', () => assert.equal(ask({ actions: [exec('NPM Publish')] }, blocking('npm publish')).decision, 'deny'));

  it('a text too long to be tested asks', () => {
    assert.equal(ask({ actions: [exec('echo')], more: { command: `echo ${'a'.repeat(70_000)}` } }, blocking('zzz')).decision, 'ask');
  });

  it('a pattern that cannot be used makes every command ask until it is mended, and nothing else', () => {
    const under = blocking('(');
    assert.equal(under.problems.length, 1);
    assert.equal(ask({ actions: [exec('ls', { class: 'read' })] }, under).decision, 'ask');
    assert.equal(ask({ actions: [files('read', '/ws/a')] }, under).decision, 'allow');
  });

  for (const source of ['(', 'a)', '[a', '*', 'a**', '(?=x)', '(?<!x)', '(a)\\1', '\\', 'a{3,1}', '\\p{L}', '^*', '(?:a{999}){999}', '('.repeat(60)]) {
    it(`${source.slice(0, 20)} is refused with a reason`, () => {
      assert.throws(() => compileLinear(source), PatternError);
      assert.equal(compileBlockedPatterns([source]).problems.length, 1);
    });
  }

  it('find what the language’s own expressions find', () => {
    const atom = fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '\\s', '[ab]', '[^a]', '[a-c]', '\\b', '^', '$', '1', ' ');
    const quantified = fc.tuple(fc.constantFrom('a', 'b', '.', '\\w', '[ab]', '(?:ab)', '(a|b)'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?')).map(([part, count]) => part + count);
    const pattern = fc.array(fc.oneof(atom, quantified, fc.constant('|')), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '\n'), maxLength: 12 }), (source, text) => {
        assert.equal(findLinear(compileLinear(source), text, { left: 1e6 }), new RegExp(source, 'i').test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('patterns that make others hang end within the budget', () => {
    const text = `${'a'.repeat(60_000)}!`;
    for (const source of ['(a+)+$', '(a|a)*b', '(.*)*x', 'a*a*a*a*a*b', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      const budget = { left: 5_000_000 };
      assert.notEqual(findLinear(compileLinear(source), text, budget), true);
    }
    const fifty = blocking(...Array.from({ length: 50 }, (_, index) => `(a|b|ab)*${index}x(c|d)*$`));
    assert.equal(ask({ actions: [exec('echo')], more: { command: text } }, fifty).decision, 'ask');
  });
});
