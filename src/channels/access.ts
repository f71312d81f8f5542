import { type ChannelSettings, securityModeIn } from '../core/policy/channelSettings.ts';
import type { ChannelUser } from '../gate/channelState.ts';
import type { ChannelContext } from './channel.ts';

type Who = Pick<ChannelUser, 'id' | 'state'>;

/**
 * Whether somebody is let in (spec 8). Asked anew for everything they do, so that a mode that was tightened holds for everybody at
 * once: who came in by `open` is out under `pairing` until they pair.
 */
export function isLetIn(settings: ChannelSettings, user: Who, context: ChannelContext): boolean {
  if (user.state === 'revoked') return false;
  switch (securityModeIn(settings, context)) {
    case 'pairing':
      return user.state === 'paired';
    case 'allowlist':
      return settings.allowedUsers.includes(user.id);
    case 'open':
      return true;
  }
}

/** Whether somebody may answer questions of the gate: let in, and paired by the person at the editor, whatever the mode */
export function mayAnswer(settings: ChannelSettings, user: Who, context: ChannelContext): boolean {
  return user.state === 'paired' && isLetIn(settings, user, context);
}

/** Whether a code of theirs is looked at: in `allowlist` only of those on the list, so that nobody else can use up a code */
export function mayPair(settings: ChannelSettings, user: Who, context: ChannelContext): boolean {
  return user.state !== 'paired' && (securityModeIn(settings, context) !== 'allowlist' || settings.allowedUsers.includes(user.id));
}
