import type { Verdict } from '../gate/ports.ts';
import { remoteGate } from '../node/endpoint/remoteGate.ts';
import type { ToolGate } from '../node/tools/tool.ts';
import { checkAlone, withAloneGate } from './aloneGate.ts';
import { findWorkspace, type FoundWorkspace } from './hookWorkspace.ts';
import { noPolicy } from './ruling.ts';

/** How often a workspace that another program keeps for a moment is tried, and how long is waited between, in milliseconds */
const mostTries = 50;
const busyPause = 100;

/**
 * The gate of a folder for tools that run here: each call goes to the editor that holds the workspace now, where people are
 * asked, or to the state on disk. So windows may come and go in between.
 *
 * INVARIANT: `check` and `evaluate` reject where nobody can be asked.
 */
export function placeGate(userFolder: string, folder: string): ToolGate {
  async function at<Result>(use: (gate: ToolGate) => Promise<Result>): Promise<Result> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const found = await findWorkspace(userFolder, [folder]);
      if (found === undefined) throw new Error(noPolicy);
      if (found.editor !== undefined) return useEditor(found.editor, use);
      const alone = await withAloneGate(found.folder, userFolder, (gate) => use({
        check: (request): Promise<Verdict> => checkAlone(gate, request, found.folder),
        evaluate: (request) => gate.evaluate(request),
        report: (result) => gate.report(result),
        noteFile: (file, by) => gate.noteFile(file, by),
      }));
      if (alone.ok) return alone.result;
      if (alone.problem.code !== 'busy') throw new Error(alone.problem.message);
      await new Promise((done) => {
        setTimeout(done, busyPause * (0.5 + Math.random()));
      });
    }
    throw new Error('Another program keeps the policy of this folder.');
  }
  return {
    check: (request, options) => at((gate) => gate.check(request, options)),
    evaluate: (request) => at((gate) => Promise.resolve(gate.evaluate(request))),
    noteFile: (file, by) => at((gate) => gate.noteFile(file, by)),
    // What was done is done, whether or not it can be written down
    report: (result) => at((gate) => gate.report(result)).catch((error: unknown) => ({ ok: false, reason: String(error) })),
  };
}

async function useEditor<Result>(editor: NonNullable<FoundWorkspace['editor']>, use: (gate: ToolGate) => Promise<Result>): Promise<Result> {
  try {
    await editor.admitted;
    return await use(remoteGate(editor));
  } finally {
    editor.close();
  }
}
