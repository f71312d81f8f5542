import type { Decision, Mode } from '../core/decision.ts';
import type { EditEffect, RuleDraft } from './rules.ts';

export type { Mode };

/** What stands around a try */
export interface TryItSlice {
  readonly mode: Mode;
  readonly modes: readonly { readonly mode: Mode; readonly name: string }[];
}

/** What a person changes to see what would come of it; nothing of it is stored */
export interface TriedEdit {
  readonly mode?: Mode;
  readonly add: readonly RuleDraft[];
  /** Ids */
  readonly remove: readonly string[];
}

/** The request that is tried: a command, a path, an address, or a whole request as JSON */
export type TriedRequest =
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'read' | 'write' | 'delete'; readonly text: string }
  | { readonly kind: 'fetch' | 'send'; readonly text: string }
  | { readonly kind: 'request'; readonly text: string };

export const triedKinds = ['command', 'read', 'write', 'delete', 'fetch', 'send', 'request'] as const satisfies readonly TriedRequest['kind'][];

/** One policy's answer, as a tree */
export interface DecisionTree {
  readonly decision: Decision;
  readonly reason: string;
  readonly tool: string;
  readonly actions: readonly TreeAction[];
}

export interface TreeAction {
  readonly decision: Decision;
  readonly kind: string;
  readonly target: string;
  /** What a command of the line does, below that command */
  readonly owned: boolean;
  /** Why, by which rule, which rules lost and why; one line each */
  readonly details: readonly string[];
}

export interface TryItRequests {
  readonly tryRequest: {
    readonly params: { readonly request: TriedRequest; readonly edit?: TriedEdit };
    readonly result: { readonly problem: string } | { readonly now: DecisionTree; readonly edited?: DecisionTree };
  };
  readonly tryEdit: { readonly params: { readonly edit: TriedEdit }; readonly result: { readonly problem: string } | EditEffect };
}
