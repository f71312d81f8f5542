import { ChannelError } from './channel.ts';

/** Nothing that a header could not hold, or that would end it */
const tokenForm = /^[\w.-]+$/;

/** A token as it stands in a header; throws a `ChannelError` for what can be none, without showing it */
export function headerToken(token: string | undefined, platform: string): string {
  if (token === undefined || !tokenForm.test(token)) throw new ChannelError('secret', `This is no token of a ${platform} app. Copy it anew from the app's page, then connect again.`);
  return token;
}
