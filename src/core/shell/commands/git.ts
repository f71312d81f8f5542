import type { Row } from './row.ts';

export const gitRows: readonly Row[] = [];
