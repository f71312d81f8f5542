import type { Decision } from '../core/decision.ts';
import type { Done } from './messages.ts';
import type { RuleQuery } from './rules.ts';

/** Kinds of files that rules are read from: our own, and those of other agents */
export const importKinds = ['permissions', 'claude', 'codex', 'gemini', 'vscode', 'opencode'] as const;
export type ImportKind = (typeof importKinds)[number];

/** A file with rules that was found on this machine */
export interface FoundFile {
  /** Names it in `previewImport`; means nothing to the page */
  readonly id: string;
  /** Where it is, hidden characters made visible */
  readonly name: string;
}

/** One entry of a file and what becomes of it; all texts have hidden characters made visible */
export interface ImportRow {
  /** Where it stands in the file */
  readonly at: string;
  /** As it is written there */
  readonly text: string;
  readonly becomes: readonly { readonly effect: Decision; readonly scope: string }[];
  /** `there`: all that it becomes is a rule already; `left_out`: it becomes none */
  readonly state: 'exact' | 'narrower' | 'wider' | 'there' | 'left_out';
  /** One sentence; absent where there is nothing to say */
  readonly why?: string;
}

/** What a file would bring */
export interface ImportPreview {
  /** Names this preview in `importRules` */
  readonly id: string;
  readonly file: string;
  readonly rows: readonly ImportRow[];
  /** What is wrong with the file as a whole, one sentence each */
  readonly problems: readonly string[];
}

/** Where imported rules are kept */
export type ImportSource = 'workspace_db' | 'profile';

export interface ImportingRequests {
  /** Files of this kind that are where they usually are */
  readonly findImports: { readonly params: { readonly kind: ImportKind }; readonly result: { readonly files: readonly FoundFile[] } };
  /** Reads a file that was found, or, without `file`, one that the person chooses; nothing where they go back */
  readonly previewImport: {
    readonly params: { readonly kind: ImportKind; readonly source: ImportSource; readonly file?: string };
    readonly result: { readonly preview?: ImportPreview };
  };
  /** Looks at the same file's rows again for another place to keep them */
  readonly placeImport: { readonly params: { readonly id: string; readonly source: ImportSource }; readonly result: ImportPreview };
  /** Adds the rules of these rows as one change; `added`: their ids */
  readonly importRules: {
    readonly params: { readonly id: string; readonly rows: readonly number[]; readonly source: ImportSource };
    readonly result: Done & { readonly added?: readonly string[] };
  };
  /** Removes rules as one change, which takes an import back */
  readonly removeRules: { readonly params: { readonly ids: readonly string[] }; readonly result: Done };
  /** Asks where to, then writes the person's own rules that a query finds, in the form of `permissions.json`; `reason: ''` where they go back */
  readonly exportRules: { readonly params: { readonly query: RuleQuery }; readonly result: Done & { readonly file?: string; readonly count?: number } };
}
