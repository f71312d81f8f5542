/**
 * A line of a POSIX shell that goes on only in this folder, given as a shell word like `"$1"`.
 *
 * The folder was opened by name, and a link on its way may have been exchanged since it was looked at. What is open now is
 * compared with what was decided about, and stays open. The kernel is asked where that is: bash would look its name up again.
 */
export function standIn(folder: string, system: NodeJS.Platform = process.platform): string {
  const isThere = system === 'linux' ? `cd -P /proc/self/cwd && [ "$PWD" = ${folder} ]` : `[ "$(/bin/pwd -P)" = ${folder} ]`;
  return `if ${isThere}; then :; else echo 'The folder to run in leads elsewhere than when this was decided; nothing was run.' >&2; exit 126; fi`;
}

/** A line that says that the command comes next; what it says or how it ends is its own from here on */
export function sayWord(word: string): string {
  return `printf '%s\\n' ${word}`;
}

/** Takes the word off the start of a standard output, however it is cut into parts */
export class Beginning {
  readonly #word: Buffer;
  #before: Buffer | undefined;
  #isHere: boolean;

  /** @param word said by `sayWord`; without one the command counts as begun */
  constructor(word: string | undefined) {
    this.#word = Buffer.from(word === undefined ? '' : `${word}\n`);
    this.#isHere = word === undefined;
    this.#before = this.#isHere ? undefined : Buffer.alloc(0);
  }

  /** The command was about to run: nothing that it writes or comes to can undo that, or make it seem so */
  get isHere(): boolean {
    return this.#isHere;
  }

  /** What of the output so far is not the word */
  take(bytes: Buffer): Buffer {
    if (this.#before === undefined) return bytes;
    const all = Buffer.concat([this.#before, bytes]);
    const common = Math.min(all.length, this.#word.length);
    if (!all.subarray(0, common).equals(this.#word.subarray(0, common))) {
      // Somebody else spoke first; the word no longer counts
      this.#before = undefined;
      return all;
    }
    if (common < this.#word.length) {
      this.#before = all;
      return Buffer.alloc(0);
    }
    this.#before = undefined;
    this.#isHere = true;
    return all.subarray(common);
  }
}
