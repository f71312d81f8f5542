import type { Row } from './row.ts';

export const cloudRows: readonly Row[] = [];
