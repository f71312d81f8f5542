import type { Row } from './row.ts';

export const secretToolRows: readonly Row[] = [];
