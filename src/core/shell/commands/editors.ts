import type { Row } from './row.ts';

export const editorRows: readonly Row[] = [];
