// The same requests to Apollo Server and to ours: status, media type, `allow`, codes and data are
// equal, but for what stands below with the reason.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { sampleRoot, sampleSchema } from './sampleGraph.ts';
import { type SampleServer, sampleServer } from './sampleServer.ts';

const apollo = new ApolloServer({ schema: sampleSchema, rootValue: sampleRoot() });
let apolloUrl: string;
let server: SampleServer;

beforeAll(async () => {
  server = await sampleServer();
  const listen = { port: 0, host: '127.0.0.1' };
  ({ url: apolloUrl } = await startStandaloneServer(apollo, { listen }));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await apollo.stop();
});

interface Call {
  search?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

const call = async (url: string, { search = '', ...init }: Call) => {
  const response = await fetch(`${url}${search}`, init);
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    allow: response.headers.get('allow'),
    codes: errors?.map(({ extensions }) => extensions.code),
    data,
  };
};

type Answer = Awaited<ReturnType<typeof call>>;

const json = { 'content-type': 'application/json' };
const post = (body: object, headers: object = {}): Call => ({
  method: 'POST',
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
});
const get = (search: string, headers: object = { 'x-apollo-operation-name': 'A' }): Call => ({
  method: 'GET',
  search,
  headers: { ...headers },
});
const hello = { query: '{ hello }' };
const named = 'query ($name: String!) { hello(name: $name) }';
const accept = (type: string) => post(hello, { accept: type });

it.each<[string, Call]>([
  ['a query', post(hello)],
  ['variables', post({ query: named, variables: { name: 'me' } })],
  ['a mutation', post({ query: 'mutation { count }' })],
  ['partial data', post({ query: '{ hello broken }' })],
  ['data that is null', post({ query: '{ hello required }' })],
  ['nulls', post({ ...hello, variables: null, operationName: null, extensions: null })],
  ['no query', post({ variables: {} })],
  ['an empty query', post({ query: '' })],
  ['a query that is a number', post({ query: 1 })],
  ['an empty object', post({})],
  ['variables in a string', post({ ...hello, variables: '{}' })],
  ['variables in a list', post({ ...hello, variables: [] })],
  ['extensions in a list', post({ ...hello, extensions: [] })],
  ['an operation name that is a number', post({ ...hello, operationName: 1 })],
  ['a batch', post([hello, hello])],
  [
    'a syntax error for the newer media type',
    post({ query: '{' }, { accept: 'application/graphql-response+json' }),
  ],
  [
    'data that is null for the newer media type',
    post({ query: '{ required }' }, { accept: 'application/graphql-response+json' }),
  ],
  ['a query by GET', get('?query={hello}')],
  ['variables by GET', get(`?query=${named}&variables={"name":"me"}`)],
  ['a GET with a content type', get('?query={hello}', json)],
  ['no query by GET', get('?query=')],
  ['two queries by GET', get('?query={hello}&query={hello}')],
  ['variables that are no JSON by GET', get('?query={hello}&variables={')],
  ['variables that are a number by GET', get('?query={hello}&variables=1')],
  ['accepting nothing in particular', accept('*/*')],
  [
    'accepting either, the newer first',
    accept('application/graphql-response+json, application/json'),
  ],
  [
    'accepting either, by quality',
    accept('application/json;q=0.1, application/graphql-response+json;q=0.2'),
  ],
  [
    'accepting the newer rather than others',
    accept('application/graphql-response+json, */*;q=0.5'),
  ],
  ['accepting anything but JSON', accept('application/json;q=0, application/*')],
])('%s', async (_what, request) => {
  const theirs = await call(apolloUrl, request);
  expect(await call(server.url, request)).toEqual(theirs);
});

it.each<[string, Call, Partial<Answer>, Partial<Answer>]>([
  ['a syntax error', post({ query: '{ hello' }), { status: 400 }, { status: 200 }],
  ['two invalid fields', post({ query: '{ a b }' }), { status: 400 }, { status: 200 }],
  ['a variable that is missing', post({ query: named }), { status: 400 }, { status: 200 }],
  [
    'an unknown operation',
    post({ ...hello, operationName: 'B' }),
    { status: 400 },
    { status: 200 },
  ],
  [
    'a POST of text',
    { ...post(hello), headers: { 'content-type': 'text/plain' } },
    { status: 400 },
    { status: 415 },
  ],
  ['a GET of a page', get('?query={hello}', {}), { status: 400 }, { status: 200 }],
  [
    'PUT',
    { method: 'PUT', headers: json, body: JSON.stringify(hello) },
    { codes: ['BAD_REQUEST'] },
    { codes: ['METHOD_NOT_ALLOWED'] },
  ],
  [
    'accepting HTML',
    accept('text/html'),
    { codes: ['BAD_REQUEST'] },
    { codes: ['NOT_ACCEPTABLE'] },
  ],
])(
  'differs as the specification or the table of codes has it: %s',
  async (_what, request, theirs, ours) => {
    expect(await call(apolloUrl, request)).toMatchObject(theirs);
    expect(await call(server.url, request)).toMatchObject(ours);
  },
);

it('differs where nothing acceptable is asked for: a mutation is not executed before it is refused', async () => {
  const mutation = post({ query: 'mutation { count }' }, { accept: 'text/html' });
  const before = server.executor.root.counted;
  expect([await call(apolloUrl, mutation), await call(server.url, mutation)]).toMatchObject([
    { status: 406 },
    { status: 406 },
  ]);
  expect(server.executor.root.counted).toBe(before);
});

it('differs where the body is no JSON: a coded error rather than a page', async () => {
  const malformed = { method: 'POST', headers: json, body: '{' };
  const theirs = await fetch(apolloUrl, malformed);
  expect([theirs.status, theirs.headers.get('content-type')]).toEqual([
    400,
    'text/html; charset=utf-8',
  ]);
  expect(await call(server.url, malformed)).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
});

it('differs where a persisted query is named: none are kept, so clients send the whole', async () => {
  const sha256Hash = '0'.repeat(64);
  const persisted = post({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
  expect([await call(apolloUrl, persisted), await call(server.url, persisted)]).toMatchObject([
    { status: 200, codes: ['PERSISTED_QUERY_NOT_FOUND'] },
    { status: 200, codes: ['PERSISTED_QUERY_NOT_SUPPORTED'] },
  ]);
});
