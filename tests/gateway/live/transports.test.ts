// The same subscription with the clients that people use, over the three transports.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { graphql, stack } from '../../stack.ts';
import { errorCodesOf } from '../errorCodesOf.ts';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { createDeal, moveDeal, type Sales, setUpSales } from './sales.ts';

interface Data {
  dealEvents: { cursor: string; type: string; deal: { title: string; owner: object | null } };
}
interface Result {
  data?: Data | null;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

const query =
  'subscription ($after: String) { dealEvents(after: $after) { cursor type deal { title owner { name } } } }';

/** Follows until told to stop. */
interface Follower {
  results: Result[];
  failure: Promise<unknown>;
  stop: () => void;
}

type Follow = (token: string, variables: { after?: string }) => Follower;

const collecting = () => {
  const results: Result[] = [];
  const { promise: failure, resolve: fail } = Promise.withResolvers<unknown>();
  const take = (data: unknown, problem: unknown) => {
    if (problem) fail(problem);
    else results.push({ data: data as Data });
  };
  return {
    results,
    failure,
    /** For clients that report errors with a result as `errors`. */
    sink: {
      next: ({ data, errors }: { data?: unknown; errors?: unknown }) => take(data, errors),
      error: fail,
      complete: () => fail(null),
    },
    /** For those that report them as `error`. */
    observer: {
      next: ({ data, error }: { data?: unknown; error?: unknown }) => take(data, error),
      error: fail,
      complete: () => fail(null),
    },
  };
};

const newSocketClient = (token: string) =>
  createSocketClient({
    url: socketUrl(),
    webSocketImpl: WebSocket,
    connectionParams: bearer(token),
    retryAttempts: 0,
  });

const socketUrl = () => stack().graphUrl.replace('http', 'ws');
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const clients: Record<string, Follow> = {
  'graphql-ws': (token, variables) => {
    const { results, failure, sink } = collecting();
    const client = newSocketClient(token);
    const stop = client.subscribe<Data>({ query, variables }, sink);
    return { results, failure, stop: () => [stop(), client.dispose()] };
  },
  'graphql-sse': (token, variables) => {
    const { results, failure, sink } = collecting();
    const client = createSseClient({
      url: stack().graphUrl,
      headers: bearer(token),
      retryAttempts: 0,
    });
    const stop = client.subscribe<Data>({ query, variables }, sink);
    return { results, failure, stop: () => [stop(), client.dispose()] };
  },
  'Apollo Client over multipart HTTP': (token, variables) => {
    const { results, failure, observer } = collecting();
    const client = new ApolloClient({
      link: new HttpLink({ uri: stack().graphUrl, headers: bearer(token) }),
      cache: new InMemoryCache(),
    });
    const subscription = client
      .subscribe<Data>({ query: gql(query), variables, errorPolicy: 'all' })
      .subscribe(observer);
    return { results, failure, stop: () => [subscription.unsubscribe(), client.stop()] };
  },
  'Apollo Client over graphql-ws': (token, variables) => {
    const { results, failure, observer } = collecting();
    const socket = newSocketClient(token);
    const client = new ApolloClient({
      link: new GraphQLWsLink(socket),
      cache: new InMemoryCache(),
    });
    const subscription = client
      .subscribe<Data>({ query: gql(query), variables })
      .subscribe(observer);
    return {
      results,
      failure,
      stop: () => [subscription.unsubscribe(), client.stop(), socket.dispose()],
    };
  },
  'urql over graphql-ws': (token, variables) => {
    const { results, failure, observer } = collecting();
    const socket = newSocketClient(token);
    const client = new Client({
      url: stack().graphUrl,
      preferGetMethod: false,
      exchanges: [
        cacheExchange,
        subscriptionExchange({
          forwardSubscription: (operation) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query: operation.query ?? '', variables: operation.variables },
                sink as never,
              ),
            }),
          }),
        }),
      ],
    });
    const { unsubscribe } = client.subscription(query, variables).subscribe(observer.next);
    return { results, failure, stop: () => [unsubscribe(), socket.dispose()] };
  },
  'urql over SSE': (token, variables) => {
    const { results, failure, observer } = collecting();
    const client = new Client({
      url: stack().graphUrl,
      preferGetMethod: false,
      exchanges: [cacheExchange, fetchExchange],
      fetchSubscriptions: true,
      fetchOptions: { headers: bearer(token) },
    });
    const { unsubscribe } = client.subscription(query, variables).subscribe(observer.next);
    return { results, failure, stop: unsubscribe };
  },
};

const until = async (holds: () => boolean, what: () => unknown): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It did not come to it: ${JSON.stringify(what())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const said = (results: readonly Result[]) =>
  results.map(({ data }) => `${data?.dealEvents.type} ${data?.dealEvents.deal.title}`);

describe.each(Object.entries(clients))('a subscription with %s', (name, follow) => {
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  let before: { id: string; cursor: string };

  beforeAll(async () => {
    people = await organizationWithMembers(name);
    sales = await setUpSales(people.ADMIN.token);
    before = await createDeal(sales, 'Before');
  });

  it('brings what is in the log after a cursor, then what happens, until it is ended', async () => {
    await createDeal(sales, 'In the log');
    const { results, stop } = follow(people.USER.token, { after: before.cursor });
    await until(
      () => results.length === 1,
      () => results,
    );
    const { id } = await createDeal(sales, 'Live');
    await moveDeal(sales, id, 1);
    await until(
      () => results.length === 3,
      () => results,
    );
    expect(said(results)).toEqual([
      'DEAL_CREATED In the log',
      'DEAL_CREATED Live',
      'DEAL_MOVED Live',
    ]);
    stop();
    await createDeal(sales, 'Afterwards');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(results).toHaveLength(3);
  });

  it('says why it cannot begin', async () => {
    const { failure, stop } = follow(people.USER.token, { after: 'nonsense' });
    expect(errorCodesOf(await failure)).toEqual(['INVALID_CURSOR']);
    stop();
  });
});

describe('a stream over HTTP', () => {
  let people: Record<MemberRole, Member>;
  let sales: Sales;

  beforeAll(async () => {
    people = await organizationWithMembers('Streams');
    sales = await setUpSales(people.ADMIN.token);
  });

  const open = (accept: string, body: object, headers: Record<string, string> = {}) =>
    fetch(stack().graphUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...headers },
      body: JSON.stringify(body),
    });

  const sse = 'text/event-stream';
  const multipart = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json';

  const multipartAlone = 'multipart/mixed;subscriptionSpec=1.0';

  /** Reads until the text has what is waited for. */
  const readUntil = async (response: Response, wanted: RegExp): Promise<string> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (wanted.test(text)) break;
    }
    return text;
  };

  it('is text/event-stream with the cursor as id, which Last-Event-ID resumes', async () => {
    const { cursor } = await createDeal(sales, 'First');
    const response = await open(
      sse,
      { query, variables: { after: 'beginning' } },
      bearer(people.USER.token),
    );
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const text = await readUntil(response, /"First"/);
    expect(text).toMatch(/^:\n\nevent: next\nid: \S+\ndata: \{"data":\{"dealEvents":\{/);
    expect(text).toContain(`id: ${cursor}\n`);
    const second = await createDeal(sales, 'Second');
    const resumed = await open(
      sse,
      { query, variables: { after: 'beginning' } },
      { ...bearer(people.USER.token), 'last-event-id': cursor },
    );
    const rest = await readUntil(resumed, /\ndata: \{"data.*\n\n/);
    expect(rest).toContain(`id: ${second.cursor}\n`);
    expect(rest).not.toContain('First');
  });

  it('is multipart/mixed with a part for each result', async () => {
    await createDeal(sales, 'A part');
    const response = await open(
      multipart,
      { query, variables: { after: 'beginning' } },
      bearer(people.USER.token),
    );
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    );
    const text = await readUntil(response, /"A part"/);
    const [preamble, ...parts] = text.split('\r\n--graphql');
    expect([preamble, parts.pop()]).toEqual(['', '']);
    const bodies = parts.map((part) => JSON.parse(part.split('\r\n\r\n')[1] ?? ''));
    expect(bodies.at(-1)).toMatchObject({
      payload: { data: { dealEvents: { type: 'DEAL_CREATED', deal: { title: 'A part' } } } },
    });
  });

  it('carries a query to a client that wants nothing but a stream', async () => {
    const response = await open(sse, { query: '{ me { role } }' }, bearer(people.USER.token));
    expect(await response.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"me":{"role":"USER"}}}\n\nevent: complete\ndata:\n\n',
    );
    const asJson = await open(
      `${sse}, application/json`,
      { query: '{ me { role } }' },
      bearer(people.USER.token),
    );
    expect(await asJson.json()).toEqual({ data: { me: { role: 'USER' } } });
  });

  it('is opened by GET as well, but not for a mutation', async () => {
    const get = (document: string) =>
      fetch(`${stack().graphUrl}?${new URLSearchParams({ query: document, variables: '{}' })}`, {
        headers: { accept: sse, ...bearer(people.USER.token) },
      });
    const response = await get('subscription { dealEvents(after: "beginning") { type } }');
    expect(await readUntil(response, /DEAL_CREATED/)).toContain('event: next');
    const refused = await get('mutation { logout { userErrors { message } } }');
    expect([refused.status, await refused.json()]).toMatchObject([
      405,
      { errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] },
    ]);
  });

  /** The one result of a stream that could not begin. */
  const refusalIn = async (response: Response): Promise<Result> => {
    const text = await response.text();
    const [, inEvents] =
      text.match(/^:\n\nevent: next\ndata: (.*)\n\nevent: complete\ndata:\n\n$/) ?? [];
    const [, inParts] = text.match(/\r\n\r\n\{"payload":(.*)\}\r\n--graphql--\r\n$/) ?? [];
    return JSON.parse(inEvents ?? inParts ?? '');
  };

  it.each([
    ['without credentials', {}, query, {}, 'UNAUTHENTICATED'],
    ['with a bad token', { authorization: 'Bearer x' }, query, {}, 'UNAUTHENTICATED'],
    ['with a malformed document', 'USER', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['with an unknown field', 'USER', 'subscription { x }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['with a wrong cursor', 'USER', query, { after: 'x' }, 'INVALID_CURSOR'],
    ['with a wrong variable', 'USER', query, { after: 1 }, 'BAD_USER_INPUT'],
  ])('says within itself that it is refused %s', async (_what, who, document, variables, code) => {
    const headers = typeof who === 'string' ? bearer(people.USER.token) : who;
    for (const accept of [sse, multipartAlone]) {
      const response = await open(
        accept,
        { query: document, variables },
        headers as Record<string, string>,
      );
      const { errors } = await refusalIn(response);
      expect([response.status, errors?.[0]?.extensions?.code]).toEqual([200, code]);
    }
  });

  it('says within itself that it is refused without the right to follow deals', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, ['contacts:read']);
    const response = await open(sse, { query }, { 'x-api-key': apiKey });
    const { errors } = await refusalIn(response);
    expect([response.status, errors?.[0]?.extensions]).toEqual([
      200,
      { code: 'FORBIDDEN', rule: 'can events:read and deals:read' },
    ]);
  });

  it('ends for good when its session does', async () => {
    const { login } = (
      await graphql<{ login: { accessToken: string } }>(
        'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
        { input: { email: people.USER.email, password: 'a-long-test-password' } },
      )
    ).data ?? { login: { accessToken: '' } };
    const streams = await Promise.all(
      [sse, multipart].map((accept) => open(accept, { query }, bearer(login.accessToken))),
    );
    await graphql(
      'mutation { logout { userErrors { message } } }',
      {},
      { token: login.accessToken },
    );
    const [events = '', parts = ''] = await Promise.all(streams.map((stream) => stream.text()));
    expect(events).toMatch(/"code":"UNAUTHENTICATED".*\n\nevent: complete\ndata:\n\n$/);
    expect(parts).toMatch(/\{"payload":null,"errors":\[.*"UNAUTHENTICATED".*\r\n--graphql--\r\n$/);
  });
});
