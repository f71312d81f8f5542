import type { Action, ExecAction } from '../../../../../src/core/action.ts';
import type { ShellKind } from '../../../../../src/core/request.ts';
import { readShellLine } from '../../../../../src/core/describe/shell/readShellLine.ts';
import type { Surroundings } from '../../../../../src/core/surroundings.ts';

/** A machine with nothing on it but the files given: path → text, and links: path → target */
export function machine(files: Readonly<Record<string, string>> = {}, links: Readonly<Record<string, string>> = {}): Surroundings {
  return {
    workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash',
    files: {
      resolve: (path) => {
        const link = Object.keys(links).find((one) => path === one || path.startsWith(`${one}/`));
        return link === undefined ? path : `${links[link] ?? ''}${path.slice(link.length)}`;
      },
      readText: (path) => files[path],
    },
  };
}

export function actionsOf(text: string, shell: ShellKind = 'bash', surroundings = machine()): readonly Action[] {
  return readShellLine(text, '/ws', surroundings, shell).actions;
}

/** One short text per action: `exec:read ls -la`, `write /ws/x`, `fetch h.example`; `!` marks a guardrail, `?` uncertainty */
export function shown(actions: readonly Action[]): string[] {
  return actions.map((action) => {
    const marks = `${action.guardrail === undefined ? '' : '!'}${action.uncertain === undefined ? '' : '?'}`;
    switch (action.kind) {
      case 'exec':
        return `${marks}exec:${action.class} ${action.argv.map((word) => word ?? '…').join(' ')}`.trimEnd();
      case 'read':
      case 'write':
      case 'delete':
        return `${marks}${action.kind} ${action.path}`;
      case 'fetch':
      case 'export':
        return `${marks}${action.kind} ${action.host ?? action.provider ?? ''}`.trimEnd();
      default:
        return `${marks}${action.kind}`;
    }
  });
}

export function execs(text: string, shell: ShellKind = 'bash', surroundings = machine()): readonly ExecAction[] {
  return actionsOf(text, shell, surroundings).filter((action) => action.kind === 'exec');
}

/** Every command as deny and ask rules see it */
export function readings(text: string, shell: ShellKind = 'bash'): string[] {
  return execs(text, shell).flatMap((exec) => exec.readings.map((words) => words.join(' ')));
}

/** Ids of the guardrails that a line runs into */
export function guardrails(text: string, shell: ShellKind = 'bash', surroundings = machine()): string[] {
  return [...new Set(actionsOf(text, shell, surroundings).flatMap((action) => (action.guardrail === undefined ? [] : [action.guardrail.id])))];
}

/** Whether a line holds nothing but commands that read or test, with nothing uncertain */
export function onlyReads(text: string, shell: ShellKind = 'bash', surroundings = machine()): boolean {
  return actionsOf(text, shell, surroundings).every((action) => action.uncertain === undefined && action.guardrail === undefined && (action.kind === 'read' || (action.kind === 'exec' && (action.class === 'read' || action.class === 'test'))));
}

/** Whether any part of a line can only be known when it runs */
export function isUncertain(text: string, shell: ShellKind = 'bash', surroundings = machine()): boolean {
  return actionsOf(text, shell, surroundings).some((action) => action.uncertain !== undefined || (action.kind === 'exec' && action.class === 'unreadable'));
}
