/** Runs work one after the other for each key, and side by side for different ones */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whatever came before, failed or not, this runs after it */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const done = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const over = done.then(nothing, nothing).then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    });
    this.#last.set(key, over);
    return done;
  }

  /** Resolves when nothing is under way any more, also nothing that was begun meanwhile */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}

function nothing(): void {}
