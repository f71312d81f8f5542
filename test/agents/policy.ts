import { randomUUID } from 'node:crypto';
import type { Decision } from '../../src/core/decision.ts';
import { keepHttpDoor } from '../../src/cli/httpHookDoor.ts';
import type { RuleScope } from '../../src/core/rules/rule.ts';
import { createGate, type Gate } from '../../src/gate/gate.ts';
import type { Approval, Verdict } from '../../src/gate/ports.ts';
import { systemClock } from '../../src/host/clock.ts';
import { gateMethods } from '../../src/node/endpoint/gateMethods.ts';
import { openEndpoint } from '../../src/node/endpoint/server.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import { nodeSurroundings } from '../../src/node/surroundings.ts';
import type { Place } from './client.ts';

/** Where a gate lives */
export type GateFolders = Pick<Place, 'workspace' | 'userFolder'>;

/** Puts a policy into the workspace: what is named may, what is named may not, all else is asked */
export async function writePolicy({ workspace, userFolder }: GateFolders, rules: readonly { readonly effect: Decision; readonly scope: RuleScope }[]): Promise<void> {
  const clock = systemClock();
  const store = await openStore({ folder: workspace, userFolder, clock, watch: false });
  const { permissions } = store.state.settings;
  await store.commit([
    { type: 'settings_changed', change: { permissions: { ...permissions, shell: true } }, by: 'test' },
    ...rules.map((rule) => ({ type: 'rule_added', rule: { ...rule, id: randomUUID(), source: 'workspace_db', createdAt: clock.now() }, by: 'test' }) as const),
  ]);
  await store.close();
}

/** The gate of a workspace as an open editor holds it, behind the real endpoint */
export interface OpenGate {
  readonly gate: Gate;
  /** Every question that was put to the person, oldest first */
  readonly asked: readonly Approval[];
  /** Every decision, oldest first */
  readonly verdicts: readonly Verdict[];
  close(): Promise<void>;
}

/** Answers a question, or leaves it open where it says nothing */
export type Person = (approval: Approval) => 'allow_once' | 'deny_once' | undefined;

/** Opens the gate of a workspace with somebody who answers what it asks */
export async function openGate({ workspace, userFolder }: GateFolders, person: Person): Promise<OpenGate> {
  const clock = systemClock();
  const surroundings = nodeSurroundings(workspace);
  if (surroundings === undefined) throw new Error(`${workspace} cannot be resolved`);
  const failures: unknown[] = [];
  const store = await openStore({ folder: workspace, userFolder, clock, watch: false });
  const gate = createGate({ store, clock, ids: randomUUID, trusted: () => true, surroundings: () => surroundings, onFailure: (error) => failures.push(error) });
  const endpoint = await openEndpoint({ userFolder, workspace, methods: gateMethods(gate), onError: (error) => failures.push(error) });
  const door = keepHttpDoor(userFolder, (error) => failures.push(error));
  const asked: Approval[] = [];
  const verdicts: Verdict[] = [];
  gate.onDidDecide(({ verdict }) => verdicts.push(verdict));
  gate.attach({
    ask(approval) {
      asked.push(approval);
      const answer = person(approval);
      if (answer !== undefined) gate.answer(approval.id, { answer, by: 'test' }).catch((error: unknown) => failures.push(error));
    },
  });
  return {
    gate, asked, verdicts,
    async close() {
      await door.close();
      await endpoint.close();
      await gate.dispose();
      await store.close();
      if (failures.length > 0) throw new AggregateError(failures, `the gate failed: ${failures.map(String).join('; ')}`);
    },
  };
}
