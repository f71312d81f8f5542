import assert from 'node:assert/strict';
import type { Approval } from '../../../src/gate/ports.ts';
import { promptText } from '../../../src/gate/promptText.ts';
import type { PromptText } from '../../../src/gate/promptText.ts';
import { recordedRequest, recordedText } from '../../../src/gate/recorded.ts';
import { holdsSecret, withoutSecrets } from '../../../src/gate/secretText.ts';
import { askAndAnswer, send, settled, shell, testGate, workspace, write } from './testGate.ts';

async function promptFor(request: object, prepare: (approval: Approval) => Approval = (approval) => approval): Promise<PromptText> {
  const test = testGate();
  const verdict = test.gate.check(request);
  await settled();
  const [approval] = test.gate.pending;
  if (approval === undefined) throw new Error(`nothing was asked, but: ${(await verdict).message}`);
  const text = promptText(prepare(approval));
  await test.gate.dispose();
  await verdict;
  return text;
}

const agent = { kind: 'agent', name: 'Claude Code', session: 's1' };

describe('the text of a prompt', () => {
  for (const [request, title, target, why] of [
    [shell('make install left-pad'), 'Claude Code wants to run a command', 'make install left-pad', 'Shell commands ask in this mode (default).'],
    [shell('rm -r build'), 'Claude Code wants to run a command that deletes files', 'rm -r build', undefined],
    [shell('git push origin main'), 'Claude Code wants to run a command that sends data out', 'git push origin main', undefined],
    [write('src/a.ts'), 'Claude Code wants to change a file', `${workspace}/src/a.ts`, 'File changes ask in this mode (default).'],
    [{ tool: 'delete_file', input: { path: 'a.txt' }, actor: agent }, 'Claude Code wants to delete a file', `${workspace}/a.txt`, 'Deletes ask in this mode (default).'],
    [{ tool: 'rename_file', input: { oldPath: 'a.txt', newPath: 'b.txt' }, actor: agent }, 'Claude Code wants to rename a file', `${workspace}/a.txt, ${workspace}/b.txt`, undefined],
    [send('https://api.example.com/v1'), 'Claude Code wants to send data out', 'https://api.example.com/v1', 'Sends data to https://api.example.com by POST.|Sending data out asks in every mode.'],
    [{ tool: 'get_current_location' }, 'An agent wants to know where you are', 'get_current_location', 'Your location is asked about in every mode.'],
    [{ tool: 'frobnicate', actor: { kind: 'channel' } }, 'A channel wants to use an unknown tool', 'frobnicate', 'Unknown tools ask in this mode (default).'],
  ] as const) {
    it(`${target}: ${title}`, async () => {
      const text = await promptFor(request);
      assert.deepEqual([text.title, text.target, text.full], [title, target, undefined]);
      if (why !== undefined) assert.deepEqual(text.why, why.split('|'));
    });
  }

  it('says what a guarded file can do later, and offers once only', async () => {
    const text = await promptFor(write('.vscode/tasks.json'));
    assert.match(text.why[0] ?? '', /^Protected: It changes \.vscode\/tasks\.json, which can run commands when the folder is opened/);
    assert.deepEqual([text.answers, text.rules], [['deny_once', 'allow_once'], {}]);
  });

  it('shows what each lasting answer would write', async () => {
    const text = await promptFor(shell('make install left-pad'));
    assert.equal(text.rules.allow_workspace, 'commands starting with "make install left-pad"');
    assert.equal(text.rules.allow_once, undefined);
    assert.equal(text.answers.length, 8);
  });

  it('shows where data goes and what was read before', async () => {
    const text = await promptFor(send('https://api.example.com:8443/v1'), (approval) => ({
      ...approval,
      recentReads: [{ path: `${workspace}/.env`, why: 'secret', at: 2 }, { path: `${workspace}/mail.eml`, why: 'untrusted', at: 1 }],
    }));
    assert.deepEqual(text.exportFacts, {
      destination: 'https://api.example.com:8443',
      method: 'POST',
      recentReads: [`${workspace}/.env (secret)`, `${workspace}/mail.eml (from outside)`],
    });
    assert.ok(text.why.includes(`This session has read what may be secret: ${workspace}/.env.`));
  });

  const hidden = '\u202e\u200b\u2066\u0007\r\n\t\u001b[2K';
  for (const [where, request] of [
    ['a command', shell(`echo ok${hidden}; rm -r src`)],
    ['a path', write(`src/${hidden.replaceAll(/[\r\n]/g, '')}.ts`)],
    ['the name of a tool', { tool: `read${hidden}`, actor: agent }],
    ['the name of the agent', { tool: 'frobnicate', actor: { kind: 'agent', name: `Safe${hidden}` } }],
    ['an address', send(`https://example.com/${hidden}`)],
  ] as const) {
    it(`shows hidden characters in ${where}`, async () => {
      const text = await promptFor(request);
      // eslint-disable-next-line no-control-regex
      assert.ok(!/[\u0000-\u001f\u202a-\u202e\u200b-\u200f\u2066-\u2069]/.test(Object.values(text).flat().map(String).join(' ') + JSON.stringify(text.rules)), JSON.stringify(text));
    });
  }

  it('cuts a long command in the middle, never its end, counts what is left out and keeps the whole', async () => {
    const text = await promptFor(shell(`echo ${'a '.repeat(400)}; rm -r src`));
    assert.ok(text.target.startsWith('echo a a'));
    assert.ok(text.target.endsWith('; rm -r src'));
    assert.match(text.target, /… \d+ more characters …/);
    const left = Number(/… (\d+) more/.exec(text.target)?.[1]);
    assert.equal(text.full?.length, text.target.replace(/ … \d+ more characters … /, '').length + left);
  });

  it('names at most four reasons and counts the rest', async () => {
    const text = await promptFor({ tool: 'mcp__x__y', actor: agent, input: {} }, (approval) => ({
      ...approval,
      evaluation: {
        ...approval.evaluation,
        actions: Array.from({ length: 9 }, (_, index) => ({
          action: { kind: 'unknown', target: `t${index}` }, decision: 'ask', reason: { type: 'rule', summary: `Reason ${index}.` }, losing: [],
        })),
      },
    }));
    assert.equal(text.why.length, 5);
    assert.equal(text.why[4], 'And 5 more reasons.');
  });
});

describe('the message to the agent', () => {
  for (const [what, settings, request, message] of [
    ['plan mode', { mode: 'plan' }, write('a.txt'), /^Denied: .*plan.* Finish the plan with reading only; the user can switch the mode\.$/],
    ['a switch that is off', { permissions: { read: true, write: true, delete: true, shell: false, network: true } }, shell('make'), /^Denied: The shell is switched off for this workspace\. The user can change this in the workspace permissions\.$/],
    ['a guardrail', {}, write('.cowork/policy/permissions.json'), /^Denied: .*\.cowork.* No rule or mode lifts this/],
    ['a task without the tool', {}, write('a.txt', 'x', { task: { allow: [] } }), /^Denied: .* go on without it\.$/],
  ] as const) {
    it(`names ${what} and what would help`, async () => {
      const test = testGate({ settings });
      const verdict = await test.gate.check(request);
      assert.equal(verdict.decision, 'deny');
      assert.match(verdict.message, message);
    });
  }

  it('names the rule, and which of several commands ran into it', async () => {
    const test = testGate();
    await test.gate.addRule({ source: 'workspace_db', effect: 'deny', scope: { kind: 'command_prefix', prefix: 'npm publish' } }, 'editor');
    const verdict = await test.gate.check(shell('npm test && npm publish'));
    assert.match(verdict.message, /^Denied \(exec npm publish\): .*The rule is "deny commands starting with "npm publish""; the user can change it\.$/);
  });

  it('says that a denial lasts', async () => {
    const once = await askAndAnswer(testGate(), shell('make'), 'deny_once');
    assert.match(once.verdict.message, /^Denied by the user\. Do not try it another way/);
    const lasting = await askAndAnswer(testGate(), shell('make'), 'deny_workspace');
    assert.match(lasting.verdict.message, /^Denied by the user, also from now on\./);
  });

  it('holds no credential, wherever it would come from', async () => {
    const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123';
    const test = testGate();
    await test.gate.addRule({ source: 'workspace_db', effect: 'deny', scope: { kind: 'command_prefix', prefix: 'deploy' } }, 'editor');
    const denied = await test.gate.check(shell(`make && deploy --token=${token}`));
    assert.equal(denied.decision, 'deny');
    const { verdict } = await askAndAnswer(test, shell('make'), 'deny_once', { comment: `use ${token}` });
    assert.ok(!(denied.message + verdict.message).includes(token));
  });
});

describe('what the record keeps', () => {
  const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123';

  it('a request without credentials and without the text of a long file', () => {
    const kept = recordedRequest({
      tool: 'http_request',
      input: { url: `https://user:hunter22@example.com/?token=abcdef123456`, headers: { Authorization: 'Token 123', accept: 'text/html' }, body: 'x'.repeat(10_000), list: [token, 7, null, true] },
    });
    const text = JSON.stringify(kept);
    for (const secret of ['hunter22', 'abcdef123456', 'Token 123', token]) assert.ok(!text.includes(secret), secret);
    assert.ok(text.includes('text/html'));
    assert.ok(text.includes('(10000 characters)'));
    assert.deepEqual(kept.input?.['list'], ['[secret removed]', 7, null, true]);
  });

  it('an input too big, too deep or with a prototype in it', () => {
    const many = recordedRequest({ tool: 't', input: Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, 'v'.repeat(1_000)])) });
    assert.match(String(many.input?.['omitted']), /characters$/);
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 5_000; level += 1) deep = { deep };
    assert.ok(JSON.stringify(recordedRequest({ tool: 't', input: deep })).length < 1_000);
    const kept = recordedRequest({ tool: 't', input: JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown> });
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    assert.ok(JSON.stringify(kept).includes('__proto__'));
  });

  it('nothing of a question that the journal should not hold', async () => {
    const test = testGate();
    await askAndAnswer(test, shell(`deploy --token=${token}`), 'allow_once', { comment: `with ${token}` });
    assert.ok(!JSON.stringify(test.store.recorded).includes(token));
    assert.equal(test.store.entries('approval_asked').length, 1);
  });

  for (const [text, secret] of [
    ['git clone https://me:p4ssw0rd@example.com/x', true],
    ['curl -H "Authorization: Bearer abcdef0123456789"', true],
    ['export API_KEY=abcdef0123456789', true],
    ['AKIAABCDEFGHIJKLMNOP', true],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----', true],
    ['deploy --password hunter22x', true],
    ['8123456789:AAF_abcdefghijklmnopqrstuvwxyz0123456', true],
    ['MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs', true],
    ['xapp-1-A0123456789-0123456789-abcdef', true],
    ['x-eyJhbGciOiJI.eyJzdWIiOiIx.c2ln', true],
    ['eyJhbGciOiJI eyJzdWIiOiIx.', false],
    ['npm publish --token --dry-run', false],
    ['deploy --password $PASSWORD', false],
    ['deploy --token=$TOKEN', false],
    ['npm run basic authentication tests', false],
    ['git push origin main', false],
    ['cat token.txt', false],
  ] as const) {
    it(`${secret ? 'takes the credential out of' : 'leaves alone'}: ${text.slice(0, 30)}`, () => {
      assert.equal(holdsSecret(text), secret);
      assert.equal(withoutSecrets(text) === text, !secret);
    });
  }

  it('reads a hostile text in time that grows with its length only', () => {
    for (const piece of ['authorization: ', 'token=', '://a:', '-----BEGIN ', 'eyJaaaaaaaa.', '-eyJ', 'sk-', 'password:   ']) {
      assert.ok(withoutSecrets(piece.repeat(200_000)).length > 0);
      assert.ok(recordedText(piece.repeat(200_000)).length < 5_000);
    }
  });
});
