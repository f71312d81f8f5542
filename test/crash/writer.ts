// Commits as fast as it can and says on standard output what was acknowledged, one JSON a line, until it is killed
import { writeSync } from 'node:fs';
import type { Entry } from '../../src/gate/entry.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { randomOf } from './random.ts';

const [workspace = '', user = '', seed = '0', round = '0'] = process.argv.slice(2);
const random = randomOf(Number(seed));
const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const store = await openStore({
  folder: workspace, userFolder: user, watch: false,
  clock: {
    now: () => Date.now(),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return { dispose: () => clearTimeout(timer) };
    },
  },
});
say({ opened: store.state.problems.map(({ code, message }) => `${code}: ${message}`), closed: store.state.closedBecause?.message, rules: store.state.workspaceRules.map(({ id }) => id) });

let count = 0;
const next = (): string => `${round}-${(count += 1)}`;
const rule = (): Rule => {
  const id = next();
  return { id, source: 'workspace_db', effect: random() < 0.5 ? 'allow' : 'deny', scope: { kind: 'command_prefix', prefix: `make ${id}` }, createdAt: Date.now() };
};
const note = (size: number): Entry => ({ type: 'problem', code: next(), message: 'x'.repeat(size) });

/** Commits, and tells before and after; what was announced and not acknowledged may be there or not */
async function commit(entries: readonly Entry[]): Promise<void> {
  const what = entries.map((entry) => {
    if (entry.type === 'rule_added') return { added: entry.rule.id };
    if (entry.type === 'rule_removed') return { removed: entry.rule.id };
    return { note: entry.type === 'problem' ? entry.code : entry.type };
  });
  say({ trying: what });
  await store.commit(entries);
  say({ acknowledged: what });
}

for (;;) {
  const dice = random();
  if (dice < 0.4) await Promise.all(Array.from({ length: 8 }, () => commit([note(200)])));
  else if (dice < 0.55) await commit([note(2000), note(2000)]);
  else if (dice < 0.7) await commit([{ type: 'rule_added', rule: rule(), by: 'writer' }]);
  else if (dice < 0.78) {
    const [first] = store.state.workspaceRules;
    if (first !== undefined) await commit([{ type: 'rule_removed', rule: first, by: 'writer' }]);
  } else if (dice < 0.9) await store.checkpoint();
  // Fills a journal file, so that it is closed and the next one begun
  else await Promise.all(Array.from({ length: 30 }, () => commit([note(12_000)])));
}
