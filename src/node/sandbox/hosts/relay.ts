/** Where the relay listens inside; a sandbox has a network of its own, so nobody else is there */
const port = 3128;

/** Listens inside a sandbox and hands each connection to the socket of the proxy outside. Says one word when it is there */
const relay = `const net=require("net");net.createServer({allowHalfOpen:true},c=>{const s=net.connect({path:process.argv[1],allowHalfOpen:true});c.pipe(s);s.pipe(c);c.on("error",()=>s.destroy());s.on("error",()=>c.destroy())}).listen(${port},"127.0.0.1",()=>console.log("ready"))`;

/** Starts the relay, waits until it listens, and becomes the rest. $1 the socket, $2 Node (looked for where it is empty), then the command */
const start = [
  'n=${2:-$(command -v node || command -v nodejs)}',
  'f=/tmp/.cowork-relay; mkfifo "$f" || exit 126',
  `ELECTRON_RUN_AS_NODE=1 "$n" -e '${relay}' "$1" > "$f" 2> /dev/null &`,
  'read -r ready < "$f"; rm -f "$f"',
  'if [ "$ready" != ready ]; then echo "The way to allowed hosts cannot open in this sandbox: it needs Node in it." >&2; exit 126; fi',
  'unset n f ready; shift 2; exec "$@"',
].join('\n');

/** What stands before the words of a command so that the proxy can be reached: `socket` as it is seen inside; `node` likewise, where it is known */
export function throughRelay(socket: string, node: string | undefined, command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', start, 'relay', socket, node ?? '', ...command];
}

/** Where programs look for their proxy; the lower case is what older ones know */
export function proxyVariables(url: string): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'all_proxy'].map((name) => [name, url] as const)),
    // Node's own fetch looks only where this is set
    NODE_USE_ENV_PROXY: '1',
  };
}

/** The variables of a command behind the relay */
export const proxyEnvironment = proxyVariables(`http://127.0.0.1:${port}`);
