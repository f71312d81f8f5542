/** What can be wrong with a platform, for the servers that play one */
export abstract class Troubled {
  /** Seconds after which callers who were sent away may come again */
  protected seconds = 0;
  /** Whether the token is wrong by now */
  protected revoked = false;
  #limited = 0;
  #failing = 0;

  limit(calls: number, seconds: number): void {
    this.#limited = calls;
    this.seconds = seconds;
  }

  fail(calls: number): void {
    this.#failing = calls;
  }

  revoke(): void {
    this.revoked = true;
  }

  /** Whether this call is one of those that are told to come later */
  protected comesTooOften(): boolean {
    if (this.#limited === 0) return false;
    this.#limited -= 1;
    return true;
  }

  /** Whether this call is one of those that fail */
  protected fails(): boolean {
    if (this.#failing === 0) return false;
    this.#failing -= 1;
    return true;
  }
}
