import path from 'node:path';
import { root } from '../house/root.ts';

/** The built program that clients call as their hook */
export const hookProgram: string = path.join(root, 'dist/cli.js');
