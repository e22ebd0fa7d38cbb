// Operations over graphql-ws, one at a time on each socket; or many whose answers nobody reads; or a
// socket that never says who it is.
import { on, once } from 'node:events';
import WebSocket from 'ws';
import { AnswerEnds, outcomeOf } from '../AnswerEnds.ts';
import type { Assault } from '../Assault.ts';

/** A socket may say some things in a second, and is closed when it says more. */
const betweenMs = 20;
/** Operations begun on a socket that is not read. */
const unreadOperations = 20;

export const talkingSockets = (assault: Assault): Promise<void> =>
  assault.onEachConnection((connection) =>
    withSocket(assault, async ({ socket, heard }) => {
      await greet({ socket, heard }, assault.credentialsOf(connection));
      while (!assault.signal.aborted) {
        subscribe(socket, assault);
        assault.tally.count(await endOf({ socket, heard }));
      }
    }),
  );

export const unreadSockets = (assault: Assault): Promise<void> =>
  assault.onEachConnection((connection) =>
    withSocket(assault, async ({ socket, heard }) => {
      await greet({ socket, heard }, assault.credentialsOf(connection));
      for (let count = 0; count < unreadOperations; count += 1) subscribe(socket, assault);
      socket.pause();
      while (!assault.signal.aborted && socket.readyState === WebSocket.OPEN) {
        await assault.pause(1_000);
        /* Finds out that the connection has ended. */
        if (socket.readyState === WebSocket.OPEN) socket.ping();
      }
      const isOpen = socket.readyState === WebSocket.OPEN;
      assault.tally.count(isOpen ? 'held to the end' : 'closed');
    }),
  );

export const leavingSockets =
  (leaveAfterMs: (index: number) => number) =>
  (assault: Assault): Promise<void> =>
    assault.onEachConnection((connection) =>
      withSocket(assault, async ({ socket, heard }) => {
        await greet({ socket, heard }, assault.credentialsOf(connection));
        await assault.pause(leaveAfterMs(subscribe(socket, assault)));
        assault.tally.count('left');
      }),
    );

/** One operation after the other is begun and ended; what it began may go on, uncounted. */
export const completingSockets = (assault: Assault): Promise<void> =>
  assault.onEachConnection((connection) =>
    withSocket(assault, async ({ socket, heard }) => {
      await greet({ socket, heard }, assault.credentialsOf(connection));
      while (!assault.signal.aborted && socket.readyState === WebSocket.OPEN) {
        const id = subscribe(socket, assault);
        await assault.pause(betweenMs);
        socket.send(`{"id":"${id}","type":"complete"}`);
        assault.tally.count('left');
      }
    }),
  );

export const silentSockets = (assault: Assault): Promise<void> =>
  assault.onEachConnection(() =>
    withSocket(assault, async ({ heard }) => {
      await heard();
    }),
  );

const unfinished = Buffer.alloc(1_990_000, ' ');

/** The first part of a message, as long as one may be. */
export const unfinishedMessages = (assault: Assault): Promise<void> =>
  assault.onEachConnection(() =>
    withSocket(assault, async ({ socket, heard }) => {
      socket.send(unfinished, { binary: false, fin: false });
      await heard();
    }),
  );

interface Conversation {
  socket: WebSocket;
  /** The next message. Throws the code that the socket was closed with. */
  heard: () => Promise<Buffer>;
}

const withSocket = async (
  { url, signal, tally }: Assault,
  use: (conversation: Conversation) => Promise<void>,
): Promise<void> => {
  const { href } = Object.assign(new URL(url), { protocol: 'ws:' });
  const socket = new WebSocket(href, 'graphql-transport-ws', { perMessageDeflate: false });
  socket.on('error', () => undefined);
  let code = 0;
  socket.once('close', (closedWith) => {
    code = closedWith;
  });
  try {
    await once(socket, 'open', { signal });
    const messages = on(socket, 'message', { signal, close: ['close'] });
    const heard: Conversation['heard'] = async () => {
      const { value, done } = await messages.next();
      if (done) throw new Error(`closed with ${code}`);
      const [data] = value as [Buffer];
      tally.read(data.length);
      return data;
    };
    await use({ socket, heard });
  } finally {
    socket.terminate();
  }
};

const greet = async (
  { socket, heard }: Conversation,
  payload: Record<string, string>,
): Promise<void> => {
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await heard();
};

/** Returns the number of the request. */
const subscribe = (socket: WebSocket, assault: Assault): number => {
  const { request, index } = assault.next();
  const payload = assault.bodyOf(request);
  socket.send(`{"id":"${index}","type":"subscribe","payload":${payload}}`);
  return index;
};

/** Of the operation that was begun last: what ended it, with its error code. */
const endOf = async ({ socket, heard }: Conversation): Promise<string> => {
  let code: string | undefined;
  for (;;) {
    const data = await heard();
    const type = /"type":\s*"(\w+)"/.exec(data.toString('latin1', 0, 300))?.[1];
    if (type === 'ping') socket.send('{"type":"pong"}');
    if (type === 'next' || type === 'error') {
      const ends = new AnswerEnds();
      ends.add(data);
      code ??= ends.code;
    }
    if (type === 'error' || type === 'complete') return outcomeOf(type, code);
  }
};
