import { DefaultIntrinsics, type QuickJSContext, type QuickJSHandle, type QuickJSWASMModule, Scope } from 'quickjs-emscripten-core';
import type { ScriptRuling } from '../../core/decide/session.ts';

/** Bytes: some hundred calls deep, and far from the end of the engine's own stack */
const mostStack = 256 * 1024;
/** Characters of a reason, and of an error, that are handed on */
const longestText = 500;

/** What a run came to. `spent`: the engine has grown or may be in disorder, and should be put away */
export type ScriptAnswer = ScriptRuling & { readonly spent?: boolean };

/**
 * Evaluated before the script, so that what is taken here is what the engine has and not what a script put in its place.
 * What it gives are bare texts: nothing that a script can redefine runs when they are made.
 */
const prelude = `(() => {
  'use strict';
  delete Math.random;
  const { parse } = JSON;
  const { freeze, values } = Object;
  const slice = Function.prototype.call.bind(String.prototype.slice);
  const text = (value) => (typeof value === 'string' ? slice(value, 0, ${longestText}) : '');
  const frozen = (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const parts = values(value);
    for (let index = 0; index < parts.length; index += 1) frozen(parts[index]);
    return freeze(value);
  };
  return {
    read: (json) => frozen(parse(json)),
    answerOf: (said) => {
      if (typeof said !== 'object' || said === null) return 'wrong\\nit gave ' + (said === null ? 'null' : typeof said) + ', and no {decision}';
      const { decision, reason, then } = said;
      if (typeof then === 'function') return 'wrong\\nit gave a promise, and has to answer at once';
      if (typeof decision !== 'string') return 'wrong\\nits answer has no “decision”';
      if (decision === 'pass' || decision === 'require_approval' || decision === 'deny') return decision + '\\n' + text(reason);
      return 'wrong\\n“' + slice(decision, 0, 40) + '” is no decision; it has to be pass, require_approval or deny';
    },
    errorOf: (thrown) => {
      if (typeof thrown !== 'object' || thrown === null) return text(thrown) || 'it threw ' + (thrown === null ? 'null' : typeof thrown);
      const { name, message, stack } = thrown;
      const what = text(name);
      const why = text(message);
      return (what === '' && why === '' ? 'it threw an object' : what + ': ' + why) + '\\n' + text(stack);
    },
  };
})()`;

/**
 * Runs a script in an engine made for this one run: no file, network, console, module or clock is in it, and nothing stays
 * for the next. Without an input nothing of it runs: it is only read, to see whether it is a script. Never throws; whoever calls holds the time.
 *
 * @param engine with a wall around its memory
 * @param input JSON
 */
export function runInIsolate(engine: QuickJSWASMModule, script: string, input: string | undefined): ScriptAnswer {
  try {
    return Scope.withScope((scope) => {
      const runtime = scope.manage(engine.newRuntime({ maxStackSizeBytes: mostStack }));
      const context = scope.manage(runtime.newContext({ intrinsics: { ...DefaultIntrinsics, Date: false } }));
      return new Run(scope, context).of(script, input);
    });
  } catch (error) {
    // A script's own failure is an answer already: this is a trap of the engine, or memory that ran out inside of it
    const [what = ''] = String(error).split('\n');
    return { error: `the script engine failed (${what.slice(0, longestText)})`, spent: true };
  }
}

/** What the script threw, in words */
class Thrown extends Error {}

class Run {
  readonly #scope: Scope;
  readonly #context: QuickJSContext;
  readonly #tools: QuickJSHandle;

  constructor(scope: Scope, context: QuickJSContext) {
    this.#scope = scope;
    this.#context = context;
    this.#tools = scope.manage(context.unwrapResult(context.evalCode(prelude, 'prelude')));
  }

  of(script: string, input: string | undefined): ScriptAnswer {
    try {
      const given = input === undefined ? this.#context.undefined : this.#use('read', this.#scope.manage(this.#context.newString(input)));
      this.#handle(this.#context.evalCode(script, 'policy.js', { type: 'global', strict: true, compileOnly: input === undefined }));
      if (input === undefined) return { decision: 'pass' };
      const decide = this.#handle(this.#context.evalCode('typeof decide === "function" ? decide : undefined', 'decide'));
      if (this.#context.typeof(decide) !== 'function') return { error: 'it has no function named “decide”' };
      const said = this.#handle(this.#context.callFunction(decide, this.#context.undefined, given));
      return answerIn(this.#context.getString(this.#use('answerOf', said)));
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      return { error: error.message, ...(error.message.includes('out of memory') ? { spent: true } : {}) };
    }
  }

  #use(tool: 'read' | 'answerOf', given: QuickJSHandle): QuickJSHandle {
    return this.#handle(this.#context.callFunction(this.#scope.manage(this.#context.getProp(this.#tools, tool)), this.#context.undefined, given));
  }

  /** The value of a step, let go of with the run */
  #handle(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (result.error === undefined) return this.#scope.manage(result.value);
    throw new Thrown(this.#textOf(this.#scope.manage(result.error)));
  }

  /** What was thrown, which may be anything and throw again when it is looked at */
  #textOf(thrown: QuickJSHandle): string {
    const read = this.#context.callFunction(this.#scope.manage(this.#context.getProp(this.#tools, 'errorOf')), this.#context.undefined, thrown);
    if (read.error === undefined) return oneLine(this.#context.getString(this.#scope.manage(read.value)));
    this.#scope.manage(read.error);
    return 'it threw what cannot be read';
  }
}

/** `decision\nreason`, as the prelude gives it */
function answerIn(text: string): ScriptAnswer {
  const end = text.indexOf('\n');
  const [decision, reason] = [text.slice(0, end), text.slice(end + 1)];
  switch (decision) {
    case 'pass':
    case 'require_approval':
    case 'deny':
      return { decision, ...(reason.trim() === '' ? {} : { reason }) };
    default:
      return { error: reason.replaceAll(/\s+/g, ' ') };
  }
}

/** What was thrown, with the first place in the script that its stack names */
function oneLine(text: string): string {
  const [what = '', ...stack] = text.split('\n');
  const place = stack.map((line) => /policy\.js:(\d+)(?::(\d+))?/.exec(line)).find((match) => match !== null);
  return place === undefined ? what : `${what} (line ${place[1]})`;
}
