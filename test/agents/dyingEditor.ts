/** An editor that opens the gate of a workspace and is killed: `dyingEditor.ts WORKSPACE USER_FOLDER`. It leaves its lock, its socket and its address */
import { openGate } from './policy.ts';

const [workspace, userFolder] = process.argv.slice(2);
if (workspace === undefined || userFolder === undefined) throw new Error('called without its folders');
await openGate({ workspace, userFolder }, () => undefined);
process.kill(process.pid, 'SIGKILL');
