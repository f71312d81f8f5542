import type { Row } from './row.ts';

export const shellRows: readonly Row[] = [];
