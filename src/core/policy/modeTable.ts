import type { Action } from '../action.ts';
import type { Decision, Mode } from '../decision.ts';

/** The rows of the table of modes (spec 6) */
export type ModeRow = 'read' | 'write' | 'delete' | 'known_shell' | 'other_shell' | 'unreadable_shell' | 'export' | 'external' | 'interact' | 'locate';

/** What each mode answers where no rule does (spec 6) */
export const modeTable: Readonly<Record<ModeRow, Readonly<Record<Mode, Decision>>>> = {
  read: row('allow', 'allow', 'allow', 'allow', 'allow', 'allow'),
  write: row('ask', 'deny', 'allow', 'allow', 'allow', 'allow'),
  delete: row('ask', 'deny', 'ask', 'ask', 'allow', 'allow'),
  known_shell: row('ask', 'deny', 'ask', 'allow', 'allow', 'allow'),
  other_shell: row('ask', 'deny', 'ask', 'ask', 'allow', 'allow'),
  unreadable_shell: row('ask', 'deny', 'ask', 'ask', 'ask', 'ask'),
  export: row('ask', 'deny', 'ask', 'ask', 'ask', 'ask'),
  external: row('ask', 'deny', 'ask', 'ask', 'allow', 'allow'),
  interact: row('ask', 'deny', 'ask', 'ask', 'allow', 'allow'),
  locate: row('ask', 'ask', 'ask', 'ask', 'ask', 'ask'),
};

function row(normal: Decision, plan: Decision, acceptEdits: Decision, dangerousOnly: Decision, dontAsk: Decision, bypass: Decision): Readonly<Record<Mode, Decision>> {
  return { default: normal, plan, accept_edits: acceptEdits, dangerous_only: dangerousOnly, dont_ask: dontAsk, bypass_permissions: bypass };
}

/** The row an action stands in; `within`: its path lies where tools may touch files */
export function modeRowOf(action: Action, within: boolean): ModeRow {
  switch (action.kind) {
    case 'read': return within ? 'read' : 'interact';
    case 'write': return 'write';
    case 'delete': return 'delete';
    case 'exec': return action.class === 'unreadable' ? 'unreadable_shell' : action.class === 'other' ? 'other_shell' : 'known_shell';
    case 'fetch': return 'read';
    case 'export': return 'export';
    case 'mcp':
    case 'external': return 'external';
    case 'interact':
    case 'unknown': return 'interact';
    case 'locate': return 'locate';
  }
}

/** What a mode's answer is about, in a sentence of its own; `one`: the name takes a singular verb */
const subjects: Readonly<Record<Exclude<Action['kind'], 'exec'> | 'read_outside' | 'shell' | 'known_shell', { readonly name: string; readonly one?: true }>> = {
  read: { name: 'Reads' },
  read_outside: { name: 'Reads outside the workspace' },
  write: { name: 'File changes' },
  delete: { name: 'Deletes' },
  shell: { name: 'Shell commands' },
  known_shell: { name: 'Shell commands that only read or test' },
  fetch: { name: 'Network reads' },
  export: { name: 'Sending data out', one: true },
  mcp: { name: 'MCP tools' },
  external: { name: 'Outside services' },
  interact: { name: 'Browser, screen, clipboard and applications' },
  unknown: { name: 'Unknown tools' },
  locate: { name: 'Your location', one: true },
};

const verbs = {
  many: { allow: 'are allowed', ask: 'ask', deny: 'are denied' },
  one: { allow: 'is allowed', ask: 'asks', deny: 'is denied' },
} as const;

/** One sentence for people: what the mode says of an action of this row */
export function modeSentence(action: Action, row: ModeRow, mode: Mode, decision: Decision): string {
  if (row === 'locate') return 'Your location is asked about in every mode.';
  if (row === 'unreadable_shell' && decision === 'ask') return 'What this command would do cannot be told, so it always asks.';
  const { name, one } = subjects[subjectOf(action, row)];
  const everywhere = row === 'export' && decision === 'ask' ? 'in every mode' : `in this mode (${mode})`;
  return `${name} ${verbs[one === true ? 'one' : 'many'][decision]} ${everywhere}.`;
}

function subjectOf(action: Action, row: ModeRow): keyof typeof subjects {
  if (action.kind === 'read') return row === 'read' ? 'read' : 'read_outside';
  if (action.kind !== 'exec') return action.kind;
  return row === 'known_shell' ? 'known_shell' : 'shell';
}
