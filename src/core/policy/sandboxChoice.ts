import type { PolicySettings } from './policy.ts';

/** The ways a command can be run; `none` isolates nothing */
export const sandboxKinds = ['bubblewrap', 'docker', 'macos', 'none'] as const;
export type SandboxKind = (typeof sandboxKinds)[number];

/** Which sandbox commands run in, and what one of Docker is given (spec 10) */
export interface SandboxChoice {
  /** `auto` takes the best that works here, never `none` */
  readonly kind: SandboxKind | 'auto';
  /** Name of an image, as Docker takes it */
  readonly image: string;
  /** Processors; parts of one count */
  readonly cpus: number;
  /** Like `512m`: a number and `k`, `m` or `g` */
  readonly memory: string;
  /**
   * `hosts`: through a proxy of ours that asks for each host as for an export, since what goes through cannot be seen.
   * `bridge`: Docker's own network, unfiltered; no other sandbox knows it and gives none
   */
  readonly network: 'none' | 'hosts' | 'bridge';
}

/** Numbers of cowork-facts 1.12 */
export const defaultSandbox: SandboxChoice = { kind: 'auto', image: 'node:20-alpine', cpus: 1, memory: '512m', network: 'none' };

/** The sandbox that a workspace's settings choose */
export function sandboxOf({ sandbox }: Pick<PolicySettings, 'sandbox'>): SandboxChoice {
  return sandbox ?? defaultSandbox;
}
