// graphql-transport-ws, with the npm client graphql-ws.
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { reasonOf, type Transport } from './Transport.ts';

/** A gateway that takes the socket and then says nothing is left. */
const acknowledgedWithinMs = 15_000;

export const webSocket: Transport = async (connection) => {
  const { url, apiKey, query, variables, opened, received, signal } = connection;
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { apiKey },
    connectionAckWaitTimeout: acknowledgedWithinMs,
    // Only the subscriber knows the cursor to go on from.
    retryAttempts: 0,
    on: { connected: opened },
  });
  const reason = await new Promise<string>((end) => {
    signal.addEventListener('abort', () => end('stopped'), { once: true });
    client.subscribe(
      { query, variables },
      { next: received, error: (error) => end(reasonOf(error)), complete: () => end('completed') },
    );
  });
  await client.dispose();
  return reason;
};
