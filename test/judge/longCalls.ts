import type { Request } from '../../src/core/request.ts';
import { longLength } from './longLines.ts';

/** A call of a tool that holds 10 kB made to be dear */
export interface LongCall {
  readonly name: string;
  readonly request: Request;
}

/** What comes again and again in a text, by what reads it */
const pieces = {
  path: ['a/', '../', './', '*/', '**', '*', '?', '[a', '{a,b}', '~', '~/', '\\', '%2e', ' ', 'a', '/', 'C:\\', 'file:///', '\u202e', '\ufeff', 'ä', 'a\u0308', '.env', '/proc/self/cwd/', '/proc/self/root', 'node_modules/', '.git/'],
  address: ['a.', '.', '@', 'a@', ':', '::', '[', '%61', '%', 'xn--a.', 'xn--', 'а', 'ⓔ', '0x7f.', '1.', '/', '?', '?d=QUJD', '&d=QUJD', 'd=c2VjcmV0&', 'a=b&', '#', '\t', ' ', '\\', 'http://', '//', 'sk-', 'ghp_', 'AKIA', 'eyJ', 'A', '-', '_'],
  patch: ['*** Update File: a\n', '*** Add File: a\n+b\n', '*** Delete File: a\n', '*** Move to: b\n', '--- a\n+++ b\n@@ -1 +1 @@\n', '--- a\n', '+++ b\n', 'diff --git a/x b/x\n', 'rename from x\nrename to y\n', 'copy from x\n', 'index 1..2\n', '@@\n', '+', '-', ' ', '\n', '\r\n', '*** ', '"a\\', 'Binary files a and b differ\n'],
  words: ['a ', 'sk-', 'ghp_', 'AKIA', 'eyJ.', '-----BEGIN ', 'QUJD', '=', ':', '"', 'password=', 'token: ', 'http://a ', '{', '\\u0041', '\n', '\u200b'],
} as const;

/** Tools, what of their input is long, and how it is read; `text` is of that length */
const calls: readonly (readonly [tool: string, reads: keyof typeof pieces, input: (text: string) => Record<string, unknown>])[] = [
  ['read_file', 'path', (path) => ({ path })], ['read_files', 'path', (text) => ({ paths: parts(text, 20) })], ['read_files', 'path', (text) => ({ paths: parts(text, 2_000) })], ['list_directory', 'path', (path) => ({ path })],
  ['glob', 'path', (pattern) => ({ pattern })], ['grep', 'path', (pattern) => ({ pattern, path: pattern.slice(0, 2_000), glob: pattern })], ['write_file', 'path', (path) => ({ path: path.slice(0, 4_000), content: path })], ['edit_file', 'words', (oldText) => ({ path: 'a', edits: [{ oldText, newText: oldText }] })],
  ['move_file', 'path', (text) => ({ source: text.slice(0, 4_000), destination: text.slice(0, 3_999) })], ['delete_file', 'path', (path) => ({ path: path.slice(0, 4_000) })], ['run_command', 'path', (cwd) => ({ command: 'ls', cwd })],
  ['web_fetch', 'address', (text) => ({ url: `http://${text}` })], ['web_fetch', 'address', (text) => ({ url: `https://h.example/${text}` })], ['web_fetch', 'address', (prompt) => ({ url: 'https://h.example', prompt })],
  ['http_request', 'address', (text) => ({ url: `https://h.example/?${text}`, method: text, headers: { accept: text, 'user-agent': text } })], ['http_request', 'words', (body) => ({ url: 'https://h.example', method: 'POST', body })],
  ['http_request', 'words', (text) => ({ url: 'https://h.example', headers: Object.fromEntries(parts(text, 16).map((part, index) => [`x-${index}`, part])) })], ['web_search', 'words', (query) => ({ query })],
  ['apply_patch', 'patch', (patch) => ({ patch })], ['apply_patch', 'path', (text) => ({ patch: `*** Begin Patch\n*** Update File: ${text}\n*** End Patch\n` })], ['git_commit', 'words', (message) => ({ message })],
  ['mcp__server__tool', 'words', (text) => ({ text })], ['mcp__server__tool', 'path', (text) => ({ path: text, nested: { deep: [{ path: text }] } })], ['nobody_knows_it', 'address', (text) => Object.fromEntries(parts(text, 16).map((part) => [part, part]))],
];

function parts(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
}

/** Calls of all other tools with each piece again and again */
export function longCalls(): readonly LongCall[] {
  return calls.flatMap(([tool, reads, input], index) => pieces[reads].map((piece): LongCall => ({
    name: `${tool} (${index}) ${JSON.stringify(piece)} again and again`,
    request: { tool, input: input(piece.repeat(Math.ceil(longLength / piece.length)).slice(0, longLength)) },
  })));
}
