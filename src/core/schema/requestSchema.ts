import * as z from 'zod/mini';
import type { Request } from '../request.ts';
import { firstIssue } from './firstIssue.ts';
import { exact } from './ruleSchema.ts';
import type { ExactOptional } from './ruleSchema.ts';

const name = z.string().check(z.maxLength(4096));
const count = z.number().check(z.minimum(0));

/** A request as it arrives at any door (design, command line contract); unknown keys are dropped */
export const requestSchema = z.object({
  id: z.optional(z.union([z.string().check(z.maxLength(4096)), z.number()])),
  tool: name.check(z.minLength(1)),
  input: z.optional(z.record(z.string(), z.unknown())),
  server: z.optional(name),
  approvalType: z.optional(name),
  cwd: z.optional(name),
  platform: z.optional(z.enum(['linux', 'darwin', 'win32'])),
  shell: z.optional(z.enum(['bash', 'zsh', 'pwsh', 'cmd'])),
  actor: z.optional(z.object({ kind: z.enum(['agent', 'channel', 'user']), name: z.optional(name), session: z.optional(name), subAgent: z.optional(name), context: z.optional(z.enum(['private', 'group', 'public'])), channel: z.optional(name) })),
  denials: z.optional(z.object({ consecutive: count, total: count })),
  task: z.optional(z.object({ allow: z.optional(z.array(name)), deny: z.optional(z.array(name)) })),
});

type Fits<Given extends Wanted, Wanted> = Given;
export type SchemaRequest = Fits<ExactOptional<z.infer<typeof requestSchema>>, Request>;

/** What became of reading something from outside */
export type Reading<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** Reads a request from outside; `message` is one plain sentence that names the key */
export function readRequest(value: unknown): Reading<Request> {
  const result = requestSchema.safeParse(value);
  if (!result.success) return { ok: false, message: firstIssue(result.error) };
  const { input, ...rest } = result.data;
  // The input is handed on as it came: what its keys mean is for the tool's description to say
  return { ok: true, value: { ...(exact(rest) as Request), ...(input === undefined ? {} : { input }) } };
}
