import type { FileRead } from '../node/tools/files/readTools.ts';

/**
 * The gated tools by name: what each takes and gives. Paths are relative to the `cwd` of the call (the workspace folder unless
 * told), or absolute; results have them canonical: absolute, links resolved. Sizes are bytes, lengths of texts characters
 * (UTF-16 units), times milliseconds where the name does not say seconds.
 */
export interface GatedTools {
  /** Reads a file; `endLine` and `totalLines` count from 1, for texts. Errors: not_found, not_a_file, not_text, too_large */
  readonly read_file: GatedTool<ReadFileInput, FileRead>;
  /** Reads up to 100 files in order; one that cannot be read does not stop the others */
  readonly read_files: GatedTool<
    { readonly paths: readonly string[]; /** Bytes of all contents together; 307,200 unless told, at most 1,000,000 */ readonly maxBytes?: number },
    { readonly files: readonly (FileRead | { readonly path: string; readonly error: { readonly code: string; readonly message: string } })[] }
  >;
  /** Lists a folder, not what lies deeper; 100 entries unless told, at most 5,000. Errors: not_found, not_a_folder */
  readonly list_directory: GatedTool<
    { readonly path?: string; readonly maxEntries?: number },
    { readonly path: string; readonly entries: readonly DirectoryEntry[]; readonly total: number; readonly truncated: boolean }
  >;
  /** Looks for a text in files; what would have to be asked for by itself is left out. Errors: not_found, not_a_folder, bad_input, too_large */
  readonly search_files: GatedTool<SearchInput, SearchResult>;
  /** Writes a whole file, whole or not at all. Errors: not_a_file, too_large, unsaved, changed */
  readonly write_file: GatedTool<{ readonly path: string; readonly content: string; readonly encoding?: 'utf8' | 'base64' }, FileChange>;
  /** Replaces texts, all or none; each old text must stand there once, or `replaceAll` be set. Errors: not_found, not_text, no_match, too_large, changed */
  readonly edit_file: GatedTool<
    { readonly path: string; readonly edits: readonly { readonly oldText: string; readonly newText: string; readonly replaceAll?: boolean }[] },
    FileChange
  >;
  /** Copies a file, or a folder with all in it. Errors: not_found, exists, unsaved, too_large, denied, changed */
  readonly copy_file: GatedTool<TwoPaths, Moved>;
  /** Moves a file, a link itself, or a folder. Errors as of `copy_file` */
  readonly move_file: GatedTool<TwoPaths, Moved>;
  /** Renames within a folder. Errors as of `copy_file` */
  readonly rename_file: GatedTool<{ readonly oldPath: string; readonly newPath: string; readonly overwrite?: boolean }, Moved>;
  /** Copies one file from outside; reads of it are untrusted from then on. Errors: not_found, not_a_file, exists, too_large */
  readonly import_file: GatedTool<{ readonly source: string; readonly destination: string }, { readonly source: string; readonly destination: string; readonly size: number }>;
  /** Makes a folder and those on the way to it; `created` is false where it was there. Errors: not_a_folder */
  readonly create_directory: GatedTool<{ readonly path: string }, { readonly path: string; readonly created: boolean }>;
  /** Deletes to the trash; `trashed` is false where there is none and it is gone for good. Errors: not_found, unsaved, denied, changed */
  readonly delete_file: GatedTool<{ readonly path: string }, { readonly path: string; readonly trashed: boolean }>;
  /** Runs a shell line in the sandbox of the workspace; a line that fails is a result. Errors: no_sandbox, cancelled */
  readonly run_command: GatedTool<RunCommandInput, CommandResult>;
  /** Reads the text of a PDF or an office file on this machine. Errors: not_found, not_a_file, too_large, unreadable */
  readonly parse_document: GatedTool<
    { readonly path: string; /** Characters; 200,000 unless told, at most 2,000,000 */ readonly maxChars?: number },
    { readonly path: string; readonly format: string; readonly text: string; readonly truncated: boolean; /** Pages, slides or sheets */ readonly parts?: number }
  >;
  /** Reads a text from the web. Errors: denied, blocked_address, unreachable, timed_out, not_text, bad_input */
  readonly web_fetch: GatedTool<
    { readonly url: string; /** Of HTML: what a reader sees, unless `source` */ readonly format?: 'text' | 'source'; /** 50,000 unless told, at most 1,000,000 */ readonly maxChars?: number; /** 30 unless told, at most 120 */ readonly timeoutSeconds?: number },
    { readonly url: string; readonly status: number; readonly contentType: string; readonly text: string; readonly truncated: boolean; readonly redirects: readonly string[] }
  >;
  /** Sends one request. Errors as of `web_fetch`, save not_text */
  readonly http_request: GatedTool<HttpInput, HttpResult>;
}

export interface GatedTool<Input, Value> {
  readonly input: Input;
  readonly value: Value;
}

interface ReadFileInput {
  readonly path: string;
  readonly encoding?: 'utf8' | 'base64';
  /** From 1 */
  readonly startLine?: number;
  readonly lineCount?: number;
  /** 307,200 unless told, at most 1,000,000 */
  readonly maxBytes?: number;
}

interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly size?: number;
  /** ISO 8601 */
  readonly modified?: string;
}

interface SearchInput {
  readonly path?: string;
  readonly query: string;
  readonly regex?: boolean;
  readonly caseSensitive?: boolean;
  /** Glob for the name, or with a slash for the path in the folder */
  readonly include?: string;
  /** 50 unless told, at most 1,000 */
  readonly maxResults?: number;
}

interface SearchResult {
  readonly path: string;
  /** Lines count from 1 */
  readonly results: readonly { readonly file: string; readonly line: number; readonly text: string }[];
  readonly files: number;
  readonly leftOut: { readonly large: number; readonly notText: number; readonly protected: number };
  readonly truncated: boolean;
}

interface FileChange {
  readonly path: string;
  readonly created: boolean;
  /** False where it stays in the editor with a person's unsaved changes */
  readonly saved: boolean;
  readonly size: number;
}

interface TwoPaths {
  readonly source: string;
  /** The full new path, not the folder to put it into */
  readonly destination: string;
  /** A file there is replaced; a folder never is */
  readonly overwrite?: boolean;
}

interface Moved {
  readonly source: string;
  readonly destination: string;
}

interface RunCommandInput {
  readonly command: string;
  /** Folder in the workspace */
  readonly cwd?: string;
  /** 60 unless told, at most 300 */
  readonly timeoutSeconds?: number;
}

export interface CommandResult {
  readonly sandbox: 'bubblewrap' | 'docker' | 'macos' | 'none';
  readonly ended: 'exited' | 'timed_out';
  /** 128 and the signal's number where a signal ended it; absent after a time-out */
  readonly exitCode?: number;
  /** Like `SIGKILL` */
  readonly signal?: string;
  /** The first 100 KiB of each, credentials replaced by a mark */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: readonly ('stdout' | 'stderr')[];
  readonly milliseconds: number;
}

interface HttpInput {
  readonly url: string;
  /** GET unless told */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutSeconds?: number;
  /** 100,000 unless told, at most 1,000,000 */
  readonly maxChars?: number;
  readonly followRedirects?: boolean;
}

interface HttpResult {
  /** The address that answered */
  readonly url: string;
  readonly status: number;
  /** Lower-case names */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Instead of `body`, for what is no text */
  readonly bodyBase64?: string;
  readonly truncated: boolean;
  readonly redirects: readonly string[];
}
