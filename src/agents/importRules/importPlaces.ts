import type { ImportFormat } from './importRules.ts';
import type { ImportOrigin } from './preview.ts';

/** Where an agent keeps settings that rules can be read from; `*` in the last part stands for any name */
export interface ImportPlace {
  readonly format: ImportFormat['id'];
  readonly origin: ImportOrigin;
  /** Below the home folder, or below the workspace */
  readonly path: readonly string[];
  /** Names the folder that takes the place of the first part of the path */
  readonly variable?: string;
}

/** Every place, the user's own before those of the project. VS Code's user settings are not among them: the editor knows those itself */
export const importPlaces: readonly ImportPlace[] = [
  { format: 'claude', origin: 'user', path: ['.claude', 'settings.json'], variable: 'CLAUDE_CONFIG_DIR' },
  { format: 'claude', origin: 'project', path: ['.claude', 'settings.json'] },
  { format: 'claude', origin: 'project', path: ['.claude', 'settings.local.json'] },
  { format: 'codex', origin: 'user', path: ['.codex', 'rules', '*.rules'], variable: 'CODEX_HOME' },
  { format: 'codex', origin: 'project', path: ['.codex', 'rules', '*.rules'] },
  { format: 'gemini', origin: 'user', path: ['.gemini', 'settings.json'] },
  { format: 'gemini', origin: 'project', path: ['.gemini', 'settings.json'] },
  { format: 'vscode', origin: 'project', path: ['.vscode', 'settings.json'] },
  { format: 'opencode', origin: 'user', path: ['.config', 'opencode', 'opencode.json'], variable: 'XDG_CONFIG_HOME' },
  { format: 'opencode', origin: 'user', path: ['.config', 'opencode', 'opencode.jsonc'], variable: 'XDG_CONFIG_HOME' },
  { format: 'opencode', origin: 'project', path: ['opencode.json'] },
  { format: 'opencode', origin: 'project', path: ['opencode.jsonc'] },
];
