import type { Reach } from './hosts/reach.ts';
import { defaultSandbox, type SandboxChoice, type SandboxKind } from '../../core/policy/sandboxChoice.ts';

export { sandboxKinds, type SandboxKind } from '../../core/policy/sandboxChoice.ts';

/** How long a command may run unless told, and at most, in milliseconds (spec 10) */
export const usualTimeout = 60_000;
export const longestTimeout = 300_000;
/** How much of each output stream is kept, in bytes of UTF-8 (spec 10), and what stands where the rest was */
export const outputCap = 100 * 1024;
export const truncationMark = '\n[Output truncated]\n';

export type OutputStream = 'stdout' | 'stderr';

export interface RunOptions {
  /** Folder the command starts in, canonical and in the workspace; the workspace itself unless told */
  readonly cwd?: string;
  /** Milliseconds; `usualTimeout` unless told, `longestTimeout` at most */
  readonly timeout?: number;
  /** Ends the command and all its children */
  readonly signal?: AbortSignal;
  /** The way to hosts, where the sandbox was made to ask for them (`askHosts`); without it there is none */
  readonly reach?: Reach;
  /** Told of output as it comes, masked and capped like the result; a throw ends the run */
  readonly onOutput?: (stream: OutputStream, text: string) => void;
}

/** What came of a command */
export type RunResult = Ran | Refused;

export interface Ran {
  readonly ok: true;
  readonly sandbox: SandboxKind;
  /** The command's own code; 128 and the signal's number where a signal ended it, as shells say it; `undefined` where it was ended from here */
  readonly exitCode: number | undefined;
  /** The signal that ended it, like `SIGKILL` */
  readonly signal: string | undefined;
  readonly ended: 'exited' | 'timed_out' | 'cancelled';
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: readonly OutputStream[];
  readonly milliseconds: number;
}

/** Nothing ran: the sandbox could not start. Never a silent run without one (spec 10) */
export interface Refused {
  readonly ok: false;
  readonly sandbox: SandboxKind;
  /** One sentence: why, and what would help */
  readonly reason: string;
}

/** Runs commands that were allowed, and nothing more */
export interface Sandbox {
  readonly kind: SandboxKind;
  /** Runs a shell line, byte for byte as given. Never rejects */
  run(command: string, options?: RunOptions): Promise<RunResult>;
}

/** What a sandbox is made for */
export interface SandboxSettings {
  /** Canonical and absolute */
  readonly workspace: string;
  /** The user's home folder: hidden */
  readonly home: string;
  /** Folder of this product outside the workspace, for what runs have to tell each other */
  readonly userFolder: string;
  readonly readOnly?: boolean;
  /** Places a user guards besides the built-in ones, relative to the workspace */
  readonly alsoProtected?: readonly string[];
  /** A run may reach hosts, each asked for through its `reach`, and nothing else of the network */
  readonly askHosts?: boolean;
  /** Folders besides the workspace, absolute: read only unless `writable` */
  readonly extraMounts?: readonly Mount[];
  readonly limits?: Partial<Limits>;
  readonly docker?: Partial<DockerSettings>;
}

export interface Mount {
  readonly path: string;
  readonly writable: boolean;
}

export interface Limits {
  /** Processes and threads of one run */
  readonly processes: number;
  /** Bytes of memory: of all processes where the system can tell, else of each */
  readonly memory: number;
  /** Bytes of one file */
  readonly fileSize: number;
  /** Bytes of the temporary folder */
  readonly temporary: number;
}

export const usualLimits: Limits = { processes: 512, memory: 4 * 1024 ** 3, fileSize: 4 * 1024 ** 3, temporary: 512 * 1024 ** 2 };

/** What a sandbox of Docker is given; there is no swap beyond the memory */
export interface DockerSettings extends Omit<SandboxChoice, 'kind'> {
  /** `docker`, `podman`, or the path of one */
  readonly binary: string;
}

const { kind: _, ...usualGiven } = defaultSandbox;
export const usualDocker: DockerSettings = { binary: 'docker', ...usualGiven };
