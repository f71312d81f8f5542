import type { Place } from '../core/policy/place.ts';
import type { Gate } from '../gate/gate.ts';
import type { Clock, Store } from '../gate/ports.ts';
import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { OpenChannel } from './channel.ts';

/** Randomness and hashing, which the channels may not do themselves */
export interface PairingSecrets {
  /** Bytes nobody can guess */
  randomBytes(count: number): Uint8Array;
  /** A slow hash of a code with its salt, as text; the same for the same two */
  hash(code: string, salt: string): Promise<string>;
  /** Compares two hashes in a time that does not tell how much of them was the same */
  same(a: string, b: string): boolean;
}

/** Where attachments are put */
export interface AttachmentFiles {
  /**
   * Writes a new file for an attachment into the workspace and gives its path relative to it, with `/`, and the SHA-256 of its bytes,
   * hex. Never replaces a file, never follows a link; `name` is what the platform says and nothing in it is trusted. Rejects where it
   * cannot be written.
   */
  save(channel: string, name: string, bytes: Uint8Array): Promise<{ readonly path: string; readonly sha256: string }>;
}

/** What the bridge of a workspace needs of its surroundings */
export interface BridgePorts {
  readonly gate: Gate;
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: PairingSecrets;
  readonly attachments: AttachmentFiles;
  readonly place: () => Place;
  /** Whether the person trusts the workspace; while not, no channel is connected */
  readonly trusted: () => boolean;
  /** Loads the adapter of a platform on first need */
  open(platform: ChannelSettings['platform']): Promise<OpenChannel>;
  /** The stored secrets of a channel by name (`token`, …); `undefined` where none are stored */
  tokens(channel: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Base address of the platform's API where it is not the vendor's own */
  baseUrl?(channel: string): string | undefined;
  /** Random number in [0, 1) for jitter */
  random(): number;
  /** Told of what failed and could not be told anybody else, for the log */
  readonly failed: (error: unknown) => void;
}
