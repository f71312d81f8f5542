import { budgetsOf } from '../core/policy/budgets.ts';
import { visible } from '../core/visible.ts';
import { standingOf } from '../gate/budgets.ts';
import { standingText } from '../gate/budgetText.ts';
import { taskName } from '../gate/taskName.ts';
import { isOver } from '../gate/taskUse.ts';
import { userFolder } from '../node/userFolder.ts';
import { withAloneGate } from './aloneGate.ts';
import { author, withStore } from './ownGate.ts';
import { workspaceFolder } from './place.ts';
import { type Console, FailedError, type Flags, type Verb, UsageError, commonDetails } from './verb.ts';

/** `tasks list|more`: what agents have used of their budgets, and more of it */
export const tasksVerb: Verb = {
  usage: 'tasks list | tasks more ID',
  summary: 'show what tasks have used of their budgets, or give one more',
  details: [
    'A task is one session of an agent. ID is the first word of its line.',
    '“more” gives once more what is used up, and lets a task go on that was stopped. Where an editor holds the folder, give it there.',
    '',
    ...commonDetails,
  ],
  options: {},
  async run([what, ...words], flags, console) {
    const [id] = words;
    if (what === 'list' && id === undefined) return list(flags, console);
    if (what === 'more' && id !== undefined && words.length === 1) return more(id, flags, console);
    throw new UsageError('say “tasks list” or “tasks more ID”');
  },
};

async function list(flags: Flags, console: Console): Promise<number> {
  const { tasks = [], settings } = await withStore(flags, console, ({ state }) => Promise.resolve(state));
  const budgets = budgetsOf(settings.limits);
  const going = tasks.filter((task) => !isOver(task, console.now())).toReversed();
  if (flags['json'] === true) {
    await console.print(going.map(({ session, since, last, use, stoppedBy }) => `${JSON.stringify({ id: session, since, last, use, stopped: stoppedBy !== undefined })}\n`).join(''));
  } else if (going.length === 0) {
    await console.print('No task has begun.\n');
  } else {
    const rest = (task: (typeof going)[number]): string => [taskName(task), ...standingOf(task, budgets).map((each) => standingText(each)), ...(task.stoppedBy === undefined ? [] : ['stopped'])].join(', ');
    await console.print(going.map((task) => `${visible(task.session)}  ${rest(task)}\n`).join(''));
  }
  return 0;
}

/** Not through the endpoint: another program of this user could ask for it there, and the editor asks a person */
async function more(id: string, flags: Flags, console: Console): Promise<number> {
  const given = await withAloneGate(workspaceFolder(flags, console), userFolder(), (gate) => gate.grantBudget(id, author));
  if (!given.ok) throw new FailedError(given.problem.code === 'busy' ? 'An editor holds this folder. Give the task more there: in the policy panel, section Sandbox and Limits.' : given.problem.message);
  if (!given.result.ok) throw new FailedError(given.result.reason);
  await console.print(flags['json'] === true ? `${JSON.stringify({ id })}\n` : `It may go on: ${visible(id)}\n`);
  return 0;
}
