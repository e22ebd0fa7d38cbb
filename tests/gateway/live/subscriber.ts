// A socket of a client and what its subscription has received, for tests.
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { graphql, stack } from '../../stack.ts';

export interface Received<T> {
  data?: T | null;
  errors?: readonly { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

export interface Subscriber<T> {
  received: Received<T>[];
  /** Errors that ended the subscription or the socket. */
  failures: unknown[];
  /** The code of the socket's end. */
  closed: Promise<number>;
  /** Waits until so many results have come. */
  until(count: number, timeoutMs?: number): Promise<T[]>;
  stop(): Promise<void>;
}

export interface SubscribeOptions {
  url?: string;
  token?: string;
  apiKey?: string;
  variables?: Record<string, unknown>;
}

/** Resolves when the subscription has begun. */
export const subscribe = async <T>(
  query: string,
  { url = stack().graphUrl.replace('http', 'ws'), token, apiKey, variables }: SubscribeOptions,
): Promise<Subscriber<T>> => {
  let resolveClosed: (code: number) => void = () => {};
  const closed = new Promise<number>((resolve) => {
    resolveClosed = resolve;
  });
  const client: Client = createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    connectionParams: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(apiKey && { apiKey }),
    },
    on: { closed: (event) => resolveClosed((event as { code: number }).code) },
  });
  const received: Received<T>[] = [];
  const failures: unknown[] = [];
  let wake = () => {};
  const acknowledged = new Promise<void>((resolve) => {
    client.on('connected', () => resolve());
    closed.then(() => resolve());
  });
  client.subscribe<T>(
    { query, ...(variables && { variables }) },
    {
      next: (result) => {
        received.push(result as Received<T>);
        wake();
      },
      error: (error) => {
        failures.push(error);
        wake();
      },
      complete: () => wake(),
    },
  );
  await acknowledged;
  await begun(url, { token, apiKey });
  return {
    received,
    failures,
    closed,
    until: async (count, timeoutMs = 10_000) => {
      const deadline = Date.now() + timeoutMs;
      while (received.length < count) {
        const left = deadline - Date.now();
        if (left <= 0 || failures.length > 0) {
          throw new Error(
            `${received.length} of ${count} results: ${JSON.stringify({ received, failures })}`,
          );
        }
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, left);
        });
        clearTimeout(timer);
      }
      return received.map(({ data }) => data as T);
    },
    stop: async () => {
      await client.dispose();
    },
  };
};

/** The code of the Error message that ended the subscription. */
export const failureCode = ({ failures }: { failures: readonly unknown[] }): unknown => {
  const [errors] = failures as { extensions?: { code?: unknown } }[][];
  return errors?.[0]?.extensions?.code;
};

let asked = 0;

/**
 * The protocol does not say when a subscription has begun. By the time that an operation nobody has
 * seen was planned after it, and executed, it has been planned, too, and reads the log's position.
 */
const begun = async (socketUrl: string, { token, apiKey }: SubscribeOptions): Promise<void> => {
  asked += 1;
  const query = `{ asked${process.pid}_${asked}: deals(first: 1) { nodes { contact { name } } } }`;
  await graphql(query, {}, { url: socketUrl.replace('ws', 'http'), token, apiKey }).catch(
    () => undefined,
  );
  await new Promise((resolve) => setTimeout(resolve, 250));
};
