import * as z from 'zod/mini';
import type { Disposable } from '../gate/ports.ts';
import type { ToolDescription } from './api.ts';

const key = z.string().check(z.minLength(1), z.maxLength(100));
const most = 50;

const descriptionSchema = z.strictObject({
  name: z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,100}$/)),
  paths: z.optional(z.record(key, z.enum(['read', 'write', 'delete']))),
  urls: z.optional(z.record(key, z.enum(['fetch', 'export']))),
  commands: z.optional(z.array(key).check(z.maxLength(most))),
});

/** Tools that other extensions described, by lower-case name */
export class RegisteredTools {
  private readonly tools = new Map<string, ToolDescription>();
  private readonly isBuiltIn: (name: string) => boolean;

  /** @param isBuiltIn whether the gate knows a tool of this name already; such a one cannot be described anew */
  constructor(isBuiltIn: (name: string) => boolean) {
    this.isBuiltIn = isBuiltIn;
  }

  get(name: string): ToolDescription | undefined {
    return this.tools.get(name.toLowerCase());
  }

  /** Adds a tool; throws a sentence for a bad description, a built-in name, or one that somebody else took */
  register(given: unknown): Disposable {
    const read = descriptionSchema.safeParse(given);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new Error(`This is no description of a tool: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not readable'}.`);
    }
    const description = Object.freeze(read.data) as ToolDescription;
    const name = description.name.toLowerCase();
    if (this.isBuiltIn(name)) throw new Error(`The tool ${description.name} is built in and cannot be described anew.`);
    if (this.tools.has(name)) throw new Error(`The tool ${description.name} is described already. Dispose of that description first.`);
    this.tools.set(name, description);
    return { dispose: () => void (this.tools.get(name) === description && this.tools.delete(name)) };
  }
}
