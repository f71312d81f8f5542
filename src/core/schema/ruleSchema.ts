import * as z from 'zod/mini';
import { ruleSources } from '../rules/rule.ts';
import type { Rule, RuleScope } from '../rules/rule.ts';

/** Longest text of one field of a rule; longer ones are no names, paths or commands of this world */
const text = z.string().check(z.maxLength(32_768));
const optionalText = z.optional(text);

/** A scope as stored and as in files (spec 2); unknown keys are dropped */
export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tool'), toolName: text }),
  z.object({ kind: z.literal('domain'), domain: text, toolName: optionalText, toolPrefix: optionalText }),
  z.object({ kind: z.literal('path'), path: text, toolName: optionalText }),
  z.object({ kind: z.literal('command_prefix'), prefix: text }),
  z.object({ kind: z.literal('mcp_server'), serverName: text, toolName: optionalText }),
]);

const effectSchema = z.enum(['allow', 'ask', 'deny']);

const time = z.number().check(z.minimum(0));

/** A rule as it is stored, complete */
export const ruleSchema = z.object({
  id: text.check(z.minLength(1)),
  source: z.enum(ruleSources),
  effect: effectSchema,
  scope: scopeSchema,
  createdAt: time,
  reason: optionalText,
  expiresAt: z.optional(time),
  usesLeft: z.optional(time),
  examples: z.optional(z.object({ match: z.optional(z.array(text)), notMatch: z.optional(z.array(text)) })),
  metadata: z.optional(z.record(z.string(), z.unknown())),
});

/** A rule as a person or a file writes it: only effect and scope are needed */
export const ruleDraftSchema = z.object({ ...ruleSchema.shape, id: z.optional(ruleSchema.shape.id), source: z.optional(ruleSchema.shape.source), createdAt: z.optional(time) });

/** Drops keys whose value is `undefined`, so that what a schema gave fits types with exact optional keys */
export function exact<Value>(value: Value): ExactOptional<Value> {
  if (Array.isArray(value)) return value.map((item: unknown) => exact(item)) as ExactOptional<Value>;
  if (typeof value !== 'object' || value === null) return value as ExactOptional<Value>;
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) Object.defineProperty(kept, key, { value: exact(item), enumerable: true, configurable: true, writable: true });
  }
  return kept as ExactOptional<Value>;
}

/** The same type without `undefined` in optional keys, deeply */
export type ExactOptional<Value> = Value extends (infer Item)[]
  ? ExactOptional<Item>[]
  : Value extends object
    ? { [Key in keyof Value]: ExactOptional<Exclude<Value[Key], undefined>> }
    : Value;

/** Checked at compile time: what the schemas give is what the rest of the program takes */
type Fits<Given extends Wanted, Wanted> = Given;
export type SchemaRule = Fits<ExactOptional<z.infer<typeof ruleSchema>>, Rule>;
export type SchemaScope = Fits<ExactOptional<z.infer<typeof scopeSchema>>, RuleScope>;
