import { LitElement, nothing, type TemplateResult } from 'lit';
import type { Asking } from '../src/shared/messageEnd.ts';
import type { Done, Frame, Method, Requests } from '../src/shared/messages.ts';
import type { Section, Slices } from '../src/shared/sections.ts';

/** What a view may do besides drawing */
export interface Panel {
  request<M extends Method>(method: M, params: Requests[M]['params'], asking?: Asking): Promise<Requests[M]['result']>;
  /**
   * Asks for a change and tells a person how it ended: a refusal with its reason, a success with `done` and, where `undo` is
   * given, a button that takes it back. Resolves to whether it was made
   */
  change<M extends ChangeMethod>(method: M, params: Requests[M]['params'], done?: { readonly said: string; readonly undo?: () => Promise<unknown> }): Promise<boolean>;
  /** Says something in the bar at the foot, and to screen readers */
  say(text: string, options?: { readonly undo?: () => Promise<unknown>; readonly bad?: boolean }): void;
  /** Goes to another section; `given` is handed to its view (a draft for a rule, a filter) */
  goTo(section: Section, given?: unknown): void;
}

/** Requests that change something and say whether it was done */
export type ChangeMethod = { [M in Method]: Requests[M]['result'] extends Done ? M : never }[Method];

/**
 * A section of the panel: gets its slice of each snapshot and draws it, without a shadow root, so that one style sheet and
 * plain labels serve all. Subclasses write `drawn`.
 */
export abstract class SectionView<S extends Section> extends LitElement {
  static override properties = { slice: { attribute: false }, frame: { attribute: false }, given: { attribute: false } };
  /** What the host last sent for this section; set before the first drawing */
  declare slice: Slices[S] | undefined;
  declare frame: Frame | undefined;
  /** What whoever sent a person here handed along; changes only with a new visit */
  declare given: unknown;
  panel!: Panel;
  /** Reads and writes what the view keeps over hide and reload; any JSON, checked by the view when it is read back */
  kept!: { get(): unknown; set(value: unknown): void };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    return this.slice === undefined ? nothing : this.drawn(this.slice);
  }

  /** Resolves when the first content is whole; a view that asks for some of it waits for that too */
  arrived(): Promise<unknown> {
    return this.updateComplete;
  }

  protected abstract drawn(slice: Slices[S]): TemplateResult;
}
