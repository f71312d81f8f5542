import type { Evaluation } from '../core/decide/evaluation.ts';
import { isInside } from '../core/describe/path.ts';
import type { Surroundings } from '../core/surroundings.ts';

/** Below this folder of the workspace lies what people sent over channels: provenance `channel_attachment`, never trusted (spec 7, 8) */
export const attachmentFolder = '.cowork/attachments';

/** The attachments of channels that a request reads, as canonical paths */
export function attachmentsRead({ actions }: Evaluation, { workspace, platform }: Pick<Surroundings, 'workspace' | 'platform'>): readonly string[] {
  return actions.flatMap(({ action }) => (action.kind === 'read' && isInside(action.path, `${workspace}/${attachmentFolder}`, platform) ? [action.path] : []));
}
