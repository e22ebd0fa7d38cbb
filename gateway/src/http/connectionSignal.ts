// Tells the executor that a client has gone away. HTTP/1 has one request at a time on a connection,
// so one signal serves all requests of a connection: a new one for each would cost more than parsing.
import type { Socket } from 'node:net';

const signals = new WeakMap<Socket, AbortSignal>();

/** Aborts when the connection closes. Who listens to it must stop listening when done. */
export const connectionSignal = (socket: Socket): AbortSignal => {
  const known = signals.get(socket);
  if (known) return known;
  const controller = new AbortController();
  socket.once('close', () => controller.abort());
  signals.set(socket, controller.signal);
  return controller.signal;
};
