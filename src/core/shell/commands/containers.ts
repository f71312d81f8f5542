import type { Row } from './row.ts';

export const containerRows: readonly Row[] = [];
