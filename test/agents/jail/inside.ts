/**
 * First process in the jail: carries loopback connections to Unix sockets outside, of which the first is the model's, and starts
 * the client. `inside.ts PORT=SOCKET[,PORT=SOCKET…] NAMESPACE_FILE PROGRAM ARG…`
 */
import { spawn } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const [ways, namespaceFile, program, ...words] = process.argv.slice(2);
if (ways === undefined || namespaceFile === undefined || program === undefined) throw new Error('called without its arguments');

writeFileSync(namespaceFile, readlinkSync('/proc/self/ns/net'));
await Promise.all(ways.split(',').map((way) => {
  const [port, socket = ''] = way.split('=');
  const server = createServer((near) => {
    const far = connect(socket);
    near.pipe(far).pipe(near);
    // Either end may break off when a client is killed
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  return new Promise<void>((done) => server.listen(Number(port), '127.0.0.1', done));
}));
const client = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
client.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
client.once('exit', (code) => process.exit(code ?? 128));
