import assert from 'node:assert/strict';
import { scopeChoices, scopeText, withScopeText } from '../../../src/host/prompt/scopeChoices.ts';

describe('Scopes offered beside the one a rule would get', () => {
  it('take words off a command from the end, down to its first', () => {
    assert.deepEqual(scopeChoices({ kind: 'command_prefix', prefix: 'npm run build' }, 'run_command', '/w').map(scopeText), ['npm run build', 'npm run', 'npm']);
  });
  it('climb from a file to the workspace folder and no further', () => {
    const choices = scopeChoices({ kind: 'path', path: '/w/src/a.ts', toolName: 'write_file' }, 'write_file', '/w');
    assert.deepEqual(choices.map((choice) => choice.kind === 'path' && [choice.path, choice.toolName]), [['/w/src/a.ts', 'write_file'], ['/w/src', 'write_file'], ['/w', 'write_file'], ['/w/src/a.ts', undefined]]);
  });
  it('do not climb from a file outside the workspace', () => {
    assert.deepEqual(scopeChoices({ kind: 'path', path: '/wide/a.ts', toolName: 't' }, 't', '/w').map(scopeText), ['/wide/a.ts', '/wide/a.ts']);
  });
  it('widen a host to its siblings, never to a whole top-level domain', () => {
    assert.deepEqual(scopeChoices({ kind: 'domain', domain: 'api.example.com', toolName: 'web_fetch' }, 'web_fetch', '/w').map(scopeText), ['api.example.com', 'api.example.com', '*.example.com']);
    assert.deepEqual(scopeChoices({ kind: 'domain', domain: 'example.com', toolName: 'web_fetch' }, 'web_fetch', '/w').map(scopeText), ['example.com', 'example.com']);
    assert.deepEqual(scopeChoices({ kind: 'domain', domain: '10.0.0.1', toolName: 'web_fetch' }, 'web_fetch', '/w').map(scopeText), ['10.0.0.1', '10.0.0.1']);
  });
  it('never become a blank text, which would mean everything', () => {
    assert.equal(withScopeText({ kind: 'command_prefix', prefix: 'npm' }, '  '), undefined);
    assert.deepEqual(withScopeText({ kind: 'command_prefix', prefix: 'npm' }, ' npm ci '), { kind: 'command_prefix', prefix: 'npm ci' });
  });
});
