import { add, type Suite, type Tally } from './suite.ts';
import type { WriteStream } from 'node:fs';

/** A suite by its name */
export type NamedSuite = readonly [name: string, suite: Suite];

/** Where a run of suites says what comes of it */
export interface Report {
  /** Takes everything that a suite prints */
  openLog(name: string): Pick<WriteStream, 'write' | 'end'>;
  /** One or more lines for a person */
  say(text: string): void;
}

/** How often it is said how far the suites are, milliseconds */
const sayEvery = 15_000;

/**
 * Runs suites in the order given, so many at a time. What a suite has to say comes in one block when it is over, its tally last;
 * until then there is a line from time to time that counts its tests. Resolves with the sum
 */
export async function runInLanes(suites: readonly NamedSuite[], lanes: number, report: Report): Promise<Tally> {
  const sum: Tally = { passed: 0, failed: 0 };
  const waiting = [...suites];
  const running = new Map<string, string>();
  const saying = setInterval(() => report.say(`   … ${[...running.values()].join(', ')}`), sayEvery);
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, suite] = next;
      running.set(name, name);
      const shown = [`== ${name}`];
      const started = performance.now();
      const log = report.openLog(name);
      const tally = await suite({
        log,
        show: (line) => shown.push(line),
        count: (done, planned) => running.set(name, `${name} ${done} of ${planned}`),
      });
      log.end();
      add(sum, tally);
      running.delete(name);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const where = tally.failed === 0 ? '' : `, log: .cache/log/${name}.log`;
      report.say([...shown, `   ${name}: ${tally.passed} passed, ${tally.failed} failed (${seconds} s)${where}`].join('\n'));
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    clearInterval(saying);
  }
  return sum;
}
