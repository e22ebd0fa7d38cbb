// The sockets at /graphql: upgrades, signs of life, and their end.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@crm-graph/shared/logger';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { closeCodes } from '../../live/sessions/closeCodes.ts';
import { ClientSocket } from './ClientSocket.ts';
import { type SocketProtocolOptions, socketProtocol } from './socketProtocol.ts';
import { type WatchOptions, watchSockets } from './watchSockets.ts';

export interface SocketServerOptions extends SocketProtocolOptions, WatchOptions {
  logger: Logger;
  /** Of one message. */
  maxMessageBytes: number;
}

/** Sockets that do not answer the closing handshake are cut. */
const closeWithinMs = 1_000;

export const socketServer = (http: Server, options: SocketServerOptions): AsyncDisposable => {
  const { logger } = options;
  const protocol = socketProtocol(options);
  const socketOptions = {
    noServer: true,
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    /* Not yet in its types. */
    closeTimeout: closeWithinMs,
    handleProtocols,
  };
  const sockets = new WebSocketServer(socketOptions);
  const open = new Set<ClientSocket>();
  let stopping = false;

  sockets.on('connection', (socket, { headers }) => {
    const failed = (cause: unknown) => logger.error('socket', { cause });
    const client = new ClientSocket(socket, headers, failed);
    open.add(client);
    const closed = protocol.opened(client, client);
    socket.on('error', (cause) => logger.debug('socket', { cause }));
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.once('close', (code, reason) => {
      open.delete(client);
      client.session?.[Symbol.dispose]();
      closed(code, String(reason)).catch(failed);
    });
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = request.url?.split('?', 1)[0];
    socket.on('error', (cause) => logger.debug('socket', { cause }));
    if (path !== '/graphql' || stopping) {
      socket.end(`HTTP/1.1 ${stopping ? '503 Service Unavailable' : '404 Not Found'}\r\n\r\n`);
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
      const closed = [...open].map(
        ({ socket }) => new Promise((resolve) => socket.once('close', resolve)),
      );
      for (const client of open) client.end(closeCodes.restarting);
      await Promise.all(closed);
      http.off('upgrade', upgrade);
    },
  };
};
