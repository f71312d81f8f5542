/** Writes a large file over `a.txt` in the folder named on the command line, which is a disk too small for it, and says what came of it */
import { lstatSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withFolder } from '../../src/node/tools/files/holdFolder.ts';
import { replaceFile } from '../../src/node/tools/files/replaceFile.ts';
import { ToolError } from '../../src/node/tools/toolError.ts';

const [folder = ''] = process.argv.slice(2);
const file = path.join(folder, 'a.txt');
writeFileSync(file, 'old');
let message = '';
try {
  await withFolder(folder, (held) => replaceFile(held, 'a.txt', Buffer.alloc(1024 * 1024), lstatSync(file)));
} catch (error) {
  message = error instanceof ToolError ? `${error.code}: ${error.message}` : String(error);
}
process.stdout.write(JSON.stringify({ message, text: readFileSync(file, 'utf8'), names: readdirSync(folder) }));
