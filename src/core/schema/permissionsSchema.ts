import * as z from 'zod/mini';
import { ruleDraftSchema } from './ruleSchema.ts';

/** A whole `permissions.json` as people write it (spec 11); reading one is more forgiving, see `readManifest` */
const permissionsSchema = z.strictObject({ $schema: z.optional(z.string()), version: z.literal(1), rules: z.array(z.strictObject(ruleDraftSchema.shape)) });

/** What each key means, for those who write the file by hand */
const meanings: Readonly<Record<string, string>> = {
  version: 'Version of this format. Only 1 is known.',
  rules: 'Rules of this workspace. One that allows counts for others only after they reviewed this file.',
  effect: 'What happens: deny, ask a person, or allow. Where several rules match, the more specific one answers.',
  scope: 'What the rule is about.',
  kind: 'Kind of scope: a command, a path, a host, a tool, or an MCP server.',
  prefix: 'Leading words of one command. “git status” covers “git  status -s”, never “git statusx” or “git status; rm x”.',
  path: 'A file, a folder with everything below it, or a pattern with * and **. Relative paths start at the workspace.',
  domain: 'A host such as api.example.com, or *.example.com for any host below it.',
  serverName: 'Name of an MCP server.',
  toolName: 'A tool of agents, such as write_file or run_command. Beside a path, host or server: only for this tool.',
  toolPrefix: 'Only for tools whose name begins so.',
  reason: 'Why the rule is there, for those who read it.',
  expiresAt: 'When the rule ends, in milliseconds since 1970.',
  usesLeft: 'How often it may still answer.',
  createdAt: 'When it was made, in milliseconds since 1970.',
  examples: 'Requests that the rule must match, and such that it must not; “cowork-policy test” checks them.',
};

/** Rules to begin with, offered where the list of rules is completed */
const snippets = [
  { label: 'Allow a command', body: { effect: 'allow', scope: { kind: 'command_prefix', prefix: '${1:npm test}' } } },
  { label: 'Ask about a folder', body: { effect: 'ask', scope: { kind: 'path', path: '${1:config/**}' } } },
  { label: 'Deny a host', body: { effect: 'deny', scope: { kind: 'domain', domain: '${1:*.example.com}' } } },
];

/**
 * The JSON schema of `permissions.json`, made from the schema that rules are checked by; written to a file by the build, for the
 * editor's completion and checks. A key that is not known is a mistake there, while reading the file drops it.
 */
export function permissionsJsonSchema(): unknown {
  return explained(z.toJSONSchema(permissionsSchema, { target: 'draft-7', io: 'input' }));
}

/** The schema with what each key means, wherever the key stands */
function explained(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(explained);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'properties' ? explainedKeys(value as object) : explained(value)]));
  return 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}

function explainedKeys(properties: object): object {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => {
    const description = Object.hasOwn(meanings, key) ? { description: meanings[key] } : {};
    return [key, { ...(explained(value) as object), ...description, ...(key === 'rules' ? { items: { ...(explained((value as { items: unknown }).items) as object), defaultSnippets: snippets } } : {}) }];
  }));
}
