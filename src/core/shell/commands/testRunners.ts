import type { Row } from './row.ts';

export const testRunnerRows: readonly Row[] = [];
