import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { pathText } from '../inputParts.ts';
import { defineTool, type Outcome } from '../tool.ts';
import { ToolError } from '../toolError.ts';
import { grantedPath } from './grantedPath.ts';
import { withParent } from './holdFolder.ts';
import { readEntry } from './readWhole.ts';
import { lookAt, replaceFile } from './replaceFile.ts';

/** `import_file` */
export const importFileTool = defineTool({
  name: 'import_file',
  description: 'Copies one file from outside into the workspace, to "destination", its full new path, and notes that it came from outside: reads of it are marked as untrusted from then on, wherever it is moved to. Gives {source, destination, size (bytes)}. Errors: not_found, not_a_file, exists, too_large.',
  readOnly: false,
  input: z.strictObject({ source: pathText, destination: pathText }),
  async run(input, granted): Promise<Outcome> {
    const { gate, largestFile, actor } = granted.context;
    const source = grantedPath(input.source, 'read', granted);
    const destination = grantedPath(input.destination, 'write', granted);
    const size = await withParent(source, (from, name) => withParent(destination, async (to, newName) => {
      const found = lookAt(from, name);
      if (found === undefined) throw new ToolError('not_found', `${source} is not there.`);
      if (!found.isFile()) throw new ToolError('not_a_file', `${source} is no file; import its files one by one.`);
      if (lookAt(to, newName) !== undefined) throw new ToolError('exists', `${destination} is there already; nothing was done.`);
      const { bytes } = await readEntry(from, name, largestFile());
      // On record first: of a copy that stands there nobody could tell later where it came from
      const noted = await gate.noteFile({ path: destination, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, kind: 'user_imported_external', label: source }, actor?.name ?? 'agent');
      if (!noted.ok) throw new ToolError('failed', `It could not be noted where the file comes from, so it was not copied. ${noted.reason}`);
      await replaceFile(to, newName, bytes, undefined, 0o644);
      return bytes.length;
    }, true));
    return { value: { source, destination, size }, text: `Imported ${source} to ${destination}.`, summary: `${size} bytes` };
  },
});
