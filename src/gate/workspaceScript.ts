import type { Action, Described } from '../core/action.ts';
import type { ScriptRuling } from '../core/decide/session.ts';
import { isInside } from '../core/describe/path.ts';
import type { Policy } from '../core/policy/compilePolicy.ts';
import type { Request } from '../core/request.ts';
import { textHash } from '../core/rules/scriptHash.ts';
import type { Surroundings } from '../core/surroundings.ts';
import type { PolicyScript, StoredState } from './ports.ts';
import type { ScriptRunner } from './scriptRunner.ts';

export interface WorkspaceScriptOptions {
  readonly state: () => StoredState;
  readonly trusted: () => boolean;
  readonly surroundings: () => Surroundings;
  /** Without one, a script that should run cannot, and requests ask */
  readonly runner?: ScriptRunner | undefined;
}

/** What the policy script says of requests (spec 1, stage 4) */
export interface WorkspaceScript {
  /** Makes ready what the next ruling needs; at once where there is nothing to run */
  ready(): Promise<void>;
  /** Why the script cannot be one, whether or not it was reviewed; nothing of it runs for that */
  mistake(): Promise<string | undefined>;
  /** Nothing where no script counts. A request is put to one text of the script once, as long as it means the same */
  ruling(request: Request, described: Described, policy: Policy, now: number): ScriptRuling | undefined;
}

/** Characters of a request that a script is given, as JSON; more would fill its memory */
const longestInput = 1_000_000;

/**
 * The stage of the policy script.
 *
 * INVARIANT: a script can only tighten, and so can its going wrong: once one was reviewed here, whatever keeps it from being
 * asked (another text, a missing file, no trust, a failure) is a question to a person. One that nobody has reviewed, as in a
 * fresh clone, is not run and changes nothing.
 */
export function createWorkspaceScript({ state, trusted, surroundings, runner }: WorkspaceScriptOptions): WorkspaceScript {
  const asked = new WeakMap<Request, { readonly script: PolicyScript; readonly input: string; readonly at: number; readonly ruling: ScriptRuling }>();

  function run(text: string, input: string): ScriptRuling {
    if (runner === undefined) return { error: 'nothing here can run it' };
    if (input.length > longestInput) return { error: `the request is too long for it (${input.length} characters)` };
    const ruling = runner.run(text, input);
    return 'error' in ruling && ruling.passing !== true ? { error: `${ruling.error}; mend .cowork/policy/policy.js` } : ruling;
  }

  return {
    async ready() {
      if (trusted() && state().script?.review === 'reviewed') await runner?.ready();
    },
    async mistake() {
      const text = state().script?.text;
      if (text === undefined || runner === undefined) return undefined;
      await runner.ready();
      const ruling = runner.run(text);
      return 'error' in ruling ? ruling.error : undefined;
    },
    ruling(request, described, policy, now) {
      const { script } = state();
      if (script === undefined || script.review === 'new') return undefined;
      if (script.review === 'changed') return { error: changeOf(script) };
      if (!trusted()) return { error: 'it runs only once you trust this workspace' };
      const before = asked.get(request);
      const at = before?.at ?? now;
      // Made anew: a link may have moved, the policy changed
      const input = JSON.stringify(inputOf(request, described, policy, surroundings(), at));
      if (before?.script === script && before.input === input) return before.ruling;
      const ruling = script.text === undefined ? { error: 'its text is missing' } : run(script.text, input);
      if (!('passing' in ruling)) asked.set(request, { script, input, at, ruling });
      return ruling;
    },
  };
}

/** Why a script that is not the reviewed one may not run, and what to do */
function changeOf({ hash, unreadable }: PolicyScript): string {
  if (unreadable !== undefined) return `${unreadable}; mend that, or forget the review`;
  return hash === undefined ? 'the one you reviewed is gone; bring it back, or forget the review' : 'it changed since you reviewed it; review it again';
}

/**
 * What a script is given (cowork-facts 1.16), and beside it what the gate reads in the call: a command may stand under another
 * key, behind `cd x &&` or in an alias of the tool, and a script that looks at `params` alone would let it pass. Also the MCP
 * server, without which a tool's name says little, and the folder that relative paths start from.
 */
function inputOf({ input = {}, actor, cwd }: Request, { tool, server, actions }: Described, { settings }: Policy, { workspace, temporary, platform }: Surroundings, now: number): unknown {
  return {
    tool,
    ...(server === undefined ? {} : { server }),
    params: input,
    actions: actions.map(seenAction),
    ...(cwd === undefined ? {} : { cwd }),
    gatewayContext: actor?.context ?? null,
    workspace: {
      id: textHash(workspace).slice(0, 16),
      name: workspace.slice(workspace.lastIndexOf('/') + 1),
      path: workspace,
      isTemp: isInside(workspace, temporary, platform),
      permissions: settings.permissions,
    },
    timestampMs: now,
  };
}

/**
 * An action as a script sees it; `argv` of a command (null: known only when it runs) and its `readings`, as rules see them; `path`
 * of a file, `host` of the network; `uncertain` where it may do what nobody could read
 */
function seenAction(action: Action): unknown {
  const { kind, target } = action;
  return {
    kind, target,
    ...(action.kind === 'exec' ? { argv: action.argv, readings: action.readings } : {}),
    ...(action.uncertain === undefined && !(action.kind === 'exec' && action.class === 'unreadable') ? {} : { uncertain: true }),
    ...('path' in action ? { path: action.path } : {}),
    ...('host' in action ? { host: action.host } : {}),
  };
}
