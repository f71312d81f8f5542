import type { Row } from './row.ts';

export const wrapperRows: readonly Row[] = [];
