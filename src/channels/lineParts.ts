import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { ChannelFacts } from '../gate/channelState.ts';
import type { Connection } from './connection.ts';
import type { BridgePorts } from './ports.ts';

/** What the parts of one channel share */
export interface LineParts {
  /** Id of the channel */
  readonly channel: string;
  readonly ports: BridgePorts;
  readonly connection: Connection;
  /** As they are now; `undefined` once the channel was taken away */
  settings(): ChannelSettings | undefined;
  facts(): ChannelFacts;
  /** Runs in the background; what fails is logged */
  later(work: () => Promise<unknown>): void;
}
