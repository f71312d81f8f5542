import type { Documents } from './documents.ts';
import type { Folders } from './folders.ts';
import type { PromptQueue } from './prompt/promptQueue.ts';
import type { WindowTools } from './tools/windowTools.ts';
import type { PolicyTree } from './tree/policyTree.ts';

/** What the commands act on */
export interface Faces {
  readonly folders: Folders;
  readonly documents: Documents;
  readonly prompts: PromptQueue;
  readonly tree: PolicyTree;
  readonly windowTools: WindowTools;
}
