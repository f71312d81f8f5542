import type { Row } from './row.ts';

export const systemRows: readonly Row[] = [];
