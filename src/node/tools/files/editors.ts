/** A document that is open in an editor */
export interface OpenDocument {
  /** What the editor shows, with the document's own line ends */
  readonly text: string;
  /** A person has changes in it that are not on the disk */
  readonly unsaved: boolean;
  /**
   * Replaces the text as an edit that a person can undo, and saves it where it had no unsaved changes before; those stay
   * unsaved. Tells whether it is on the disk now. Throws a `ToolError` where the document changed since it was found
   */
  replace(text: string): Promise<{ readonly saved: boolean }>;
}

/** The editors of a window: files are read and written through them where they are open, so that nobody's changes are lost */
export interface Editors {
  /** The open document of a file, by its canonical path; nothing where it is not open */
  find(path: string): OpenDocument | undefined;
  /** Canonical paths of documents with unsaved changes that are this file or lie below this folder */
  unsavedIn(path: string): readonly string[];
}
