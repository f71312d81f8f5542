/** Fuzzes the reading of shell lines: `npm run fuzz -- [--inputs N] [--seed N]`; a million inputs unless told */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzz, reportOf } from './fuzzing.ts';

const { values } = parseArgs({ options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: String(randomInt(2 ** 31)) } } });
const seed = Number(values.seed);
const { text, good } = reportOf(fuzz(Number(values.inputs), seed), seed);
console.log(text);
process.exitCode = good ? 0 : 1;
