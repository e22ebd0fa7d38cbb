// What a connection may cost: its answers are made one after another, each is read or the connection ends, and who
// waits for one that has closed stops working.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const signals = new WeakMap<Socket, AbortSignal>();

/**
 * Aborts when the connection closes, which may be thousands of requests later: who listens must stop when
 * done, or keep to one listener per signal, as the transport does (Cancellations). A signal for each request would
 * cost more than parsing.
 */
export const connectionSignal = (socket: Socket): AbortSignal => {
  const known = signals.get(socket);
  if (known) return known;
  const controller = new AbortController();
  socket.once('close', () => controller.abort());
  signals.set(socket, controller.signal);
  return controller.signal;
};

/** Requests that wait on one connection; who sends more without reading an answer is cut off. */
const maxWaiting = 100;

interface Waiting {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Hands requests on one at a time per connection: the next one when the answer before it has been handed to the
 * network. HTTP/1.1 lets a client send many at once (RFC 9112, 9.3.2); their answers would all be made and kept,
 * read or not.
 */
export const oneAtATime = (listener: RequestListener): RequestListener => {
  const busy = new WeakMap<Socket, Waiting[]>();

  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    response.once('close', () => {
      const waiting = busy.get(request.socket);
      const next = waiting?.shift();
      if (next && !request.socket.destroyed) begin(next.request, next.response);
      else busy.delete(request.socket);
    });
    listener(request, response);
  };

  return (request, response) => {
    const { socket } = request;
    const waiting = busy.get(socket);
    if (!waiting) {
      busy.set(socket, []);
      begin(request, response);
    } else if (waiting.length < maxWaiting) waiting.push({ request, response });
    else socket.destroy();
  };
};

/** An answer of which nothing has been read for so long ends with its connection. */
const unreadForMs = 30_000;

/** To be called when the response has been ended. What the network has taken at once costs no timer. */
export const endUnlessRead = (response: ServerResponse): void => {
  const { socket } = response;
  if (!socket || socket.writableLength === 0) return;
  /* Node counts what the network takes of a large write as activity. */
  const cut = (): void => void socket.destroy();
  socket.setTimeout(unreadForMs, cut);
  /* Before Node's own listener, which sets the time that a kept connection may be idle. */
  response.prependOnceListener('finish', () => {
    socket.setTimeout(0);
    socket.off('timeout', cut);
  });
};
