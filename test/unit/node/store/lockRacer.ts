// Takes the lock named on the command line, shows that it is alone, and dies without letting go
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { takeLock } from '../../../../src/node/store/lock.ts';

const [file = '', log = ''] = process.argv.slice(2);
while (!existsSync(`${log}.start`)) await setTimeout(1);
for (;;) {
  const taken = takeLock(file);
  if ('owner' in taken) {
    await setTimeout(1);
    continue;
  }
  try {
    // Fails where another one believes it has the lock as well
    writeFileSync(`${log}.inside`, '', { flag: 'wx' });
  } catch {
    appendFileSync(log, `two ${process.pid}\n`);
    process.exit(1);
  }
  await setTimeout(2);
  if (!taken.held.holds()) appendFileSync(log, `lost ${process.pid}\n`);
  rmSync(`${log}.inside`);
  appendFileSync(log, `held ${process.pid}\n`);
  process.kill(process.pid, 'SIGKILL');
}
