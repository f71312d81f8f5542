// Lets a test outside the editor run a function inside its extension host: one JSON line in, one out
const net = require('node:net');
const vscode = require('vscode');

exports.activate = (context) => {
  const port = Number(process.env.COWORK_TEST_PROBE);
  if (!port) return;
  const socket = net.connect(port, '127.0.0.1');
  context.subscriptions.push({ dispose: () => socket.destroy() });
  const send = (message) => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
  };
  socket.on('error', () => socket.destroy());
  send({ ready: process.pid });
  let rest = '';
  socket.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) void run(JSON.parse(line)).then(send);
  });
};

async function run({ id, source, args }) {
  try {
    // oxlint-disable-next-line no-eval -- the source is a test's own function
    const result = await (0, eval)(`(${source})`)(vscode, ...args);
    return { id, result: result ?? null };
  } catch (error) {
    return { id, error: error?.stack ?? String(error) };
  }
}
