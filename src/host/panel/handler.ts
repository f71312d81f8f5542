import type * as z from 'zod/mini';
import type { Method, Requests } from '../../shared/messages.ts';
import type { Asking } from '../../shared/messageEnd.ts';
import type { OpenFolder } from '../folders.ts';

/** What a request of the panel is about, beside its params */
export interface Handling extends Required<Asking> {
  /** The folder whose policy is on screen */
  readonly folder: OpenFolder;
}

/** Does one kind of request; `params` is checked before `run` sees it */
export interface Handler<M extends Method> {
  readonly params: z.ZodMiniType<Loose<Requests[M]['params']>>;
  run(params: Requests[M]['params'], handling: Handling): Promise<Requests[M]['result']> | Requests[M]['result'];
}

/** One handler for each request of a section */
export type HandlersOf<Kinds> = { readonly [M in keyof Kinds & Method]: Handler<M> };

/** A type as a schema gives it: optional keys may be there and undefined; they are dropped before `run` */
type Loose<Value> = Value extends readonly (infer Item)[]
  ? readonly Loose<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Loose<Value[Key]> | undefined }
    : Value;
