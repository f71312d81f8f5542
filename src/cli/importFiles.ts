import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { importPlaces, type ImportPlace } from '../agents/importRules/importPlaces.ts';
import { importFormats, importRules, type ImportFormat } from '../agents/importRules/importRules.ts';
import type { ImportPreview } from '../agents/importRules/preview.ts';
import type { Place } from '../core/policy/place.ts';
import { FolderError, readPlainFile } from '../node/store/storeFolder.ts';

/** A file of another agent's settings, and what it would come to */
export interface ImportFile {
  readonly format: ImportFormat;
  readonly origin: ImportPlace['origin'];
  readonly file: string;
  readonly preview: ImportPreview;
}

/** Settings are small; a bigger file is something else, in bytes */
const largest = 8 * 1024 * 1024;
/** Files of one folder of rules that are looked at */
const mostFiles = 50;

/** Reads what the agents on this machine have in the way of rules: the user's own, and those of the workspace. Files that are not there are passed over */
export function findImports(place: Place, environment: Readonly<Record<string, string | undefined>> = process.env): readonly ImportFile[] {
  return importPlaces.flatMap((one) => filesOf(one, place, environment).flatMap((file) => {
    const format = importFormats.find(({ id }) => id === one.format);
    const preview = format === undefined ? undefined : previewOf(file, format, one, place);
    return format === undefined || preview === undefined ? [] : [{ format, origin: one.origin, file, preview }];
  }));
}

function previewOf(file: string, format: ImportFormat, { origin }: ImportPlace, place: Place): ImportPreview | undefined {
  try {
    const bytes = readPlainFile(file, largest);
    return bytes === undefined ? undefined : importRules(format, bytes.toString('utf8').replace(/^\ufeff/, ''), place, origin);
  } catch (error) {
    if (error instanceof FolderError) return { lines: [], problems: [{ code: 'unreadable', message: error.message }] };
    if (isNodeError(error)) return { lines: [], problems: [{ code: 'unreadable', message: `${file} cannot be read (${error.code ?? 'unknown'}).` }] };
    throw error;
  }
}

function filesOf({ origin, path: parts, variable }: ImportPlace, place: Place, environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const moved = variable === undefined ? undefined : environment[variable];
  const start = origin === 'user' && moved !== undefined && path.isAbsolute(moved) ? path.join(moved, ...parts.slice(1)) : path.join(origin === 'user' ? place.home : place.workspace, ...parts);
  const [name, folder] = [path.basename(start), path.dirname(start)];
  if (!name.startsWith('*')) return [origin === 'user' ? throughLinks(start) : start];
  try {
    return readdirSync(folder).filter((each) => each.endsWith(name.slice(1))).toSorted().slice(0, mostFiles).map((each) => path.join(folder, each));
  } catch (error) {
    if (isNodeError(error)) return [];
    throw error;
  }
}

/** People keep their own settings elsewhere and link them; a link in a workspace is not followed */
function throughLinks(file: string): string {
  try {
    return realpathSync.native(file);
  } catch (error) {
    if (isNodeError(error)) return file;
    throw error;
  }
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
