// Connections that are held: some bytes at the beginning, then now and then a few more, for as long as
// the graph lets them. Whoever is closed comes again.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Assault } from '../Assault.ts';

const dripEveryMs = 250;

export interface HoldOptions {
  /** What is sent at once. */
  opening: (assault: Assault, connection: number) => string;
  /** Sent now and then: keeps a request alive, or finds out that the connection has ended. */
  drip: string;
  /** Whether what comes is read. */
  isRead: boolean;
}

export const hold =
  (options: HoldOptions) =>
  (assault: Assault): Promise<void> =>
    assault.onEachConnection(async (connection) => {
      const socket = connect(Number(assault.url.port), assault.url.hostname);
      try {
        await once(socket, 'connect', { signal: assault.signal });
        await held(socket, connection, assault, options);
      } finally {
        socket.destroy();
      }
    });

const held = async (
  socket: Socket,
  connection: number,
  assault: Assault,
  { opening, drip, isRead }: HoldOptions,
): Promise<void> => {
  let status: string | undefined;
  let isClosed = false;
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) {
      socket.once(event, () => {
        isClosed = true;
        resolve();
      });
    }
  });
  if (isRead) {
    socket.on('data', (chunk) => {
      assault.tally.read(chunk.length);
      status ??= /^HTTP\/1\.1 (\d+)/.exec(chunk.toString('latin1', 0, 20))?.[1];
    });
  }
  socket.write(opening(assault, connection));
  while (!isClosed && !assault.signal.aborted) {
    await Promise.race([assault.pause(dripEveryMs), closed]);
    if (!isClosed) socket.write(drip);
  }
  const answered = status === undefined ? '' : ` after ${status}`;
  assault.tally.count(isClosed ? `closed${answered}` : `held to the end${answered}`);
};

const headersOf = (
  assault: Assault,
  connection: number,
  more: Record<string, string | number>,
): string =>
  Object.entries({ host: assault.url.host, ...assault.credentialsOf(connection), ...more })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

const head = ({ url }: Assault): string => `POST ${url.pathname} HTTP/1.1\r\n`;

const requests =
  (count: number): HoldOptions['opening'] =>
  (assault, connection) => {
    const body = assault.bodyOf(assault.next().request);
    const content = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const one = `${head(assault)}${headersOf(assault, connection, content)}\r\n${body}`;
    return one.repeat(count);
  };

/** An empty line between requests is allowed, and does nothing. */
export const unread: HoldOptions = { opening: requests(5), drip: '\r\n', isRead: false };

export const pipelined: HoldOptions = { opening: requests(100), drip: '\r\n', isRead: true };

const begunBody =
  (length: number, begun: string): HoldOptions['opening'] =>
  (assault, connection) => {
    const content = { 'content-type': 'application/json', 'content-length': length };
    return `${head(assault)}${headersOf(assault, connection, content)}\r\n${begun}`;
  };

export const slowBody: HoldOptions = {
  opening: begunBody(1_000_000, '{"query":"'),
  drip: ' ',
  isRead: true,
};

/** As long as a body may be, but for its end. */
export const unfinishedBody: HoldOptions = {
  opening: begunBody(2_000_000, '{"query":"'.padEnd(1_990_000)),
  drip: ' ',
  isRead: true,
};

/** Headers without an end. */
export const slowHeaders: HoldOptions = {
  opening: (assault, connection) => `${head(assault)}${headersOf(assault, connection, {})}`,
  drip: 'x-more: 1\r\n',
  isRead: true,
};
