import { bareSandbox } from './bare.ts';
import { bubblewrapSandbox } from './bubblewrap.ts';
import { dockerSandbox } from './docker.ts';
import { macosSandbox } from './macos.ts';
import type { Sandbox, SandboxKind, SandboxSettings } from './sandbox.ts';

/** How long a sandbox may take to run `true`, in milliseconds */
const patience = 20_000;

/** Which sandbox runs commands, and why the others do not */
export type Opened =
  | { readonly ok: true; readonly sandbox: Sandbox; readonly passedOver: readonly Unavailable[] }
  | { readonly ok: false; readonly passedOver: readonly Unavailable[] };

export interface Unavailable {
  readonly kind: SandboxKind;
  readonly reason: string;
}

const makers: Readonly<Record<SandboxKind, (settings: SandboxSettings) => Sandbox>> = { bubblewrap: bubblewrapSandbox, docker: dockerSandbox, macos: macosSandbox, none: bareSandbox };

/** Best first, for each system (spec 10); never `none`, which only a person chooses */
function orderOn(platform: NodeJS.Platform): readonly SandboxKind[] {
  if (platform === 'darwin') return ['macos', 'docker'];
  return platform === 'linux' ? ['bubblewrap', 'docker'] : ['docker'];
}

/**
 * The sandbox asked for, or with `auto` the first that works: one works when it ran `true`, not when it is installed.
 * There is no way from one that was asked for to another.
 */
export async function openSandbox(kind: SandboxKind | 'auto', settings: SandboxSettings, platform: NodeJS.Platform = process.platform): Promise<Opened> {
  if (kind !== 'auto') return { ok: true, sandbox: makers[kind](settings), passedOver: [] };
  const passedOver: Unavailable[] = [];
  for (const candidate of orderOn(platform)) {
    const sandbox = makers[candidate](settings);
    const reason = await whyUnavailable(sandbox);
    if (reason === undefined) return { ok: true, sandbox, passedOver };
    passedOver.push({ kind: candidate, reason });
  }
  return { ok: false, passedOver };
}

/** Runs `true`; the sentence says what is missing where that fails */
export async function whyUnavailable(sandbox: Sandbox): Promise<string | undefined> {
  const result = await sandbox.run('true', { timeout: patience });
  if (!result.ok) return result.reason;
  if (result.ended === 'timed_out') return `It did not get “true” done in ${patience / 1000} s.`;
  return result.exitCode === 0 ? undefined : `“true” ended with ${result.exitCode ?? 'nothing'} in it${result.stderr === '' ? '' : `: ${result.stderr.trim().slice(0, 200)}`}.`;
}
