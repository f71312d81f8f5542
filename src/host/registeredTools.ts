import * as z from 'zod/mini';
import { findTool } from '../core/describe/tools/catalogue.ts';
import type { Disposable } from '../gate/ports.ts';
import { likes, type ToolDescription } from './api.ts';

const descriptionSchema = z.strictObject({
  name: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,100}$/, 'letters, digits, _ and -, at most 100')),
  like: z.enum(likes),
});

/**
 * Tools that other extensions described. A description names a built-in tool that theirs behaves like, so that its paths,
 * addresses and commands are read the same way.
 *
 * INVARIANT: what the gate knows of its own cannot be described anew.
 */
export class RegisteredTools {
  private readonly tools = new Map<string, ToolDescription>();

  /** The built-in tool that a described one behaves like */
  readonly like = (tool: string): string | undefined => this.tools.get(tool.toLowerCase())?.like;

  /** Adds a tool; throws a sentence for a bad description, a built-in name, or one that somebody else took */
  register(given: unknown): Disposable {
    const read = descriptionSchema.safeParse(given);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new Error(`This does not describe a tool: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not readable'}. It needs a name and one of these to behave like: ${likes.join(', ')}.`);
    }
    const description: ToolDescription = Object.freeze(read.data);
    const name = description.name.toLowerCase();
    if (findTool(name) !== undefined || name.startsWith('mcp_')) throw new Error(`The tool ${description.name} is known already and cannot be described anew.`);
    if (this.tools.has(name)) throw new Error(`The tool ${description.name} is described already; dispose of that description first.`);
    this.tools.set(name, description);
    return { dispose: () => void (this.tools.get(name) === description && this.tools.delete(name)) };
  }
}
