import type { Row } from './row.ts';

export const windowsRows: readonly Row[] = [];
