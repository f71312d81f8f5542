import type { Decision } from '../decision.ts';

/** What a rule matches (spec 2) */
export type RuleScope =
  | { readonly kind: 'tool'; readonly toolName: string }
  | { readonly kind: 'domain'; readonly domain: string; readonly toolName?: string; readonly toolPrefix?: string }
  | { readonly kind: 'path'; readonly path: string; readonly toolName?: string }
  | { readonly kind: 'command_prefix'; readonly prefix: string }
  | { readonly kind: 'mcp_server'; readonly serverName: string; readonly toolName?: string };

/** Where a rule comes from, most preferred first (spec 2) */
export const ruleSources = ['managed', 'session', 'workspace_db', 'workspace_manifest', 'profile', 'legacy_guardrails', 'legacy_builtin_settings'] as const;
export type RuleSource = (typeof ruleSources)[number];

/** One rule as it is stored; times in milliseconds since 1970 */
export interface Rule {
  readonly id: string;
  readonly source: RuleSource;
  readonly effect: Decision;
  readonly scope: RuleScope;
  readonly createdAt: number;
  readonly reason?: string;
  readonly expiresAt?: number;
  readonly usesLeft?: number;
  readonly examples?: { readonly match?: readonly string[]; readonly notMatch?: readonly string[] };
  readonly metadata?: Readonly<Record<string, unknown>>;
}
