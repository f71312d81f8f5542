import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import net, { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Reach } from '../../src/node/sandbox/hosts/reach.ts';
import { macosSandbox } from '../../src/node/sandbox/macos.ts';
import type { SandboxSettings } from '../../src/node/sandbox/sandbox.ts';

/** The profile's text is tested on every system; that the system holds a command to it shows only there */
describe('sandbox-exec', () => {
  let folder: string;
  let settings: SandboxSettings;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-macos-')));
    for (const name of ['workspace/.git/hooks', 'home', 'user', 'outside']) mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, 'home/key'), 'secret');
    settings = { workspace: path.join(folder, 'workspace'), home: path.join(folder, 'home'), userFolder: path.join(folder, 'user') };
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  if (process.platform !== 'darwin') {
    it('is refused on other systems, and nothing runs', async () => {
      const result = await macosSandbox(settings).run('touch ran');
      assert.match(result.ok ? '' : result.reason, /part of macOS only/);
      assert.equal(existsSync(path.join(settings.workspace, 'ran')), false);
    });
    return;
  }

  it('runs a command in the workspace, with its own code', async () => {
    const result = await macosSandbox(settings).run('echo text > made && cat made; exit 7');
    assert.ok(result.ok, result.ok ? '' : result.reason);
    assert.deepEqual({ stdout: result.stdout, exitCode: result.exitCode }, { stdout: 'text\n', exitCode: 7 });
    assert.equal(readFileSync(path.join(settings.workspace, 'made'), 'utf8'), 'text\n');
  });

  it('keeps it from writing outside and to what is protected, and from reading a home', async () => {
    const result = await macosSandbox(settings).run(`echo x > '${folder}/outside/made'; echo x > .git/hooks/pre-commit; echo x > .mcp.json; rm -rf .git; cat '${folder}/home/key'; echo end`);
    assert.ok(result.ok && result.stdout === 'end\n', JSON.stringify(result));
    for (const file of ['outside/made', 'workspace/.git/hooks/pre-commit']) assert.equal(existsSync(path.join(folder, file)), false, file);
    assert.ok(existsSync(path.join(folder, 'workspace/.git/hooks')));
  });

  it('tells the signal that ended a command, and takes no code of its own for a start that failed', async () => {
    for (const [command, exitCode, signal] of [['kill -KILL $$', 137, 'SIGKILL'], ['echo "sandbox-exec: no" >&2; exit 65', 65, undefined], ['exit 71', 71, undefined]] as const) {
      const result = await macosSandbox(settings).run(command);
      assert.deepEqual(result.ok && [result.exitCode, result.signal], [exitCode, signal], JSON.stringify(result));
    }
  });

  it('lets it reach the hosts that are allowed, through the proxy, and nothing around it', async () => {
    const asked: string[] = [];
    const world = createHttpServer((request, response) => response.end(`the world says ${request.url}`));
    await new Promise<void>((resolve) => world.listen(0, '127.0.0.1', resolve));
    const { port } = world.address() as AddressInfo;
    const reach: Reach = {
      allow: (url) => {
        asked.push(url);
        return Promise.resolve(url.includes('//allowed.example') ? { ok: true } : { ok: false, message: 'No rule names it.' });
      },
      addresses: () => Promise.resolve(['93.184.216.34']),
      network: { connect: () => net.connect(port, '127.0.0.1') },
    };
    const sandbox = macosSandbox({ ...settings, askHosts: true });
    const result = await sandbox.run(`curl -sm 5 http://allowed.example/x; echo; curl -sm 5 http://evil.example/; curl -sm 2 --noproxy '*' http://127.0.0.1:${port}/around; echo end`, { reach });
    world.close();
    assert.ok(result.ok, result.ok ? '' : result.reason);
    assert.match(result.stdout, /^the world says \/x\nNot allowed from this sandbox\. No rule names it\.\nend\n$/, result.stderr);
    assert.deepEqual(asked, ['http://allowed.example:80/', 'http://evil.example:80/']);
  });

  it('gives it no network', async () => {
    let heard = false;
    const server = createServer(() => (heard = true));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await macosSandbox(settings).run(`exec 3<>/dev/tcp/127.0.0.1/${port}; curl -sm 2 http://127.0.0.1:${port}/`);
    server.close();
    assert.equal(heard, false);
  });
});
