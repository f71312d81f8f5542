import type { Stats } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { visible } from '../../../core/visible.ts';
import { pathText, whole } from '../inputParts.ts';
import { defineTool, type Outcome } from '../tool.ts';
import { entriesOf } from './entriesBelow.ts';
import { grantedPath } from './grantedPath.ts';
import { withFolder } from './holdFolder.ts';
import { lookAt } from './replaceFile.ts';
import { search } from './search.ts';

/** Entries that one listing gives, unless told and at most (cowork-facts 1.13: 100) */
const usualEntries = 100;
const mostEntries = 5_000;
/** Places that one search gives, unless told and at most (cowork-facts 1.13: 50) */
const usualResults = 50;
const mostResults = 1_000;

/** `list_directory` */
export const listDirectoryTool = defineTool({
  name: 'list_directory',
  description: `Lists a folder (the folder of the call unless told), not what lies deeper. Gives {path, entries: [{name, kind: file|folder|link|other, size (bytes, files), modified (ISO time)}], total, truncated}, by name; "maxEntries" is ${usualEntries} unless told. Errors: not_found, not_a_folder.`,
  readOnly: true,
  input: z.strictObject({ path: z.optional(pathText), maxEntries: z.optional(whole(1, mostEntries)) }),
  async run({ path: asked = '.', maxEntries = usualEntries }, granted): Promise<Outcome> {
    const canonical = grantedPath(asked, 'read', granted);
    return withFolder(canonical, async (folder) => {
      const all = entriesOf(folder);
      const entries = all.slice(0, maxEntries).map(({ name, kind }) => ({ name, kind, ...aboutEntry(kind, lookAt(folder, name)) }));
      const truncated = all.length > entries.length;
      const lines = entries.map(({ name, kind }) => `${visible(name)}${kind === 'folder' ? '/' : kind === 'link' ? '@' : ''}`);
      return {
        value: { path: canonical, entries, total: all.length, truncated },
        text: [...lines, ...(truncated ? [`… and ${all.length - entries.length} more`] : [])].join('\n'),
        summary: `listed ${entries.length} of ${all.length} entries`,
      };
    });
  },
});

function aboutEntry(kind: string, stats: Stats | undefined): { readonly size?: number; readonly modified?: string } {
  if (stats === undefined) return {};
  return { ...(kind === 'file' ? { size: stats.size } : {}), modified: stats.mtime.toISOString() };
}

/** `search_files` */
export const searchFilesTool = defineTool({
  name: 'search_files',
  description: `Looks for a text in the files of a folder and below (the folder of the call unless told). "query" is a text, or with "regex" an expression without back references and look-around; upper and lower case do not count unless "caseSensitive" (texts only). "include" is a glob for the name, or with a slash for the path in the folder. Gives {path, results: [{file, line (from 1), text}], files (looked into), leftOut: {large, notText, protected}, truncated}; "maxResults" is ${usualResults} unless told. Left out: .git and node_modules, files over 1 MiB or that are no text, and files that you would have to ask for by themselves. Links are not followed. Errors: not_found, not_a_folder, bad_input (an expression that cannot be used).`,
  readOnly: true,
  input: z.strictObject({
    path: z.optional(pathText), query: z.string().check(z.minLength(1), z.maxLength(1_000)), regex: z.optional(z.boolean()),
    caseSensitive: z.optional(z.boolean()), include: z.optional(z.string().check(z.minLength(1), z.maxLength(500))), maxResults: z.optional(whole(1, mostResults)),
  }),
  async run({ path: asked = '.', maxResults = usualResults, ...query }, granted): Promise<Outcome> {
    const canonical = grantedPath(asked, 'read', granted);
    const found = await withFolder(canonical, (folder) => search(folder, { ...query, maxResults }, granted));
    const { results, files, truncated, leftOut } = found;
    const lines = results.map(({ file, line, text }) => `${visible(path.relative(canonical, file))}:${line}: ${text}`);
    const hidden = leftOut.protected === 0 ? [] : [`(${leftOut.protected} protected files were left out; read them by themselves)`];
    return {
      value: { path: canonical, ...found },
      text: [...(lines.length === 0 ? ['Nothing found.'] : lines), ...(truncated ? ['… and more'] : []), ...hidden].join('\n'),
      summary: `found ${results.length} places in ${files} files`,
    };
  },
});
