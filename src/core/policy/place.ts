import type { Platform } from '../request.ts';
import type { Files } from '../surroundings.ts';

/** Where a policy holds: what `compilePolicy` must know of the machine; `Surroundings` fits */
export interface Place {
  /** Canonical and absolute */
  readonly workspace: string;
  readonly home: string;
  readonly temporary: string;
  readonly platform: Platform;
  /** Resolves links in the paths of rules, so that a rule written through a link holds for the real place too */
  readonly files?: Pick<Files, 'resolve'>;
  /** The user's own state folder of this product, outside the workspace: sealed, and its files are secrets */
  readonly userFolder?: string;
}
