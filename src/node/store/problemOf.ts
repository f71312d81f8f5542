import { type Problem, StoreError } from '../../gate/ports.ts';
import { FolderError } from './storeFolder.ts';

/** An error of the file system as a sentence with its mend; `file` is what was being used */
export function problemOf(error: unknown, file: string): Problem {
  if (error instanceof StoreError) return error.problem;
  if (error instanceof FolderError) return { code: 'folder_unusable', message: error.message, file: error.file };
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'disk_full', message: `There is no space left for ${file}; make room, then it goes on by itself`, file };
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return { code: 'not_writable', message: `${file} cannot be written (${code}); make it writable, then it goes on by itself`, file };
    default:
      return { code: 'write_failed', message: `${file} cannot be used: ${message}`, file };
  }
}
