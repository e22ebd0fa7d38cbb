// The sockets at /graphql: upgrades, and their end.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ClientSocket, type ClientSocketOptions } from './ClientSocket.ts';
import { protocolClosings } from './protocolClosings.ts';
import { type WatchOptions, watchSockets } from './watchSockets.ts';

export interface SocketServerOptions extends ClientSocketOptions, WatchOptions {
  /** Of one message. */
  maxMessageBytes: number;
}

const subprotocol = 'graphql-transport-ws';

/** Sockets that do not answer the closing handshake are cut. */
const closeWithinMs = 1_000;

export const socketServer = (http: Server, options: SocketServerOptions): AsyncDisposable => {
  const { logger } = options;
  const socketOptions = {
    noServer: true,
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    /* Not yet in its types. */
    closeTimeout: closeWithinMs,
    handleProtocols: (offered: ReadonlySet<string>) => offered.has(subprotocol) && subprotocol,
  };
  const sockets = new WebSocketServer(socketOptions);
  const open = new Set<ClientSocket>();
  let stopping = false;

  sockets.on('connection', (socket, { headers, socket: connection }) => {
    socket.on('error', (cause) => logger.debug('socket', { cause }));
    if (socket.protocol !== subprotocol) {
      const { code, reason } = protocolClosings.subprotocol;
      socket.close(code, reason);
      return;
    }
    const client = new ClientSocket(socket, connection, headers, options);
    open.add(client);
    socket.once('close', () => open.delete(client));
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', (cause) => logger.debug('socket', { cause }));
    const refusal = refusalOf(request, stopping);
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      sockets.emit('connection', opened, request);
    });
  };
  http.on('upgrade', upgrade);
  const watch = watchSockets(open, options);

  return {
    async [Symbol.asyncDispose]() {
      stopping = true;
      watch[Symbol.dispose]();
      const closed = [...open].map((client) => client.closed);
      for (const client of open) client.end('SERVICE_RESTART');
      await Promise.all(closed);
      http.off('upgrade', upgrade);
    },
  };
};

/**
 * A client that offers other subprotocols only would take an answer without one for a failure and see no close code:
 * HTTP tells it. One that offers none is closed with 4406.
 */
const refusalOf = ({ url, headers }: IncomingMessage, stopping: boolean): string | undefined => {
  if (stopping) return '503 Service Unavailable';
  if (url?.split('?', 1)[0] !== '/graphql') return '404 Not Found';
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  return offered && !offered.includes(subprotocol)
    ? '400 Subprotocol not acceptable: offer graphql-transport-ws'
    : undefined;
};
