/**
 * Why a tool gave nothing.
 *
 * `denied`: the gate or a person said no · `bad_input`: the call cannot be read · `not_found`, `exists`, `not_a_file`,
 * `not_a_folder`, `not_text`, `too_large`: what the path names · `changed`: something else stands there than what was decided
 * about, so nothing was done · `unsaved`: a person has unsaved changes in it · `no_match`: the text to replace is not there, or
 * more than once · `cancelled`, `timed_out` · `no_sandbox`: nothing ran, since no sandbox works · `unreachable`: no connection, or
 * an answer that is none · `blocked_address`: the name leads to an address that no rule names · `unreadable`: a document that
 * cannot be read · `failed`: the system refused
 */
export type ToolErrorCode =
  | 'denied' | 'bad_input' | 'not_found' | 'exists' | 'not_a_file' | 'not_a_folder' | 'not_text' | 'too_large' | 'changed' | 'unsaved'
  | 'no_match' | 'cancelled' | 'timed_out' | 'no_sandbox' | 'unreachable' | 'blocked_address' | 'unreadable' | 'failed';

/** A tool could not do what it was asked; the message is for agents and people */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ToolErrorCode;

  constructor(code: ToolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether it is a `ToolError`, also one of another bundle, which has a class of its own */
export function isToolError(error: unknown): error is ToolError {
  return error instanceof Error && error.name === 'ToolError' && 'code' in error;
}

const sentences: Readonly<Record<string, readonly [ToolErrorCode, string]>> = {
  ENOENT: ['not_found', 'is not there'],
  ENOTDIR: ['changed', 'has a link or a file where a folder was; nothing was done'],
  ELOOP: ['changed', 'is a link now; nothing was done'],
  EINVAL: ['changed', 'is something else than it was; nothing was done'],
  EEXIST: ['exists', 'is there already'],
  ENOTEMPTY: ['exists', 'is there already and not empty'],
  EISDIR: ['not_a_file', 'is a folder'],
  EACCES: ['failed', 'cannot be opened: the system gives no permission'],
  EPERM: ['failed', 'cannot be changed: the system gives no permission'],
  EROFS: ['failed', 'lies on a disk that is read only'],
  ENOSPC: ['failed', 'could not be written: the disk is full. Nothing was changed'],
  EDQUOT: ['failed', 'could not be written: the disk quota is used up. Nothing was changed'],
  ENAMETOOLONG: ['bad_input', 'has a name that is too long'],
};

/** An error of the file system as a `ToolError` about a path; other errors stay what they are */
export function fileError(error: unknown, shown: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (isToolError(error) || code === undefined) return error;
  const [kind, text] = sentences[code] ?? ['failed', `cannot be used (${code})`];
  return new ToolError(kind, `${shown} ${text}.`, { cause: error });
}
