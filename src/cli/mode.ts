import { modes } from '../core/decision.ts';
import { author, withGate, withStore } from './ownGate.ts';
import { modeOf } from './standing.ts';
import { FailedError, type Verb, UsageError, commonDetails } from './verb.ts';

/** `mode get|set`: the mode of the workspace */
export const modeVerb: Verb = {
  usage: 'mode get | mode set MODE',
  summary: 'show or change the mode of the workspace',
  details: [`MODE is one of ${modes.join(', ')}.`, '', ...commonDetails],
  options: {},
  async run([what, ...words], flags, console) {
    if (what === 'get' && words.length === 0) {
      const mode = await withStore(flags, console, (store) => Promise.resolve(store.state.settings.mode));
      await console.print(flags['json'] === true ? `${JSON.stringify({ mode })}\n` : `${mode}\n`);
      return 0;
    }
    const [text] = words;
    if (what !== 'set' || text === undefined || words.length > 1) throw new UsageError('say “mode get” or “mode set MODE”');
    const mode = modeOf(text);
    if (mode === undefined) throw new UsageError('say “mode get” or “mode set MODE”');
    const outcome = await withGate(flags, console, (gate) => gate.changeSettings({ mode }, author));
    if (!outcome.ok) throw new FailedError(outcome.reason);
    await console.print(flags['json'] === true ? `${JSON.stringify({ mode })}\n` : `The mode is now ${mode}.\n`);
    return 0;
  },
};
