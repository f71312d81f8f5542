import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Place } from './client.ts';

/** A throwaway machine for one client: workspace, home and user folder, gone when closed */
export class Machine implements Place {
  // Short: the path of a Unix socket may have about a hundred characters
  readonly folder: string = realpathSync(mkdtempSync(path.join(tmpdir(), 'cwa-')));
  readonly workspace: string = path.join(this.folder, 'work');
  readonly home: string = path.join(this.folder, 'home');
  readonly userFolder: string = path.join(this.folder, 'user');
  readonly temporary: string = path.join(this.folder, 'tmp');

  constructor() {
    for (const folder of [this.workspace, this.home, this.userFolder, this.temporary]) mkdirSync(folder, { mode: 0o700 });
    // Some clients look for a repository first
    const { status, stderr } = spawnSync('git', ['init', '--quiet', this.workspace], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`git init failed: ${stderr}`);
  }

  /** Whether a file of the workspace is there */
  has(file: string): boolean {
    return existsSync(path.join(this.workspace, file));
  }

  /** What is in the workspace but for its state, its repository and settings of clients */
  files(): readonly string[] {
    return readdirSync(this.workspace).filter((name) => !name.startsWith('.'));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
