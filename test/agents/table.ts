import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../house/root.ts';
import { clients } from './clients.ts';
import type { AgentClient } from './client.ts';

/** Where the table is kept, in Markdown */
export const tableFile: string = path.join(root, '.cache/log/agents-table.md');

const cells = new Map<string, Map<AgentClient['name'], string>>();

/** Notes what was seen of a client in one case */
export function note(row: string, client: AgentClient, seen: string): void {
  const line = cells.get(row) ?? new Map<AgentClient['name'], string>();
  line.set(client.name, seen);
  cells.set(row, line);
}

/** What was seen so far, a line for each case and a column for each client, in Markdown */
function tableText(): string {
  const head = ['What happens', ...clients.map(({ title, version }) => `${title} ${version}`)];
  const lines = [...cells].map(([row, seen]) => [row, ...clients.map(({ name }) => seen.get(name) ?? '–')]);
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Keeps the table in its file, and prints it where no suite runner does */
export function showTable(): void {
  const text = tableText();
  mkdirSync(path.dirname(tableFile), { recursive: true });
  writeFileSync(tableFile, `${text}\n`);
  if (process.send === undefined) console.log(text);
}
