import path from 'node:path';

/** Folder of the project, absolute */
export const root: string = path.resolve(import.meta.dirname, '../..');
