import type { Row } from './row.ts';

export const interpreterRows: readonly Row[] = [];
