// Tells the executor that a client has gone away: what goes away is the connection, so one signal serves
// all its requests. A new one for each would cost more than parsing.
import type { Socket } from 'node:net';

const signals = new WeakMap<Socket, AbortSignal>();

/**
 * Aborts when the connection closes, which may be thousands of requests later: who listens must stop when
 * done, or keep to one listener per signal, as the transport does (Cancellations).
 */
export const connectionSignal = (socket: Socket): AbortSignal => {
  const known = signals.get(socket);
  if (known) return known;
  const controller = new AbortController();
  socket.once('close', () => controller.abort());
  signals.set(socket, controller.signal);
  return controller.signal;
};
