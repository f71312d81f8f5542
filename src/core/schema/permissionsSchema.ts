import * as z from 'zod/mini';
import { ruleDraftSchema } from './ruleSchema.ts';

/** A whole `permissions.json` as people write it (spec 11); reading one is more forgiving, see `readManifest` */
const permissionsSchema = z.strictObject({ $schema: z.optional(z.string()), version: z.literal(1), rules: z.array(z.strictObject(ruleDraftSchema.shape)) });

/** Marks a text for translation; the build says it in each language */
function sentence(text: string): string {
  return text;
}

/** What each key means, for those who write the file by hand */
const meanings: Readonly<Record<string, string>> = {
  version: sentence('Version of this format. Only 1 is known.'),
  rules: sentence('Rules of this workspace. One that allows counts for others only after they reviewed this file.'),
  effect: sentence('What happens: deny, ask a person, or allow. Where several rules match, the more specific one answers.'),
  scope: sentence('What the rule is about.'),
  kind: sentence('Kind of scope: a command, a path, a host, a tool, or an MCP server.'),
  prefix: sentence('Leading words of one command. “git status” covers “git  status -s”, never “git statusx” or “git status; rm x”.'),
  path: sentence('A file, a folder with everything below it, or a pattern with * and **. Relative paths start at the workspace.'),
  domain: sentence('A host such as api.example.com, or *.example.com for any host below it.'),
  serverName: sentence('Name of an MCP server.'),
  toolName: sentence('A tool of agents, such as write_file or run_command. Beside a path, host or server: only for this tool.'),
  toolPrefix: sentence('Only for tools whose name begins so.'),
  reason: sentence('Why the rule is there, for those who read it.'),
  expiresAt: sentence('When the rule ends, in milliseconds since 1970.'),
  usesLeft: sentence('How often it may still answer.'),
  createdAt: sentence('When it was made, in milliseconds since 1970.'),
  examples: sentence('Requests that the rule must match, and such that it must not; “cowork-policy test” checks them.'),
};

/** Rules to begin with, offered where the list of rules is completed */
const snippets = [
  { label: sentence('Allow a command'), body: { effect: 'allow', scope: { kind: 'command_prefix', prefix: '${1:npm test}' } } },
  { label: sentence('Ask about a folder'), body: { effect: 'ask', scope: { kind: 'path', path: '${1:config/**}' } } },
  { label: sentence('Deny a host'), body: { effect: 'deny', scope: { kind: 'domain', domain: '${1:*.example.com}' } } },
];

/**
 * The JSON schema of `permissions.json`, made from the schema that rules are checked by; written to a file by the build, for the
 * editor's completion and checks. A key that is not known is a mistake there, while reading the file drops it.
 *
 * @param said gives each text in the language of a reader
 */
export function permissionsJsonSchema(said: (text: string) => string = (text) => text): unknown {
  return explained(z.toJSONSchema(permissionsSchema, { target: 'draft-7', io: 'input' }), said);
}

/** The schema with what each key means, wherever the key stands */
function explained(node: unknown, said: (text: string) => string): unknown {
  if (Array.isArray(node)) return node.map((each) => explained(each, said));
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'properties' ? explainedKeys(value as object, said) : explained(value, said)]));
  return 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}

function explainedKeys(properties: object, said: (text: string) => string): object {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => {
    const meaning = Object.hasOwn(meanings, key) ? meanings[key] : undefined;
    const description = meaning === undefined ? {} : { description: said(meaning) };
    return [key, { ...(explained(value, said) as object), ...description, ...(key === 'rules' ? { items: { ...(explained((value as { items: unknown }).items, said) as object), defaultSnippets: snippets.map(({ label, body }) => ({ label: said(label), body })) } } : {}) }];
  }));
}
