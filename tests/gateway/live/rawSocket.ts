// A WebSocket that says what the test tells it to, and nothing by itself.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

export interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

export interface RawSocket {
  messages: Message[];
  /** Code and reason of its end. */
  closed: Promise<{ code: number; reason: string }>;
  send(...messages: (object | string | Buffer)[]): void;
  /** Waits for a message. */
  until(isIt: (message: Message) => boolean): Promise<Message>;
  /** Stops and starts to read from the connection. */
  pause(): void;
  resume(): void;
  end(): void;
}

export interface RawSocketOptions {
  protocol?: string;
  /** Answers pings. @default true */
  pongs?: boolean;
}

export const rawSocket = async (
  url: string,
  { protocol = 'graphql-transport-ws', pongs = true }: RawSocketOptions = {},
): Promise<RawSocket> => {
  const socket = new WebSocket(url, protocol === '' ? [] : protocol, { autoPong: pongs });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    for (const look of waiting) look();
  });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'open').catch(() => undefined), closed]);
  const connection = (): Socket => (socket as unknown as { _socket: Socket })._socket;
  return {
    messages,
    closed,
    send: (...all) => {
      for (const one of all) {
        const isText = typeof one === 'string' || Buffer.isBuffer(one);
        socket.send(isText ? one : JSON.stringify(one));
      }
    },
    until: (isIt) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = messages.find(isIt);
          if (!found) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(found);
        };
        const late = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`No such message: ${JSON.stringify(messages).slice(0, 2_000)}`));
        }, 10_000);
        waiting.add(look);
        look();
      }),
    pause: () => connection().pause(),
    resume: () => connection().resume(),
    end: () => socket.terminate(),
  };
};

/** Connected and acknowledged. */
export const connectedSocket = async (
  url: string,
  payload: object,
  options?: RawSocketOptions,
): Promise<RawSocket> => {
  const socket = await rawSocket(url, options);
  socket.send({ type: 'connection_init', payload });
  await socket.until(({ type }) => type === 'connection_ack');
  return socket;
};
