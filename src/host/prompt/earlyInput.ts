/** How long after opening a pick takes no answer, milliseconds */
export const quietTime = 500;

/**
 * Keeps keys that were meant for something else from answering a prompt.
 *
 * A pick that opens under a person's hands gets the rest of what they were typing. From the opening (or from the moment
 * the window comes to the front) until keys have rested for `quietTime`, typed text is thrown away and Enter is no answer.
 */
export class EarlyInput {
  private readonly now: () => number;
  private quietUntil: number;

  constructor(now: () => number) {
    this.now = now;
    this.quietUntil = now() + quietTime;
  }

  /** Starts the quiet time anew */
  restart(): void {
    this.quietUntil = this.now() + quietTime;
  }

  /** A key or an Enter came: whether it came too early and must be thrown away, which also makes the quiet time longer */
  isEarly(): boolean {
    if (this.now() >= this.quietUntil) return false;
    this.restart();
    return true;
  }
}
