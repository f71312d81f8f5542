import { visible } from '../core/visible.ts';
import type { TaskUse } from './taskUse.ts';
import { english, type Words } from './words.ts';

/** Who works on a task; a session's name was made of the agent's kind, name and session */
export function taskName({ session }: Pick<TaskUse, 'session'>, words: Words = english): string {
  const [kind = '', name = '', own = ''] = session.split('/').map(decoded);
  const agent = name === '' ? (kind === 'user' ? words.t('A user') : kind === 'channel' ? words.t('A channel') : words.t('An agent')) : name;
  return visible(own === '' ? agent : `${agent} (${own})`).slice(0, 120);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A name that somebody gave themselves; it is shown as it is
    return part;
  }
}
