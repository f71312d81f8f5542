import type { Row } from './row.ts';

export const builtinRows: readonly Row[] = [];
