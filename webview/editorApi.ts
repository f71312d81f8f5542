import type { PanelMessage } from '../src/shared/messages.ts';

/** What the panel keeps over hide and reload: where a person was, never data */
export interface KeptState {
  readonly section?: string;
  readonly folder?: string;
  /** How far the section was scrolled, in pixels */
  readonly scrolled?: number;
  /** By section, what its view keeps: filter, scroll, what is open */
  readonly views?: Readonly<Record<string, unknown>>;
}

declare function acquireVsCodeApi(): {
  postMessage(message: PanelMessage): void;
  getState(): KeptState | undefined;
  setState(state: KeptState): void;
};

/** The editor's side of the page; it can be had only once */
export const editorApi = acquireVsCodeApi();
