// Server-sent events in the distinct connections mode, with the npm client graphql-sse.
import { createClient } from 'graphql-sse';
import { reasonOf, type Transport } from './Transport.ts';

export const serverSentEvents: Transport = async (connection) => {
  const { url, apiKey, query, variables, opened, received, signal } = connection;
  const client = createClient({
    url,
    headers: { 'x-api-key': apiKey },
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
  client.dispose();
  return reason;
};
