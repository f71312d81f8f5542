import type { Row } from './row.ts';

export const packageManagerRows: readonly Row[] = [];
