import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { type DockerEngine, NoEngineError, dockerEngine } from './dockerEngine.ts';

let opened: Promise<DockerEngine | undefined> | undefined;

/**
 * The one engine that all tests of a run share, and that whatever they start finds by DOCKER_HOST; `undefined` where this
 * machine has none: then it is said, and what needs it is left out. Where `CI` is set nothing is left out: it rejects.
 */
export function suiteEngine(): Promise<DockerEngine | undefined> {
  opened ??= open();
  return opened;
}

async function open(): Promise<DockerEngine | undefined> {
  try {
    // Not below the system's temporary folder: its name may be too long for a socket
    const engine = await dockerEngine(mkdtempSync(path.join('/tmp', 'cowork-docker-')));
    // For the whole run: one file that takes it back would take it from the next
    process.env['DOCKER_HOST'] = engine.host;
    return engine;
  } catch (error) {
    if (!(error instanceof NoEngineError)) throw error;
    const needed = (process.env['CI'] ?? '') !== '';
    console.log(`Docker is ${needed ? 'needed where CI runs' : 'left out'}: ${error.message}`);
    if (needed) throw error;
    return undefined;
  }
}

after('the engine is stopped', async function () {
  this.timeout('40s');
  await (await opened?.catch(() => undefined))?.stop();
});
