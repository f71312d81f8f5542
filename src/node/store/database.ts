import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Database, SqlJsStatic, SqlValue } from 'sql.js';
import { channelContexts, securityModeIn } from '../../core/policy/channelSettings.ts';
import type { Rule, RuleScope } from '../../core/rules/rule.ts';
import { type ChannelFacts, noChannelFacts } from '../../gate/channelState.ts';
import type { Entry, RecordedEntry } from '../../gate/entry.ts';
import { shownEntry } from '../../gate/shownEntry.ts';
import { readPressed } from '../readPressed.ts';
import type { Head } from './chain.ts';
import type { Facts } from './facts.ts';

/** As many of the newest entries stand in `audit_log`; the journal's files hold all. Keeps the cost of a checkpoint flat */
export const auditRows = 1000;

/** What a checkpoint shows */
export interface DatabaseContent {
  readonly workspace: string;
  readonly facts: Facts;
  readonly head: Head;
  /** The newest entries, at most `auditRows`, newest first */
  readonly recent: readonly RecordedEntry[];
  /** The newest messages of channels, at most `auditRows`, oldest first */
  readonly messages: readonly RecordedEntry[];
}

/**
 * The tables of cowork-facts 1.20 that this product keeps, each with the columns its rows need so that nothing is lost.
 */
const schema = `
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE settings(key TEXT PRIMARY KEY, value_json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE workspace_permission_rules(
  id TEXT PRIMARY KEY, workspace_id TEXT NOT NULL, source TEXT NOT NULL, effect TEXT NOT NULL, scope_kind TEXT NOT NULL,
  scope_tool_name TEXT, scope_tool_prefix TEXT, scope_path TEXT, scope_prefix TEXT, scope_domain TEXT, scope_server_name TEXT,
  reason TEXT, expires_at INTEGER, uses_left INTEGER, examples_json TEXT, metadata_json TEXT, doubted INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX workspace_permission_rules_updated ON workspace_permission_rules(workspace_id, updated_at DESC);
CREATE INDEX workspace_permission_rules_kind ON workspace_permission_rules(workspace_id, scope_kind);
CREATE TABLE approvals(
  id TEXT PRIMARY KEY, task_id TEXT, type TEXT NOT NULL, description TEXT NOT NULL, details TEXT NOT NULL, status TEXT NOT NULL,
  requested_at INTEGER NOT NULL, resolved_at INTEGER);
CREATE TABLE audit_log(
  id INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, action TEXT NOT NULL, channel_type TEXT, user_id TEXT, chat_id TEXT,
  details TEXT NOT NULL, severity TEXT NOT NULL DEFAULT 'info');
CREATE INDEX audit_log_timestamp ON audit_log(timestamp);
CREATE INDEX audit_log_action ON audit_log(action);
CREATE INDEX audit_log_user ON audit_log(user_id);
CREATE TABLE channels(
  id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 0, config TEXT, security_config TEXT,
  status TEXT, bot_username TEXT);
CREATE TABLE channel_users(
  id TEXT PRIMARY KEY, channel_id TEXT NOT NULL REFERENCES channels(id) ON DELETE CASCADE, channel_user_id TEXT NOT NULL,
  display_name TEXT, state TEXT NOT NULL, allowed INTEGER NOT NULL DEFAULT 0, pairing_attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, last_seen_at INTEGER, lockout_until INTEGER, UNIQUE(channel_id, channel_user_id));
CREATE TABLE channel_messages(
  id INTEGER PRIMARY KEY, channel_id TEXT NOT NULL, channel_message_id TEXT, chat_id TEXT, user_id TEXT,
  direction TEXT NOT NULL CHECK(direction IN ('incoming','outgoing','outgoing_user')), content TEXT NOT NULL, attachments TEXT, timestamp INTEGER NOT NULL);
CREATE TABLE context_policies(
  id TEXT PRIMARY KEY, channel_id TEXT NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
  context_type TEXT NOT NULL CHECK(context_type IN ('dm','group')),
  security_mode TEXT NOT NULL DEFAULT 'pairing' CHECK(security_mode IN ('open','allowlist','pairing')), tool_restrictions TEXT,
  UNIQUE(channel_id, context_type));
CREATE TABLE rate_limits(
  id TEXT PRIMARY KEY, channel_type TEXT NOT NULL, user_id TEXT NOT NULL, message_count INTEGER NOT NULL, window_start INTEGER NOT NULL,
  is_limited INTEGER NOT NULL, limit_expires_at INTEGER NOT NULL, UNIQUE(channel_type, user_id));
PRAGMA user_version = 1;
`;

let engine: Promise<SqlJsStatic> | undefined;

/** Loaded at the first checkpoint, not at the start: opening a workspace needs only the journal */
async function loadEngine(): Promise<SqlJsStatic> {
  engine ??= import('sql.js').then(({ default: start }) => start({ wasmBinary: readEngine() }));
  return engine;
}

/** The engine's bytes lie beside the bundle, or in the package it comes from when the sources run by themselves */
function readEngine(): ArrayBuffer {
  const pressed = path.join(import.meta.dirname, 'sql-wasm.wasm');
  if (existsSync(`${pressed}.br`)) return new Uint8Array(readPressed(pressed)).buffer;
  const candidates = [
    path.join(import.meta.dirname, 'sql-wasm.wasm'),
    path.join(import.meta.dirname, '../sql-wasm.wasm'),
    path.join(import.meta.dirname, '../../../node_modules/sql.js/dist/sql-wasm.wasm'),
  ];
  for (const file of candidates) {
    try {
      return new Uint8Array(readFileSync(file)).buffer;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`sql-wasm.wasm is not beside ${import.meta.dirname}; build again`);
}

/** The bytes of `policy.db` for this content. Always made anew from the journal's facts, so it can hold nothing else */
export async function databaseBytes(content: DatabaseContent): Promise<Uint8Array> {
  const { Database } = await loadEngine();
  const database = new Database();
  try {
    database.run(schema);
    database.run('BEGIN');
    insertMeta(database, content);
    insertSettings(database, content.facts);
    insertRules(database, content);
    insertApprovals(database, content);
    insertAudit(database, content);
    insertChannels(database, content.facts);
    insertMessages(database, content.messages);
    database.run('COMMIT');
    return database.export();
  } finally {
    database.close();
  }
}

function insertMeta(database: Database, { workspace, head, facts }: DatabaseContent): void {
  insertAll(database, 'meta', ['key', 'value'], [
    ['workspace', workspace],
    ['sequence', String(head.sequence)],
    ['hash', head.hash],
    ...(facts.doubt === undefined ? [] : [['doubt', facts.doubt.message]]),
  ]);
}

function insertSettings(database: Database, facts: Facts): void {
  insertAll(database, 'settings', ['key', 'value_json'], Object.entries(facts.settings).map(([key, value]) => [key, JSON.stringify(value)]));
}

function insertRules(database: Database, { workspace, facts }: DatabaseContent): void {
  const columns = [
    'id', 'workspace_id', 'source', 'effect', 'scope_kind', 'scope_tool_name', 'scope_tool_prefix', 'scope_path', 'scope_prefix', 'scope_domain',
    'scope_server_name', 'reason', 'expires_at', 'uses_left', 'examples_json', 'metadata_json', 'doubted', 'created_at', 'updated_at',
  ];
  const row = (rule: Rule, doubted: 0 | 1): SqlValue[] => [
    rule.id, workspace, rule.source, rule.effect, rule.scope.kind, ...scopeColumns(rule.scope), rule.reason ?? null, rule.expiresAt ?? null,
    rule.usesLeft ?? null, rule.examples ? JSON.stringify(rule.examples) : null, rule.metadata ? JSON.stringify(rule.metadata) : null,
    doubted, rule.createdAt, rule.createdAt,
  ];
  insertAll(database, 'workspace_permission_rules', columns, [
    ...facts.rules.map((rule) => row(rule, 0)),
    ...(facts.doubt?.rules ?? []).map((rule) => row(rule, 1)),
  ]);
}

function scopeColumns(scope: RuleScope): SqlValue[] {
  const field = (name: string): SqlValue => (scope as Readonly<Record<string, string | undefined>>)[name] ?? null;
  return ['toolName', 'toolPrefix', 'path', 'prefix', 'domain', 'serverName'].map(field);
}

function insertApprovals(database: Database, { facts, recent }: DatabaseContent): void {
  const settled = new Map<string, { status: string; at: number }>();
  const rows = new Map<string, SqlValue[]>();
  for (const { entry, at } of recent) {
    if (entry.type === 'approval_settled') {
      const approved = entry.outcome === 'covered' || entry.answer?.startsWith('allow') === true;
      settled.set(entry.approval, { status: approved ? 'approved' : 'denied', at });
    }
  }
  const asked = [...recent.flatMap(({ entry }) => (entry.type === 'approval_asked' ? [entry.approval] : [])), ...facts.pending];
  for (const approval of asked) {
    const end = settled.get(approval.id);
    rows.set(approval.id, [
      approval.id, approval.session, approval.request.approvalType ?? approval.request.tool, approval.evaluation.reason.summary,
      JSON.stringify(approval), end?.status ?? 'pending', approval.askedAt, end?.at ?? null,
    ]);
  }
  insertAll(database, 'approvals', ['id', 'task_id', 'type', 'description', 'details', 'status', 'requested_at', 'resolved_at'], [...rows.values()]);
}

function insertAudit(database: Database, { facts, recent }: DatabaseContent): void {
  const severity = ({ entry }: RecordedEntry): string => {
    if (entry.type === 'problem' || entry.type === 'state_doubted') return 'error';
    return (entry.type === 'decision' && entry.decision === 'deny') || entry.type === 'channel_event' || entry.type === 'channel_limited' ? 'warn' : 'info';
  };
  insertAll(
    database,
    'audit_log',
    ['id', 'timestamp', 'action', 'channel_type', 'user_id', 'chat_id', 'details', 'severity'],
    // How far a platform was read is state, and would push everything else out of the table
    recent.filter(({ entry }) => entry.type !== 'channel_cursor').toReversed().map((recorded) => [
      recorded.sequence, recorded.at, recorded.entry.type, ...whereAndWho(recorded.entry, facts),
      JSON.stringify(shownEntry(recorded.entry)), severity(recorded),
    ]),
  );
}

/** Channel type, user and chat of an entry; of one that is about no channel whoever did it */
function whereAndWho(entry: Entry, facts: Facts): [channel: SqlValue, user: SqlValue, chat: SqlValue] {
  const by = 'by' in entry ? (entry.by ?? null) : null;
  if (!('channel' in entry)) return [null, by, null];
  const platform = facts.settings.channels?.[entry.channel]?.platform ?? entry.channel;
  const user = !('user' in entry) || entry.user === undefined ? by : typeof entry.user === 'string' ? entry.user : entry.user.id;
  const chat = !('chat' in entry) || entry.chat === undefined ? null : typeof entry.chat === 'string' ? entry.chat : entry.chat.id;
  return [platform, user, chat];
}

function insertChannels(database: Database, facts: Facts): void {
  const settings = facts.settings.channels ?? {};
  const known: readonly (readonly [id: string, facts: ChannelFacts])[] = [...new Set([...Object.keys(settings), ...Object.keys(facts.channels ?? {})])].map((id) => [id, facts.channels?.[id] ?? noChannelFacts]);
  insertAll(database, 'channels', ['id', 'type', 'name', 'enabled', 'config', 'security_config', 'status', 'bot_username'], known.map(([id, { status }]) => {
    const own = settings[id];
    const { platform = 'removed', enabled = false, securityMode, allowedUsers, pairing, contexts: _, ...config } = own ?? {};
    return [id, platform, id, enabled ? 1 : 0, JSON.stringify(config), JSON.stringify({ securityMode, allowedUsers, pairing }), status?.state ?? null, status?.as ?? null];
  }));
  insertAll(
    database,
    'channel_users',
    ['id', 'channel_id', 'channel_user_id', 'display_name', 'state', 'allowed', 'pairing_attempts', 'created_at', 'last_seen_at', 'lockout_until'],
    known.flatMap(([id, { users }]) => users.map((user): SqlValue[] => {
      const allowed = user.state === 'paired' || (user.state !== 'revoked' && settings[id]?.allowedUsers.includes(user.id) === true);
      return [`${id} ${user.id}`, id, user.id, user.name ?? null, user.state, allowed ? 1 : 0, user.wrongCodes, user.createdAt, user.lastSeenAt ?? null, user.lockedUntil ?? null];
    })),
  );
  insertAll(database, 'context_policies', ['id', 'channel_id', 'context_type', 'security_mode', 'tool_restrictions'], Object.entries(settings).flatMap(([id, own]) =>
    channelContexts.map((context): SqlValue[] => [`${id} ${context}`, id, context === 'direct' ? 'dm' : 'group', securityModeIn(own, context), JSON.stringify(own.contexts[context].restrictions)])));
  insertAll(database, 'rate_limits', ['id', 'channel_type', 'user_id', 'message_count', 'window_start', 'is_limited', 'limit_expires_at'], known.flatMap(([id, { limited }]) =>
    limited.map(({ user, refused, windowStart, until }): SqlValue[] => [`${id} ${user}`, id, user, refused, windowStart, 1, until])));
}

function insertMessages(database: Database, messages: readonly RecordedEntry[]): void {
  insertAll(
    database,
    'channel_messages',
    ['id', 'channel_id', 'channel_message_id', 'chat_id', 'user_id', 'direction', 'content', 'attachments', 'timestamp'],
    messages.flatMap(({ sequence, entry }) => (entry.type === 'channel_message'
      ? [[sequence, entry.channel, entry.messageId ?? null, entry.chat.id, entry.user?.id ?? null, entry.direction, entry.text, entry.attachments === undefined ? null : JSON.stringify(entry.attachments), entry.at]]
      : [])),
  );
}

function insertAll(database: Database, table: string, columns: readonly string[], rows: readonly SqlValue[][]): void {
  const statement = database.prepare(`INSERT OR REPLACE INTO ${table}(${columns.join(',')}) VALUES (${columns.map(() => '?').join(',')})`);
  try {
    for (const row of rows) statement.run(row);
  } finally {
    statement.free();
  }
}
