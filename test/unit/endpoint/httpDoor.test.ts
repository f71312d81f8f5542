import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HttpAddress, ensureHttpAddress, httpHookUrl } from '../../../src/node/endpoint/httpAddress.ts';
import { type HttpDoor, openHttpDoor } from '../../../src/node/endpoint/httpDoor.ts';

describe('the door for hooks over HTTP', () => {
  let folder: string;
  let address: HttpAddress;
  let door: HttpDoor | undefined;
  let calls: string[];
  const sockets: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'cowork-door-'));
    address = await ensureHttpAddress(folder);
    calls = [];
    door = await openHttpDoor({ address, patience: 500, onError: () => undefined, answer: (_, body) => Promise.resolve(`{"got":${calls.push(body.toString('utf8'))}}`) });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await door?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function dial(): Promise<Socket> {
    const socket = connect(address.port, '127.0.0.1');
    sockets.push(socket);
    // That we are cut off is what is looked at
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket.resume();
  }

  function call(): Promise<Response> {
    return fetch(httpHookUrl(address, 'claude'), { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', authorization: `Bearer ${address.token}` } });
  }

  it('is open again for who calls, soon after others took all connections and said nothing, or little by little', async () => {
    const silent = await Promise.all(Array.from({ length: 64 }, () => dial()));
    const dribbling = setInterval(() => {
      for (const socket of silent.slice(32)) socket.write('X-a: b\r\n');
    }, 50);
    for (const socket of silent.slice(32)) socket.write('POST /hook/claude HTTP/1.1\r\n');
    // Not `once`, which takes a connection that is reset for a failure
    await Promise.all(silent.filter((socket) => !socket.closed).map((socket) => new Promise((done) => { socket.on('close', done); })));
    clearInterval(dribbling);
    assert.equal((await call()).status, 200);
  });

  const head = ['POST /hook/claude HTTP/1.1', 'Content-Type: application/json'];
  const lines: readonly (readonly [what: string, lines: () => readonly string[]])[] = [
    ['two lengths', () => [...head, `Host: 127.0.0.1:${address.port}`, `Authorization: Bearer ${address.token}`, 'Content-Length: 2', 'Content-Length: 3', '', '{}']],
    ['a length and chunks', () => [...head, `Host: 127.0.0.1:${address.port}`, `Authorization: Bearer ${address.token}`, 'Content-Length: 2', 'Transfer-Encoding: chunked', '', '0', '', '']],
    ['no host', () => [...head, `Authorization: Bearer ${address.token}`, 'Content-Length: 2', '', '{}']],
    ['the name of this machine in place of its address', () => [...head, `Host: localhost:${address.port}`, `Authorization: Bearer ${address.token}`, 'Content-Length: 2', '', '{}']],
    ['an origin that is none', () => [...head, `Host: 127.0.0.1:${address.port}`, 'Origin: null', `Authorization: Bearer ${address.token}`, 'Content-Length: 2', '', '{}']],
    ['an origin of our own', () => [...head, `Host: 127.0.0.1:${address.port}`, `Origin: http://127.0.0.1:${address.port}`, `Authorization: Bearer ${address.token}`, 'Content-Length: 2', '', '{}']],
    ['the token twice', () => [...head, `Host: 127.0.0.1:${address.port}`, `Authorization: Bearer ${address.token}, Bearer ${address.token}`, 'Content-Length: 2', '', '{}']],
    ['chunks that never end', () => [...head, `Host: 127.0.0.1:${address.port}`, `Authorization: Bearer ${address.token}`, 'Transfer-Encoding: chunked', '', 'ffffff', 'x'.repeat(100_000)]],
    ['a body that is shorter than it says', () => [...head, `Host: 127.0.0.1:${address.port}`, `Authorization: Bearer ${address.token}`, 'Content-Length: 100', '', '{}']],
  ];
  for (const [what, text] of lines) {
    it(`does nothing for a call with ${what}`, async () => {
      const socket = await dial();
      let said = '';
      socket.on('data', (bytes) => { said += bytes.toString('latin1'); });
      socket.write(text().join('\r\n'));
      await new Promise((done) => { socket.once('close', done); });
      assert.doesNotMatch(said, / 200 /);
      assert.deepEqual(calls, []);
      assert.equal((await call()).status, 200);
    });
  }
});
