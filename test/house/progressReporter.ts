import type { Runner, Test } from 'mocha';

/** What the reporter tells the suite runner, one message per event */
export type Progress =
  | { readonly event: 'planned'; readonly total: number }
  | { readonly event: 'passed' }
  | { readonly event: 'failed'; readonly title: string; readonly error: string }
  | { readonly event: 'finished' };

/** Mocha reporter that hands every result to the parent process, so that the runner can add up all suites */
function ProgressReporter(runner: Runner): void {
  runner.on('start', () => {
    tell({ event: 'planned', total: runner.total });
  });
  runner.on('pass', (test: Test) => {
    console.log(`  ok   ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    tell({ event: 'passed' });
  });
  // A failed hook arrives here too: then the tests behind it never ran, and the failure stands for them
  runner.on('fail', (test: Test, error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.log(`  FAIL ${test.fullTitle()}\n${text}`);
    tell({ event: 'failed', title: test.fullTitle(), error: text });
  });
  runner.on('end', () => {
    tell({ event: 'finished' });
  });
}

function tell(progress: Progress): void {
  if (process.send === undefined) throw new Error('this reporter works only under test/run.ts; use --reporter spec');
  process.send(progress);
}

// Mocha takes the module itself for the class
export { ProgressReporter as 'module.exports' };
