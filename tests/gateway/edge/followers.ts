// The clients that people use, following a subscription as they come out of the box, but for how long and how soon
// they come again. What each makes of a fault is what the gateway's answers are for.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface FollowOptions {
  /** Of the gateway, http. */
  url: string;
  query: string;
  variables?: Record<string, unknown>;
  /** Headers, or connectionParams. */
  credentials: Record<string, string>;
}

/** A subscription of one client. */
export interface Following extends Disposable {
  /** Data of results. */
  readonly results: Record<string, unknown>[];
  /** Why it gave up; null: it is complete. */
  readonly end: Promise<unknown>;
  /** How often it has connected, or tried to. */
  readonly attempts: number;
}

export type Follow = (options: FollowOptions) => Following;

const retryAttempts = Number.POSITIVE_INFINITY;
const retryWait = () => new Promise<void>((resolve) => setTimeout(resolve, 50));

/** Collects what a client reports, results with errors and errors alike. */
class Collector {
  readonly results: Record<string, unknown>[] = [];
  attempts = 0;
  readonly #end = Promise.withResolvers<unknown>();

  get end(): Promise<unknown> {
    return this.#end.promise;
  }

  readonly sink = {
    next: (result: { data?: unknown; errors?: unknown; error?: unknown }): void => {
      const failure = result.errors ?? result.error;
      if (failure) this.#end.resolve(failure);
      else this.results.push(result.data as Record<string, unknown>);
    },
    error: (failure: unknown): void => this.#end.resolve(failure),
    complete: (): void => this.#end.resolve(null),
  };

  readonly fetch: typeof fetch = (input, init) => {
    this.attempts += 1;
    return fetch(input, init);
  };

  following(stop: () => void): Following {
    const collector = this;
    return {
      results: this.results,
      end: this.end,
      get attempts() {
        return collector.attempts;
      },
      [Symbol.dispose]: stop,
    };
  }
}

export const followers = {
  'graphql-ws': ({ url, query, variables, credentials }) => {
    const collector = new Collector();
    const client = createSocketClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: credentials,
      retryAttempts,
      retryWait,
      /* By itself it gives up where a connection is refused, as while a gateway restarts; the codes that say so still end it. */
      shouldRetry: () => true,
      on: {
        connecting: () => {
          collector.attempts += 1;
        },
      },
    });
    const stop = client.subscribe({ query, ...(variables && { variables }) }, collector.sink);
    return collector.following(() => [stop(), client.dispose()]);
  },
  'graphql-sse': ({ url, query, variables, credentials }) => {
    const collector = new Collector();
    const client = createSseClient({
      url,
      headers: credentials,
      retryAttempts,
      retry: retryWait,
      fetchFn: collector.fetch,
    });
    const stop = client.subscribe({ query, ...(variables && { variables }) }, collector.sink);
    return collector.following(() => [stop(), client.dispose()]);
  },
  'Apollo Client, multipart': ({ url, query, variables = {}, credentials }) => {
    const collector = new Collector();
    const link = new HttpLink({ uri: url, headers: credentials, fetch: collector.fetch });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const subscription = client
      .subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache' })
      .subscribe(collector.sink);
    return collector.following(() => [subscription.unsubscribe(), client.stop()]);
  },
  'urql, SSE': ({ url, query, variables, credentials }) => {
    const collector = new Collector();
    const client = new Client({
      url,
      preferGetMethod: false,
      exchanges: [cacheExchange, fetchExchange],
      fetchSubscriptions: true,
      fetchOptions: { headers: credentials },
      fetch: collector.fetch,
    });
    const { unsubscribe } = client.subscription(query, variables).subscribe(collector.sink.next);
    return collector.following(unsubscribe);
  },
} satisfies Record<string, Follow>;
