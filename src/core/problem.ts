/** Something that is wrong with what was given, for people: what, where, and how to mend it. Never a reason to loosen */
export interface Problem {
  readonly code: string;
  /** One sentence that names place and mend */
  readonly message: string;
  /** Counted from 1 */
  readonly line?: number;
  readonly column?: number;
}
