// HTTP to the letter: each exchange with what the specifications have for it (GraphQL over HTTP; RFC 9110; graphql-sse's
// protocol; Apollo's multipart protocol).
import { newOrganization, stack } from '../../stack.ts';

const json = 'application/json';
const typed = 'application/graphql-response+json';
const sse = 'text/event-stream';
const parts = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0';

let token: string;
beforeAll(async () => {
  ({ token } = await newOrganization('Exchanges'));
});

interface Exchange {
  method?: string;
  search?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}

const exchange = async ({ method = 'POST', search = '', headers = {}, body }: Exchange) => {
  const response = await fetch(`${stack().graphUrl}${search}`, {
    method,
    headers: {
      ...(method === 'POST' && { 'content-type': json }),
      authorization: `Bearer ${token}`,
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const post = (body: object, headers: Record<string, string> = {}) =>
  exchange({ headers, body: JSON.stringify(body) });

const codesOf = (text: string) => [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);

/** An operation that fails before it is executed, and its code. */
const failing: [string, object, string][] = [
  ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', { query: '{ notExists }' }, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'an unknown operation',
    { query: 'query A { __typename }', operationName: 'B' },
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'bad variables',
    { query: 'query ($n: Int!) { deals(first: $n) { totalCount } }' },
    'BAD_USER_INPUT',
  ],
  [
    'a condition at the root of a subscription',
    {
      query: 'subscription ($x: Boolean!) { dealEvents @include(if: $x) { cursor } }',
      variables: { x: true },
    },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a condition beside a named operation',
    {
      query:
        'query A { __typename } subscription B($x: Boolean = true) { dealEvents @skip(if: $x) { cursor } }',
      operationName: 'A',
    },
    'GRAPHQL_VALIDATION_FAILED',
  ],
];

const cursor: [string, object, string] = [
  'a cursor that is none',
  { query: 'subscription { dealEvents(after: "nope") { cursor } }' },
  'INVALID_CURSOR',
];

describe('an operation that fails before it is executed', () => {
  it.each(failing)('is answered as JSON of either kind: %s', async (_what, body, code) => {
    const old = await post(body, { accept: json });
    expect([old.status, old.headers.get('content-type'), codesOf(old.text)]).toEqual([
      200,
      `${json}; charset=utf-8`,
      [code],
    ]);
    const answer = await post(body, { accept: typed });
    expect([answer.status, answer.headers.get('content-type'), codesOf(answer.text)]).toEqual([
      400,
      `${typed}; charset=utf-8`,
      [code],
    ]);
    expect(JSON.parse(answer.text)).not.toHaveProperty('data');
  });

  it.each([...failing, cursor])('is answered in an event stream: %s', async (_what, body, code) => {
    const { status, headers, text } = await post(body, { accept: sse });
    expect([status, headers.get('content-type')]).toEqual([200, `${sse}; charset=utf-8`]);
    expect(text).toMatch(
      /^:\n\nevent: next\ndata: {"errors":\[.*\]}\n\nevent: complete\ndata:\n\n$/,
    );
    expect(codesOf(text)).toEqual([code]);
  });

  it.each([...failing, cursor])('is answered in parts: %s', async (_what, body, code) => {
    const { status, headers, text } = await post(body, { accept: parts });
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    ]);
    expect(text).toMatch(
      /^\r\n--graphql\r\n.*\r\n\r\n{"payload":{"errors":\[.*\]}}\r\n--graphql--\r\n$/s,
    );
    expect(codesOf(text)).toEqual([code]);
  });
});

describe('errors of the exchange', () => {
  it.each([json, typed])('credentials that are not good, as %s', async (accept) => {
    const headers = { accept, authorization: 'Bearer x.y.z' };
    const answer = await post({ query: '{ __typename }' }, headers);
    expect([answer.status, answer.headers.get('content-type'), codesOf(answer.text)]).toEqual([
      401,
      `${accept}; charset=utf-8`,
      ['UNAUTHENTICATED'],
    ]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('credentials that are not good, in a stream', async () => {
    const headers = { accept: sse, authorization: 'Bearer x.y.z' };
    const { status, text } = await post(
      { query: 'subscription { dealEvents { cursor } }' },
      headers,
    );
    expect([status, codesOf(text)]).toEqual([200, ['UNAUTHENTICATED']]);
    expect(text).toContain('event: complete');
  });

  it('a body that is no JSON is told without being shown', async () => {
    const { status, headers, text } = await exchange({
      headers: { accept: typed },
      body: '{"password":hunter2sec',
    });
    expect([status, headers.get('content-type'), codesOf(text)]).toEqual([
      400,
      `${typed}; charset=utf-8`,
      ['BAD_REQUEST'],
    ]);
    expect(text).not.toContain('hunter2');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is not allowed', async (method) => {
    const { status, headers, text } = await exchange({ method });
    expect([status, headers.get('allow'), codesOf(text)]).toEqual([
      405,
      'GET, POST',
      ['METHOD_NOT_ALLOWED'],
    ]);
  });

  it.each([json, sse, parts])('a mutation by GET is not allowed, accepting %s', async (accept) => {
    const search = `?${new URLSearchParams({ query: 'mutation { logout { userErrors { code } } }' })}`;
    const answer = await exchange({ method: 'GET', search, headers: { accept } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    const stillIn = await post({ query: '{ me { id } }' });
    expect(codesOf(stillIn.text)).toEqual([]);
  });

  it.each(['utf-16', 'iso-8859-1', 'us-ascii'])('a body in %s is not read', async (charset) => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const answer = await exchange({
      headers: { 'content-type': `${json}; charset=${charset}` },
      body,
    });
    expect([answer.status, codesOf(answer.text)]).toEqual([415, ['UNSUPPORTED_MEDIA_TYPE']]);
  });

  it('a body that is no UTF-8 is refused, not stored with replaced characters', async () => {
    const text = JSON.stringify({
      query: 'query ($x: String) { __typename }',
      variables: { x: 'Café' },
    });
    const body = new Uint8Array(Buffer.from(text, 'latin1'));
    const answer = await exchange({ body });
    expect([answer.status, codesOf(answer.text)]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('a compressed body is refused', async () => {
    const answer = await exchange({ headers: { 'content-encoding': 'gzip' }, body: '{}' });
    expect(answer.status).toBe(415);
  });

  it.each(['image/png', 'multipart/mixed;subscriptionSpec=2.0', `${sse};q=0`])(
    'nothing can be answered as %s',
    async (accept) => {
      const answer = await post({ query: '{ __typename }' }, { accept });
      expect([answer.status, codesOf(answer.text)]).toEqual([406, ['NOT_ACCEPTABLE']]);
    },
  );
});

describe('requests', () => {
  it.each([
    ['a query, accepting parts alone', parts, /{"payload":{"data":{"__typename":"Query"}}}/],
    ['a query, accepting events alone', sse, /event: next\ndata: {"data":{"__typename":"Query"}}/],
  ])('%s', async (_what, accept, result) => {
    const { status, text } = await post({ query: '{ __typename }' }, { accept });
    expect(status).toBe(200);
    expect(text).toMatch(result);
  });

  it('an operation name that is empty is none, for a new document and a known one', async () => {
    const query = `{ a${Date.now()}: __typename }`;
    for (let time = 0; time < 2; time++) {
      const answer = await post({ query, operationName: '' }, { accept: typed });
      expect([answer.status, codesOf(answer.text)]).toEqual([200, []]);
    }
  });

  it('a hash with its query is executed; a hash alone is told that none are kept', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const whole = await post({ query: '{ __typename }', extensions });
    expect([whole.status, JSON.parse(whole.text)]).toEqual([
      200,
      { data: { __typename: 'Query' } },
    ]);
    const alone = await post({ extensions });
    expect([alone.status, codesOf(alone.text)]).toEqual([200, ['PERSISTED_QUERY_NOT_SUPPORTED']]);
  });

  it('answers are not stored, and not sniffed for another type', async () => {
    const { headers } = await post({ query: '{ __typename }' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
