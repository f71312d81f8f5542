import { realpathSync, statSync } from 'node:fs';
import type { PolicySettings } from '../../core/policy/policy.ts';
import { sandboxOf, type SandboxKind } from '../../core/policy/sandboxChoice.ts';
import { openSandbox, type Opened } from './openSandbox.ts';
import type { SandboxSettings } from './sandbox.ts';
import { unfitMount } from './unfitWorkspace.ts';

/** Where a sandbox stands: what it is made for besides what the settings say */
export type SandboxPlace = Pick<SandboxSettings, 'workspace' | 'home' | 'userFolder' | 'readOnly' | 'extraMounts'>;

type Chosen = Pick<PolicySettings, 'sandbox' | 'protectedPlaces' | 'allowedPaths' | 'permissions'>;

/**
 * The sandbox of a workspace's settings, with what they protect and give it; another kind where one is named. Allowed paths
 * (spec 3) are there too, to be read only where writing is off. Left out are those that are not there, and those that would
 * lead around the sandbox, like a whole home.
 */
export function openChosenSandbox(settings: Chosen, place: SandboxPlace, kind: SandboxKind | 'auto' = sandboxOf(settings).kind): Promise<Opened> {
  const { image, cpus, memory, network } = sandboxOf(settings);
  const { sealed, guarded } = settings.protectedPlaces;
  const allowed = settings.allowedPaths.flatMap((folder) => {
    const real = realFolder(folder);
    return real === undefined || unfitMount(real, place) !== undefined ? [] : [{ path: real, writable: settings.permissions.write && place.readOnly !== true }];
  });
  const given = new Map([...allowed, ...(place.extraMounts ?? [])].map((mount) => [mount.path, mount]));
  return openSandbox(kind, { ...place, alsoProtected: [...sealed, ...guarded], extraMounts: [...given.values()], askHosts: network === 'hosts', docker: { image, cpus, memory, network: network === 'bridge' ? 'bridge' : 'none' } });
}

/** The folder with all links followed, or `undefined` where there is none */
export function realFolder(folder: string): string | undefined {
  try {
    const real = realpathSync.native(folder);
    return statSync(real).isDirectory() ? real : undefined;
  } catch {
    // Not there, or not to be looked into
    return undefined;
  }
}
