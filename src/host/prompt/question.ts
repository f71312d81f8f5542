import type { Approval } from '../../gate/ports.ts';
import type { OpenFolder } from '../folders.ts';

/** A pending approval and the folder whose gate asks it */
export interface Question {
  readonly approval: Approval;
  readonly folder: OpenFolder;
}
