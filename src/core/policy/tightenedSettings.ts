import { capabilities } from '../decision.ts';
import { loosens } from '../describe/shell/commands/userCommand.ts';
import { tighterBudgets } from './budgets.ts';
import { defaultChannel, everythingRestricted } from './channelSettings.ts';
import { fileSizeOf, fileSizes } from './fileSizeLimit.ts';
import { defaultSettings, type PolicySettings } from './policy.ts';

/** How each setting is tightened; a new one does not compile until it says so. `undefined` leaves an optional one out */
type Tightening = { readonly [Key in keyof Required<PolicySettings>]: (settings: PolicySettings) => PolicySettings[Key] | undefined };

const tightening: Tightening = {
  // `plan` is the only mode that is tighter than `default` in every row of the mode table
  mode: ({ mode }) => (mode === 'plan' ? 'plan' : defaultSettings.mode),
  permissions: ({ permissions }) => Object.fromEntries(capabilities.map((capability) => [capability, permissions[capability] && defaultSettings.permissions[capability]])) as PolicySettings['permissions'],
  allowedPaths: () => defaultSettings.allowedPaths,
  unrestrictedFileAccess: () => defaultSettings.unrestrictedFileAccess,
  guardrails: ({ guardrails }) => ({ ...defaultSettings.guardrails, customBlockedPatterns: guardrails.customBlockedPatterns }),
  protectedPlaces: ({ protectedPlaces }) => protectedPlaces,
  commands: ({ commands }) => commands.filter((command) => !loosens(command)),
  // Nobody speaks from outside, and nothing is done for who did. Without them, what they leave out would be there again
  channels: ({ channels }) => channels && Object.fromEntries(Object.entries(channels).map(([id, { platform }]) => [id, { ...defaultChannel(platform), contexts: { direct: nothing, group: nothing } }])),
  // No choice is tighter than the default in every way: an image may be anybody's
  sandbox: () => undefined,
  limits: ({ limits }) => ({ ...defaultSettings.limits, ...(fileSizeOf(limits) < fileSizes.usual ? { maxFileSizeMB: fileSizeOf(limits) } : {}), ...tighterBudgets(limits) }),
};

const nothing = { restrictions: everythingRestricted } as const;

/**
 * What counts of settings whose word is doubtful, since nobody has said that the workspace is trusted, or its history was cut
 * (spec 2, 11): each setting at its default where it was looser, and as it is where it only tightens.
 *
 * INVARIANT: nothing is decided more loosely by these than by the given ones, nor than by the defaults.
 */
export function tightenedSettings(settings: PolicySettings): PolicySettings {
  const entries = Object.entries(tightening).map(([key, tighten]) => [key, tighten(settings)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as PolicySettings;
}
