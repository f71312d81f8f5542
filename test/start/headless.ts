import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openEditor } from '../editor/host/openEditor.ts';
import { readAgentLog, sampleAgent, type AgentEvent, type Sample } from './sample.ts';

/** How each step of the sample agent is answered, in its order, and what must come of it */
const script = [
  { tool: 'write_file', answer: 'Allow once', decision: 'allow' },
  { tool: 'run_command', answer: 'Allow once', decision: 'allow' },
  { tool: 'http_request', answer: 'Deny once', decision: 'deny' },
  { tool: 'delete_file', answer: 'Allow once', decision: 'allow' },
] as const;

const patience = 60_000;
/** A prompt that just opened takes no answer, so that no key meant for something else is one; in milliseconds */
const readingTime = 1500;

/** Opens the sample in a browser without a screen, answers the agent's prompts, prints what happened. 0: all as scripted */
export async function runHeadless(sample: Sample, vsix: string, step: (line: string) => void): Promise<number> {
  step('opening the editor');
  const editor = await openEditor({ folder: sample.folder, vsix, extensions: [sampleAgent], env: sample.env });
  const wrong: string[] = [];
  try {
    step('the agent begins\n');
    for (const { tool, answer, decision } of script) {
      await event(sample, `${tool} was never asked about`, (seen) => seen.event === 'asked' && seen.tool === tool);
      const asked = readAgentLog(sample.log).find((seen) => seen.event === 'asked' && seen.tool === tool);
      const verdict = (seen: AgentEvent) => seen.event === 'verdict' && seen.id === asked?.id;
      console.log(`  ${await answerPrompt(editor.page, answer, () => readAgentLog(sample.log).some(verdict))}`);
      console.log(`    answered: ${answer}`);
      const settled = await event(sample, `${tool} was never settled`, verdict);
      console.log(`    ${settled.decision ?? '?'}: ${settled.message ?? ''}`);
      if (settled.decision !== decision) wrong.push(`${tool} ended in ${settled.decision ?? 'nothing'}, not in ${decision}`);
      if (settled.decision === 'allow') {
        const done = await event(sample, `${tool} was never done`, (seen) => (seen.event === 'done' || seen.event === 'failed') && seen.id === asked?.id);
        console.log(`    the agent: ${done.summary ?? done.event}\n`);
        if (done.event === 'failed') wrong.push(`${tool} was allowed and failed`);
      } else console.log('    the agent left it\n');
    }
    await event(sample, 'the agent did not finish', (seen) => seen.event === 'finished');
    if (!existsSync(path.join(sample.folder, 'notes/today.md'))) wrong.push('the allowed file was not written');
    if (existsSync(path.join(sample.folder, 'old-list.txt'))) wrong.push('the allowed delete did not happen');
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  } finally {
    await editor.close();
  }
  for (const sentence of wrong) console.error(`  WRONG: ${sentence}`);
  console.log(wrong.length === 0 ? 'Every step was asked about and ended as answered.' : `${wrong.length} wrong`);
  return wrong.length === 0 ? 0 : 1;
}

/** The first event of the agent that fits, or an error with the sentence after a minute */
async function event(sample: Sample, sentence: string, fits: (event: AgentEvent) => boolean): Promise<AgentEvent> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(100)) {
    const found = readAgentLog(sample.log).find(fits);
    if (found !== undefined) return found;
  }
  throw new Error(sentence);
}

/** Picks the answer in the open prompt, again until it took. Hands back its title */
async function answerPrompt(page: Page, answer: string, settled: () => boolean): Promise<string> {
  const prompt = page.locator('.quick-input-widget:visible');
  await prompt.waitFor({ timeout: patience });
  const title = await prompt.locator('.quick-input-title').innerText();
  const row = prompt.getByRole('option', { name: answer });
  for (const end = Date.now() + patience; Date.now() < end && !settled(); ) {
    await sleep(readingTime);
    // The prompt closes under the click when the one before took
    if (!settled()) await row.click({ timeout: 1000 }).catch(() => undefined);
  }
  return title;
}
