// What a client gets for each kind of request, by the GraphQL-over-HTTP specification and, where
// Apollo Server differs, as Apollo Server does it.
import { type SampleServer, sampleServer } from './sampleServer.ts';

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';

let server: SampleServer;
beforeAll(async () => {
  server = await sampleServer();
});
afterAll(() => server[Symbol.asyncDispose]());

interface Call {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

const call = async ({ method = 'POST', path = '', headers = {}, body }: Call) => {
  const response = await fetch(new URL(path || '/graphql', server.url), {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    allow: response.headers.get('allow'),
    cacheControl: response.headers.get('cache-control'),
    length: Number(response.headers.get('content-length')),
    text,
    body: text ? JSON.parse(text) : undefined,
  };
};
const post = (body: unknown, headers: Record<string, string> = {}) =>
  call({
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  call({
    method: 'GET',
    path: `/graphql?${new URLSearchParams(parameters)}`,
    headers,
  });
const codesOf = (body: { errors?: { extensions: { code: string } }[] }) =>
  body.errors?.map(({ extensions }) => extensions.code);

describe('a POST', () => {
  it('gets the data, with its length in bytes, not to be stored', async () => {
    const answer = await post({ query: '{ hello(name: "Zoë") }' });
    expect(answer).toMatchObject({ status: 200, type: json, cacheControl: 'no-store' });
    expect(answer.text).toBe('{"data":{"hello":"Hello Zoë"}}');
    expect(answer.length).toBe(Buffer.byteLength(answer.text));
  });

  it('has variables, an operation name and extensions, each of which may be null', async () => {
    const query = 'query A { a: hello } query B($name: String!) { hello(name: $name) }';
    const named = { query, operationName: 'B', variables: { name: 'B' }, extensions: {} };
    expect((await post(named)).body).toEqual({ data: { hello: 'Hello B' } });
    const bare = { query: '{ hello }', operationName: null, variables: null, extensions: null };
    expect((await post(bare)).body).toEqual({ data: { hello: 'Hello you' } });
  });

  it.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/json;charset="UTF-8"'],
    ['APPLICATION/JSON ; charset=utf8'],
    ['application/json; profile=x'],
  ])('may be %s', async (type) => {
    expect((await post({ query: '{ hello }' }, { 'content-type': type })).status).toBe(200);
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/graphql'],
    ['application/jsonx'],
    ['application/json; charset=utf-16'],
    ['application/json; charset=iso-8859-1'],
    ['nonsense'],
  ])('may not be %s', async (type) => {
    const before = server.executor.root.counted;
    const { status, body } = await post({ query: 'mutation { count }' }, { 'content-type': type });
    expect([status, codesOf(body)]).toEqual([415, ['UNSUPPORTED_MEDIA_TYPE']]);
    expect(server.executor.root.counted).toBe(before);
  });

  it('has a content type, and is not compressed', async () => {
    const body = new Blob([JSON.stringify({ query: '{ hello }' })]);
    const untyped = await fetch(server.url, { method: 'POST', body });
    expect(untyped.status).toBe(415);
    expect((await post({ query: '{ hello }' }, { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"query":'],
    ['a string', '"{ hello }"'],
    ['null', 'null'],
    ['a batch', '[{"query":"{ hello }"}]'],
    ['an empty batch', '[]'],
    ['no query', '{}'],
    ['a misspelt query', '{"qeury":"{ hello }"}'],
    ['an empty query', '{"query":""}'],
    ['a null query', '{"query":null}'],
    ['a query that is an object', '{"query":{"kind":"Document"}}'],
    ['variables in a string', '{"query":"{ hello }","variables":"{}"}'],
    ['variables in a list', '{"query":"{ hello }","variables":[]}'],
    ['an operation name that is a number', '{"query":"{ hello }","operationName":1}'],
    ['extensions that are a number', '{"query":"{ hello }","extensions":0}'],
  ])('with %s is a bad request', async (_what, body) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, type: json, cacheControl: 'no-store' });
    expect(codesOf(answer.body)).toEqual(['BAD_REQUEST']);
    expect(Object.keys(answer.body)).toEqual(['errors']);
  });

  it.each([
    [200, json],
    [400, graphqlResponse],
  ])('with an operation that cannot be executed gets %d as %s', async (status, type) => {
    const statusAndCodes = async (body: object) => {
      const answer = await post(body, { accept: type.split(';')[0] ?? '' });
      expect(answer.type).toBe(type);
      expect(answer.body).not.toHaveProperty('data');
      return [answer.status, codesOf(answer.body)];
    };
    expect(await statusAndCodes({ query: '{' })).toEqual([status, ['GRAPHQL_PARSE_FAILED']]);
    expect(await statusAndCodes({ query: '{ nothing nobody }' })).toEqual([
      status,
      ['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED'],
    ]);
    expect(await statusAndCodes({ query: '{ hello }', operationName: 'B' })).toEqual([
      status,
      ['OPERATION_RESOLUTION_FAILURE'],
    ]);
    const needsName = 'query ($name: String!) { hello(name: $name) }';
    expect(await statusAndCodes({ query: needsName })).toEqual([status, ['BAD_USER_INPUT']]);
  });

  it('gets 200 for what was executed, even where nothing came of it', async () => {
    const partial = await post({ query: '{ hello broken }' });
    expect(partial.status).toBe(200);
    expect(partial.body).toEqual({
      errors: [
        {
          message: 'It is broken.',
          locations: [{ line: 1, column: 9 }],
          path: ['broken'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ],
      data: { hello: 'Hello you', broken: null },
    });
    const nothing = await post({ query: '{ required }' }, { accept: graphqlResponse });
    expect(nothing).toMatchObject({ status: 200, body: { data: null } });
    expect(codesOf(nothing.body)).toEqual(['NOT_FOUND']);
  });

  it('may be a mutation, not a subscription', async () => {
    const before = server.executor.root.counted;
    expect((await post({ query: 'mutation { count }' })).body).toEqual({
      data: { count: before + 1 },
    });
    const { status, body } = await post({ query: 'subscription { counted }' });
    expect([status, codesOf(body)]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('that names a persisted query is told to send the whole', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'abc' } };
    const { status, body } = await post({ extensions });
    expect([status, body]).toEqual([
      200,
      {
        errors: [
          {
            message: 'PersistedQueryNotSupported',
            extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
          },
        ],
      },
    ]);
    expect((await post({ query: '{ hello }', extensions })).status).toBe(200);
  });

  it('with more bytes than the limit gets 413, even while it is still being sent', async () => {
    const query = `{ hello } #${'x'.repeat(50_000)}`;
    const { status, body } = await post({ query });
    expect([status, codesOf(body)]).toEqual([413, ['PAYLOAD_TOO_LARGE']]);
    const inPieces = new ReadableStream({
      start(controller) {
        for (let piece = 0; piece < 20; piece++) controller.enqueue(Buffer.alloc(1_000, 'x'));
        controller.close();
      },
    });
    const streamed = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: inPieces,
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
    await streamed.text();
  });

  it('in many pieces, cut within a character, is read whole', async () => {
    const bytes = Buffer.from(JSON.stringify({ query: '{ hello(name: "Zoë €") }' }));
    const byByte = new ReadableStream({
      async start(controller) {
        for (const byte of bytes) {
          controller.enqueue(Uint8Array.of(byte));
          await new Promise(setImmediate);
        }
        controller.close();
      },
    });
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: byByte,
      duplex: 'half',
    } as RequestInit);
    expect(await response.json()).toEqual({ data: { hello: 'Hello Zoë €' } });
  });
});

describe('a GET', () => {
  it('has its parameters in the query string', async () => {
    const query = 'query A { a: hello } query B($name: String!) { hello(name: $name) }';
    const variables = JSON.stringify({ name: 'B?&=' });
    expect(await get({ query, operationName: 'B', variables, extensions: '{}' })).toMatchObject({
      status: 200,
      type: json,
      body: { data: { hello: 'Hello B?&=' } },
    });
    expect((await get({ query: '{ hello }', operationName: '' })).status).toBe(200);
  });

  it('may not be a mutation', async () => {
    const before = server.executor.root.counted;
    const answer = await get({ query: 'mutation { count }' });
    expect(answer).toMatchObject({ status: 405, allow: 'POST' });
    expect(codesOf(answer.body)).toEqual(['METHOD_NOT_ALLOWED']);
    expect(server.executor.root.counted).toBe(before);
  });

  it.each([
    ['no query', ''],
    ['an empty query', '?query='],
    ['a query given twice', '?query={hello}&query={hello}'],
    ['variables that are no JSON', '?query={hello}&variables={'],
    ['variables that are no object', '?query={hello}&variables=[]'],
    ['extensions that are no object', '?query={hello}&extensions=1'],
  ])('with %s is a bad request', async (_what, search) => {
    const { status, body } = await call({
      method: 'GET',
      path: `/graphql${search}`,
    });
    expect([status, codesOf(body)]).toEqual([400, ['BAD_REQUEST']]);
  });

  it.each<[Record<string, string>]>([
    [{}],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }],
    [{ 'content-type': 'application/json' }],
  ])(
    'needs no header against forgery, since nothing is authenticated by cookies: %j',
    async (headers) => {
      const answer = await call({ method: 'GET', path: '/graphql?query={hello}', headers });
      expect([answer.status, answer.body]).toEqual([200, { data: { hello: 'Hello you' } }]);
    },
  );
});

describe('the media type of the answer', () => {
  it.each<[string, string]>([
    ['*/*', json],
    ['application/*', json],
    ['application/json', json],
    ['application/json; charset=utf-8', json],
    ['application/graphql-response+json', graphqlResponse],
    ['application/graphql-response+json; charset=utf-8', graphqlResponse],
    ['application/graphql-response+json, application/json', graphqlResponse],
    ['application/json, application/graphql-response+json', json],
    ['application/json;q=0.5, application/graphql-response+json;q=0.9', graphqlResponse],
    ['application/graphql-response+json;q=0.1, */*;q=0.5', json],
    ['application/json;q=0, */*', graphqlResponse],
    ['text/html, application/xhtml+xml, */*;q=0.8', json],
    ['multipart/mixed, application/graphql-response+json, application/json', graphqlResponse],
    ['APPLICATION/GRAPHQL-RESPONSE+JSON', graphqlResponse],
  ])('for %s', async (accept, type) => {
    expect(await post({ query: '{ hello }' }, { accept })).toMatchObject({ status: 200, type });
  });

  it.each([
    'text/html',
    'application/xml, text/*',
    'application/json;q=0',
    'application/json; charset=iso-8859-1',
    'multipart/mixed',
  ])('cannot be %s: nothing is executed', async (accept) => {
    const before = server.executor.root.counted;
    const answer = await post({ query: 'mutation { count }' }, { accept });
    expect(answer).toMatchObject({ status: 406, type: json });
    expect(codesOf(answer.body)).toEqual(['NOT_ACCEPTABLE']);
    expect(server.executor.root.counted).toBe(before);
  });
});

describe('other requests', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s is not allowed on the graph',
    async (method) => {
      expect(await call({ method })).toMatchObject({ status: 405, allow: 'GET, POST' });
    },
  );

  it.each(['/', '/graphql/', '/graph', '/health', '/health/ready/x'])(
    'there is nothing at %s',
    async (path) => {
      const { status, type, body } = await call({ method: 'GET', path });
      expect([status, type, codesOf(body)]).toEqual([404, json, ['NOT_FOUND']]);
    },
  );

  it('health is told by GET and HEAD', async () => {
    const ready = await call({ method: 'GET', path: '/health/ready?from=probe' });
    expect(ready).toMatchObject({ status: 200, type: json, cacheControl: 'no-store' });
    expect(ready.body).toEqual({ status: 'ready' });
    const live = await call({ method: 'GET', path: '/health/live' });
    expect([live.status, live.body]).toEqual([200, { status: 'live' }]);
    const head = await call({ method: 'HEAD', path: '/health/ready' });
    expect([head.status, head.text, head.length]).toEqual([200, '', ready.length]);
    const posted = await call({ path: '/health/ready' });
    expect(posted).toMatchObject({ status: 405, allow: 'GET, HEAD' });
  });
});
