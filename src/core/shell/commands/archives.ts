import type { Row } from './row.ts';

export const archiveRows: readonly Row[] = [];
