import type { ScriptRuling } from '../core/decide/session.ts';

/** Runs policy scripts, apart from everything else; one for each folder */
export interface ScriptRunner {
  /** Makes ready what a run needs, so that the first does not wait for it. Never rejects: what fails, fails the run too */
  ready(): Promise<void>;
  /**
   * What a script says of an input (JSON), or why it says nothing. Holds the caller up for 300 ms at most where it is
   * ready, and never throws. Without an input nothing of it runs: `pass` where it is a script.
   */
  run(script: string, input?: string): ScriptRuling;
  dispose(): void;
}
