import assert from 'node:assert/strict';
import type { Answer } from '../../src/core/decide/evaluation.ts';
import type { Verdict } from '../../src/gate/ports.ts';
import type { PolicyEditor, Workspace } from './policyEditor.ts';
import { useEditor } from './useEditor.ts';

/** The eight answers, as a person reads them, in the order of the prompt */
const cases: readonly { answer: Answer; label: string }[] = [
  { answer: 'deny_once', label: 'Deny once' },
  { answer: 'allow_once', label: 'Allow once' },
  { answer: 'deny_session', label: 'Deny for this session' },
  { answer: 'allow_session', label: 'Allow for this session' },
  { answer: 'deny_workspace', label: 'Deny for this workspace' },
  { answer: 'allow_workspace', label: 'Allow for this workspace' },
  { answer: 'deny_profile', label: 'Deny for all my workspaces' },
  { answer: 'allow_profile', label: 'Allow for all my workspaces' },
];

describe('The eight answers of the prompt', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({}, (opened) => {
    ({ workspace, editor } = opened);
  });

  const fileOf = (answer: Answer) => `notes/${answer}.md`;
  const write = (answer: Answer): Promise<Verdict> => editor.ask({ tool: 'write_file', input: { path: fileOf(answer), content: `written by ${answer}` } });
  const decisionOf = (answer: Answer) => (answer.startsWith('allow') ? 'allow' : 'deny');
  const written = (answer: Answer) => workspace.read(fileOf(answer));

  it('are offered in the order of once, session, workspace, profile, with deny before allow and Deny once active', async () => {
    const verdict = write('deny_once');
    await editor.prompted('Sample Agent wants to change a file');
    const offered = (await editor.rows()).flatMap((row) => cases.find(({ label }) => row.includes(label))?.label ?? []);
    assert.deepEqual(offered, cases.map(({ label }) => label));
    assert.match(await editor.prompt.locator('.monaco-list-row.focused').getAttribute('aria-label') ?? '', /Deny once/);
    await editor.page.keyboard.press('Enter');
    assert.equal((await verdict).decision, 'deny');
    assert.equal(written('deny_once'), undefined);
  });

  for (const { answer, label } of cases.slice(1)) {
    it(`${label}: the agent is told, and the file is ${decisionOf(answer) === 'allow' ? 'written' : 'left alone'}`, async () => {
      const verdict = write(answer);
      await editor.prompted('Sample Agent wants to change a file');
      await editor.choose(label);
      const { decision, settledBy, answer: given } = await verdict;
      assert.deepEqual({ decision, settledBy, given }, { decision: decisionOf(answer), settledBy: 'person', given: answer });
      if (decision === 'allow') await editor.until('the file is written', () => written(answer) === `written by ${answer}`);
      else assert.equal(written(answer), undefined);
    });
  }

  describe('after a reload of the window', () => {
    before(async () => {
      await editor.reload();
      await editor.until('the checkpoint is written', async () => (await workspace.query("SELECT id FROM audit_log WHERE action = 'decision'")).length >= cases.length);
    });

    for (const { answer, label } of cases) {
      const [, reach] = answer.split('_');
      const decision = decisionOf(answer);
      const target = fileOf(answer);

      it(`${label} is found in the journal and in policy.db`, async () => {
        const entry = workspace.journal().find((recorded) => recorded.type === 'decision' && recorded.answer === answer);
        assert.ok(entry?.type === 'decision');
        assert.deepEqual([entry.decision, entry.settledBy, entry.by], [decision, 'person', 'editor']);
        const [row] = await workspace.query(`SELECT details FROM audit_log WHERE action = 'decision' AND details LIKE '%"answer":"${answer}"%'`);
        assert.ok(row, 'policy.db has the decision');
      });

      it(`${label} is found as ${reach === 'once' ? 'no rule' : `a rule of the ${reach}`}`, async () => {
        const inDatabase = (await workspace.query(`SELECT source, effect FROM workspace_permission_rules WHERE scope_path LIKE '%${target}'`)).map((row) => `${String(row['source'])} ${String(row['effect'])}`);
        const inMirror = workspace.mirror().filter((rule) => rule.scope['path']?.endsWith(target)).map((rule) => rule.effect);
        const inProfile = workspace.profile().filter((rule) => rule.scope.kind === 'path' && rule.scope.path.endsWith(target)).map((rule) => rule.effect);
        assert.deepEqual({ inDatabase, inMirror, inProfile }, {
          inDatabase: reach === 'session' ? [`session ${decision}`] : reach === 'workspace' ? [`workspace_db ${decision}`] : [],
          inMirror: reach === 'workspace' ? [decision] : [],
          inProfile: reach === 'profile' ? [decision] : [],
        });
      });

      it(`${label} ${reach === 'once' ? 'is asked again' : 'answers the same request by itself'}`, async () => {
        const verdict = write(answer);
        if (reach === 'once') {
          await editor.prompted('Sample Agent wants to change a file');
          await editor.choose('Deny once');
        }
        const { decision: second, settledBy } = await verdict;
        assert.deepEqual([second, settledBy], reach === 'once' ? ['deny', 'person'] : [decision, 'policy']);
      });
    }
  });
});
