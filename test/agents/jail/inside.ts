/**
 * First process in the jail: carries loopback connections to the model, which listens at a Unix socket outside, and starts the
 * client. `inside.ts MODEL_SOCKET NAMESPACE_FILE PROGRAM ARG…`
 */
import { spawn } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { modelPort } from './modelPort.ts';

const [socket, namespaceFile, program, ...words] = process.argv.slice(2);
if (socket === undefined || namespaceFile === undefined || program === undefined) throw new Error('called without its arguments');

writeFileSync(namespaceFile, readlinkSync('/proc/self/ns/net'));
const server = createServer((near) => {
  const far = connect(socket);
  near.pipe(far).pipe(near);
  // Either end may break off when a client is killed
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
});
server.listen(modelPort, '127.0.0.1', () => {
  const client = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  client.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  client.once('exit', (code) => process.exit(code ?? 128));
});
