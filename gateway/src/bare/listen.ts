// The two ends of a server's life.
import type { Server } from 'node:http';
import { loopbackAddress } from './loopback.ts';

/** Why a server cannot listen where it was told to. The message is for whoever started it. */
export class ListenError extends Error {
  /** LOOPBACK_ONLY, or the system's code (EADDRINUSE). */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.code = code;
  }
}

/** Resolves to the server's URL. Rejects with a ListenError; another host than loopback is refused. */
export const listen = (server: Server, host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const address = loopbackAddress(host);
    if (address === undefined) {
      reject(new ListenError('LOOPBACK_ONLY', `${host} is not a loopback address.`));
      return;
    }
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message;
      reject(
        new ListenError(cause.code ?? '', `Cannot listen on ${host}:${port}: ${reason}.`, cause),
      );
    });
    server.listen(port, address, () => {
      const bound = server.address();
      const actual = typeof bound === 'object' && bound ? bound.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
    });
  });

/** Resolves when all that is under way has been answered, or after `drainMs`. */
export const closed = async (server: Server, drainMs: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  server.close(() => resolve());
  await promise;
  clearTimeout(timer);
};
