/** What a document is read from, as it is handed to the thread that reads it */
export interface Given {
  readonly bytes: Uint8Array;
  /** `html`: the text of a web page is wanted; else the bytes tell what they are */
  readonly kind: 'document' | 'html';
  /** Characters that are wanted */
  readonly most: number;
}

/** What the thread answers */
export type Read = DocumentText | { readonly ok: false; readonly reason: string };

export interface DocumentText {
  readonly ok: true;
  readonly format: 'pdf' | 'docx' | 'xlsx' | 'pptx' | 'odt' | 'ods' | 'odp' | 'html' | 'text';
  readonly text: string;
  /** There is more text than was wanted */
  readonly truncated: boolean;
  /** Pages of a PDF, slides, sheets */
  readonly parts?: number;
}

/** A document cannot be read; the message says why */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/** Collects text up to a number of characters */
export class TextSoFar {
  readonly #most: number;
  readonly #parts: string[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** It has more than was wanted */
  get full(): boolean {
    return this.#length > this.#most;
  }

  add(text: string): void {
    if (this.full) return;
    this.#parts.push(text);
    this.#length += text.length;
  }

  /** Blanks at line ends and empty lines beyond one are taken out */
  end(): { readonly text: string; readonly truncated: boolean } {
    const text = this.#parts.join('').replace(/[^\S\n]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();
    return { text: text.slice(0, this.#most), truncated: this.full };
  }
}
