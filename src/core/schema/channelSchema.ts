import * as z from 'zod/mini';
import { type ChannelSettings, type ChannelsSettings, defaultChannel, readRestrictions, securityModes } from '../policy/channelSettings.ts';
import type { ExactOptional } from './ruleSchema.ts';

const flag = z.optional(z.boolean());
const whole = (least: number, most: number) => z.optional(z.int().check(z.minimum(least), z.maximum(most)));
const mode = z.optional(z.enum(securityModes));
/** What it restricts is read with `readRestrictions`: what cannot be read restricts everything */
const context = z.strictObject({ securityMode: mode, restrictions: z.optional(z.unknown()) });

/** A channel as a file or a person gives it; a key that is not known may have been meant to tighten, so it is refused */
const channelSchema = z.strictObject({
  platform: z.enum(['telegram', 'discord', 'slack', 'bridge']),
  enabled: flag,
  securityMode: mode,
  allowedUsers: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(200))).check(z.maxLength(1_000))),
  pairing: z.optional(z.strictObject({ seconds: whole(30, 86_400), attempts: whole(1, 20) })),
  contexts: z.optional(z.strictObject({ direct: z.optional(context), group: z.optional(context) })),
  approvals: z.optional(z.enum(['own', 'all'])),
  sensitiveApprovals: flag,
  modeCommand: flag,
  attachmentMegabytes: whole(1, 20),
});

/** Channels by their id, at most 20 */
export const channelsSchema = z.record(z.string().check(z.regex(/^[a-z0-9-]{1,40}$/)), channelSchema).check(z.refine((channels) => Object.keys(channels).length <= 20));

type GivenChannels = ExactOptional<z.infer<typeof channelsSchema>>;
type GivenContext = { readonly securityMode?: ChannelSettings['securityMode']; readonly restrictions?: unknown };

/** Channels with everything that was left out at its default */
export function completeChannels(given: GivenChannels): ChannelsSettings {
  return Object.fromEntries(Object.entries(given).map(([id, channel]): [string, ChannelSettings] => {
    const usual = defaultChannel(channel.platform);
    return [id, {
      ...usual,
      ...channel,
      pairing: { ...usual.pairing, ...channel.pairing },
      contexts: { direct: completeContext(channel.contexts?.direct, usual.contexts.direct), group: completeContext(channel.contexts?.group, usual.contexts.group) },
    }];
  }));
}

function completeContext(given: GivenContext | undefined, usual: ChannelSettings['contexts']['direct']): ChannelSettings['contexts']['direct'] {
  if (given === undefined) return usual;
  const { securityMode } = given;
  return { ...(securityMode === undefined ? {} : { securityMode }), restrictions: Object.hasOwn(given, 'restrictions') ? readRestrictions(given.restrictions) : usual.restrictions };
}

/** What is wrong with the restrictions a person gives; in a file it would restrict everything, a person is told */
export function restrictionsProblem(given: GivenChannels): string | undefined {
  for (const [id, { contexts }] of Object.entries(given)) {
    for (const [name, settings] of Object.entries(contexts ?? {}) as [string, GivenContext][]) {
      const wanted = settings.restrictions;
      if (wanted !== undefined && JSON.stringify(readRestrictions(wanted)) !== JSON.stringify(wanted)) return `“channels.${id}.contexts.${name}.restrictions” takes names of tools and groups: group:memory, group:system, group:network, group:destructive.`;
    }
  }
  return undefined;
}
