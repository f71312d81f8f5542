import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import { type Budget, PatternError, compileLinear, findLinear } from '../../../core/policy/linearPattern.ts';
import { isGlob, matchSegments, wildcardMatches } from '../../../core/rules/globMatch.ts';
import { stopIfCancelled } from '../cancelled.ts';
import type { Granted } from '../tool.ts';
import { isToolError, ToolError } from '../toolError.ts';
import { type Entry, entriesBelow } from './entriesBelow.ts';
import type { HeldFolder } from './heldFolder.ts';
import { readEntry } from './readWhole.ts';

export interface Query {
  readonly query: string;
  readonly regex?: boolean | undefined;
  readonly caseSensitive?: boolean | undefined;
  readonly include?: string | undefined;
  readonly maxResults: number;
}

export interface Found {
  /** Canonical path, line from 1, its text cut at 500 characters */
  readonly results: readonly { readonly file: string; readonly line: number; readonly text: string }[];
  /** Files that were looked into */
  readonly files: number;
  readonly leftOut: { readonly large: number; readonly notText: number; readonly protected: number };
  /** There is more, in what was not looked into any more */
  readonly truncated: boolean;
}

const largest = 1024 * 1024;
const mostFiles = 10_000;
const longestLine = 500;
/** Steps of all tests of one expression together, about two seconds */
const patience = 200_000_000;
const passedOver: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/**
 * Looks for a text in the files below a folder. A file that the agent would be asked about, or denied, by itself is left out:
 * the answer about the folder was given without knowing what lies in it.
 */
export async function search(folder: HeldFolder, query: Query, granted: Granted): Promise<Found> {
  const matches = matcherOf(query);
  const included = includeOf(folder, query.include);
  const results: { file: string; line: number; text: string }[] = [];
  const leftOut = { large: 0, notText: 0, protected: 0 };
  let files = 0;
  for (const entry of entriesBelow(folder, ({ name }) => !passedOver.has(name))) {
    if (entry.kind !== 'file' || !included(entry)) continue;
    stopIfCancelled(granted.context.signal);
    if (files >= mostFiles) return { results, files, leftOut, truncated: true };
    const file = path.join(entry.folder.path, entry.name);
    if (!(await mayRead(file, granted))) {
      leftOut.protected += 1;
      continue;
    }
    files += 1;
    const bytes = await bytesOf(entry);
    if (bytes === undefined) leftOut.large += 1;
    else if (bytes.includes(0) || !isUtf8(bytes)) leftOut.notText += 1;
    else {
      for (const [index, text] of bytes.toString('utf8').split(/\r?\n/).entries()) {
        if (!matches(text)) continue;
        if (results.length >= query.maxResults) return { results, files, leftOut, truncated: true };
        results.push({ file, line: index + 1, text: text.slice(0, longestLine) });
      }
    }
  }
  return { results, files, leftOut, truncated: false };
}

/** Whether this file could be read by itself without a question, save one that was answered with the folder */
async function mayRead(file: string, { request, context }: Granted): Promise<boolean> {
  const { decision, reason } = await context.gate.evaluate({ ...request, tool: 'read_file', input: { path: file }, id: context.ids() });
  return decision === 'allow' || (decision === 'ask' && reason.type === 'mode');
}

/** Nothing for a file that is too large, or that went away or was exchanged meanwhile */
async function bytesOf({ folder, name }: Entry): Promise<Buffer | undefined> {
  try {
    return (await readEntry(folder, name, largest)).bytes;
  } catch (error) {
    if (isToolError(error)) return undefined;
    throw error;
  }
}

function matcherOf({ query, regex, caseSensitive }: Query): (line: string) => boolean {
  if (regex !== true) {
    if (caseSensitive === true) return (line) => line.includes(query);
    const lower = query.toLowerCase();
    return (line) => line.toLowerCase().includes(lower);
  }
  try {
    const pattern = compileLinear(query);
    const budget: Budget = { left: patience };
    return (line) => {
      const found = findLinear(pattern, line, budget);
      if (found === undefined) throw new ToolError('too_large', 'The expression takes too long on these files; search for a plain text, or in fewer files.');
      return found;
    };
  } catch (error) {
    if (error instanceof PatternError) throw new ToolError('bad_input', `The expression cannot be used. ${error.message}`);
    throw error;
  }
}

function includeOf(top: HeldFolder, include: string | undefined): (entry: Entry) => boolean {
  if (include === undefined) return () => true;
  if (!include.includes('/')) return ({ name }) => (isGlob(include) ? wildcardMatches(include, name) : include === name);
  const segments = include.split('/').filter((segment) => segment !== '' && segment !== '.');
  return ({ folder, name }) => matchSegments(segments, path.relative(top.path, path.join(folder.path, name)).split(path.sep)).covers;
}
