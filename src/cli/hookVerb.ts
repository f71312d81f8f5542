import { clients } from '../agents/clients.ts';
import { type Verb, UsageError } from './verb.ts';

/** `hook`: only its help. The call itself goes past all other verbs (`main.ts`), so that an agent waits for as little as can be */
export const hookVerb: Verb = {
  usage: 'hook CLIENT [--deadline SECONDS] [--user-folder DIR] [--probe]',
  summary: 'answer one hook call of an agent; “install” sets this up',
  details: [
    `CLIENT            ${clients.map(({ id }) => id).join(' | ')}`,
    '--deadline N      seconds until it is denied unanswered; shorter than the agent’s own time-out',
    '--user-folder DIR your folder of CoWork Policy, whatever the environment says',
    '--probe           a trial: not noted as a call of the agent',
    '',
    'Reads the call from standard input and answers on standard output in the agent’s own form. A denial is that, its reason on',
    'standard error, and exit code 2; so is everything that goes wrong.',
  ],
  options: { deadline: { type: 'string' }, 'user-folder': { type: 'string' }, probe: { type: 'boolean' } },
  run: () => Promise.reject(new UsageError('put the name of the agent right behind “hook”')),
};
