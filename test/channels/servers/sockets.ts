import { WebSocketServer, type WebSocket } from 'ws';
import type { Loopback } from './loopback.ts';

/** Takes the WebSocket upgrades of a loopback server; `admit` may turn one away with a status */
export function acceptSockets(loopback: Loopback, admit: (path: string) => number | undefined, accept: (socket: WebSocket, path: string) => void): void {
  const sockets = new WebSocketServer({ noServer: true });
  loopback.http.on('upgrade', (request, stream, head) => {
    const path = request.url ?? '';
    const status = admit(path);
    if (status !== undefined) {
      stream.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      // Cutting a connection is what these servers are for
      socket.on('error', () => socket.terminate());
      accept(socket, path);
    });
  });
}
