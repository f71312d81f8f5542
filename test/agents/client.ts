import path from 'node:path';
import type { Call } from './model/dialect.ts';

/** What the model wants done, whatever the client calls it */
export type Deed =
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'write'; readonly file: string; readonly text: string };

/** The folders of one throwaway machine; absolute, links resolved */
export interface Place {
  /** All others lie in it */
  readonly folder: string;
  readonly workspace: string;
  readonly home: string;
  readonly userFolder: string;
  readonly temporary: string;
}

/** How a client is started */
export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A real client and how it is run without a person and without a network */
export interface AgentClient {
  /** As `cowork-policy hook` knows it */
  readonly name: 'claude' | 'gemini' | 'codex' | 'copilot' | 'opencode' | 'qwen';
  readonly title: string;
  readonly package: string;
  readonly version: string;
  /** Name of its program */
  readonly program: string;
  /** The call that does the deed, given the tools it offers */
  call(deed: Deed, tools: readonly string[], workspace: string): Call;
  /** Writes what it needs to run against the scripted model with every permission prompt of its own off, so that only the hook stands in the way */
  prepare(place: Place): Start;
  /** Set where it waits, until a person stops it, for a hook that was killed together with the shell around it */
  readonly waitsForKilled?: true;
}

/** What every client is told to do */
export const prompt = 'run the probe';

/** A file of the workspace, absolute */
export function inWorkspace(workspace: string, file: string): string {
  return path.join(workspace, file);
}
