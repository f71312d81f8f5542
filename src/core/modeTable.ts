import type { Action } from './action.ts';
import type { Decision, Mode } from './decision.ts';

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

/** What a row is called in a sentence about the mode */
export const rowNames: Readonly<Record<ModeRow, string>> = {
  read: 'Reads',
  write: 'Writes',
  delete: 'Deletes',
  known_shell: 'Shell commands',
  other_shell: 'Shell commands that do more than read or test',
  unreadable_shell: 'Commands that cannot be read',
  export: 'Sending data out',
  external: 'Outside services',
  interact: 'Browser, screen, applications, unknown tools and files outside the workspace',
  locate: 'The location',
};
