import type { PolicySettings } from '../../core/policy/policy.ts';
import { sandboxOf, type SandboxKind } from '../../core/policy/sandboxChoice.ts';
import { openSandbox, type Opened } from './openSandbox.ts';
import type { SandboxSettings } from './sandbox.ts';

/** Where a sandbox stands: what it is made for besides what the settings say */
export type SandboxPlace = Pick<SandboxSettings, 'workspace' | 'home' | 'userFolder' | 'readOnly'>;

/** The sandbox of a workspace's settings, with what they protect and give it; another kind where one is named */
export function openChosenSandbox(settings: Pick<PolicySettings, 'sandbox' | 'protectedPlaces'>, place: SandboxPlace, kind: SandboxKind | 'auto' = sandboxOf(settings).kind): Promise<Opened> {
  const { image, cpus, memory, network } = sandboxOf(settings);
  const { sealed, guarded } = settings.protectedPlaces;
  return openSandbox(kind, { ...place, alsoProtected: [...sealed, ...guarded], docker: { image, cpus, memory, network } });
}
