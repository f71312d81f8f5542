import { readRestrictions, securityModeIn } from '../core/policy/channelSettings.ts';
import type { StoredState } from './ports.ts';

/** What the check list says of the channels that are on (spec 12); ids of channels in each list */
export interface ChannelFindings {
  /** Everybody is let in somewhere */
  readonly open: readonly string[];
  /** Groups may use tools that give out what is remembered */
  readonly loose: readonly string[];
  /** Nobody has paired yet */
  readonly untried: readonly string[];
}

/** Looks at the channels that are on; `undefined` where none is */
export function channelFindings({ settings, channels = {} }: Pick<StoredState, 'settings' | 'channels'>): ChannelFindings | undefined {
  const on = Object.entries(settings.channels ?? {}).filter(([, { enabled }]) => enabled);
  if (on.length === 0) return undefined;
  const idsOf = (wanted: (typeof on)): readonly string[] => wanted.map(([id]) => id);
  return {
    open: idsOf(on.filter(([, own]) => securityModeIn(own, 'direct') === 'open' || securityModeIn(own, 'group') === 'open')),
    loose: idsOf(on.filter(([, { contexts }]) => !readRestrictions(contexts.group.restrictions).some((entry) => entry === 'group:memory' || entry === '*'))),
    untried: idsOf(on.filter(([id]) => channels[id]?.users.some(({ state }) => state === 'paired') !== true)),
  };
}
