import type { Row } from './row.ts';

export const buildToolRows: readonly Row[] = [];
