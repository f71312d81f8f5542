import type { Disposable } from './ports.ts';

/** Announces values to listeners; a listener that throws is handed to `failed` and stops nobody else */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  readonly event = (listener: (value: T) => void): Disposable => {
    // Wrapped, so that one function attached twice is two listeners
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
