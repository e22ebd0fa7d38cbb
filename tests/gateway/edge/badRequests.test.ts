// What the gateway answers to what it cannot take: a stable code, a fitting status, no stack.
import { login, stack } from '../../stack.ts';

const post = async (body: string, headers: Record<string, string> = {}) => {
  const response = await fetch(stack().graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  expect(text).not.toMatch(/stack|node_modules|\.ts:\d|\.js:\d|serviceName/);
  const { errors, data } = JSON.parse(text);
  return { status: response.status, code: errors?.[0]?.extensions?.code, errors, data, response };
};

const query = (text: string, variables?: object) => JSON.stringify({ query: text, variables });

describe('bad requests', () => {
  it.each([
    ['malformed JSON', '{"query"', 400, 'BAD_REQUEST'],
    ['no query', '{}', 400, 'BAD_REQUEST'],
    ['a batch', '[{"query":"{ __typename }"}]', 400, 'BAD_REQUEST'],
    ['malformed GraphQL', query('{ deals '), 200, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', query('{ nope }'), 200, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a wrong literal',
      query('{ deals(first: "x") { totalCount } }'),
      200,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a missing variable',
      query('query ($id: ID!) { deal(id: $id) { id } }'),
      200,
      'BAD_USER_INPUT',
    ],
    [
      'a wrong variable',
      query('query ($n: Int) { deals(first: $n) { totalCount } }', { n: 'x' }),
      200,
      'BAD_USER_INPUT',
    ],
    [
      'an unknown operation',
      JSON.stringify({ query: 'query A { __typename }', operationName: 'B' }),
      200,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a subscription over HTTP',
      query('subscription { dealEvents { cursor } }'),
      400,
      'BAD_REQUEST',
    ],
    ['too many tokens', query(`{${' __typename'.repeat(10_001)} }`), 200, 'OPERATION_TOO_LARGE'],
    [
      'too many aliases',
      query(`{ ${Array.from({ length: 201 }, (_, i) => `a${i}: __typename`).join(' ')} }`),
      200,
      'OPERATION_TOO_LARGE',
    ],
    [
      'too deep an operation',
      query(
        `{ deals { nodes { ${'owner { deals { nodes { '.repeat(9)}id${' } } }'.repeat(9)} } } }`,
      ),
      200,
      'OPERATION_TOO_LARGE',
    ],
    ['3 MB', query(`# ${'x'.repeat(3_000_000)}\n{ __typename }`), 413, 'PAYLOAD_TOO_LARGE'],
    ['10 MB', query(`# ${'x'.repeat(10_000_000)}\n{ __typename }`), 413, 'PAYLOAD_TOO_LARGE'],
  ])('answers %s with a code', async (_what, body, status, code) => {
    expect(await post(body)).toMatchObject({ status, code });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'refuses %s, which pages of others can send',
    async (type) => {
      const { status, code } = await post(query('{ __typename }'), { 'content-type': type });
      expect([status, code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  it('takes a 1 MB document of few tokens', async () => {
    const { data } = await post(query(`# ${'x'.repeat(1_000_000)}\n{ __typename }`));
    expect(data).toEqual({ __typename: 'Query' });
  });

  it.each([
    ['a forged token', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }],
    ['no bearer token', { authorization: 'Basic YTpi' }],
    ['an unknown API key', { 'x-api-key': 'crm_unknown_key' }],
  ])('answers %s with 401', async (_what, headers) => {
    const { status, code, response } = await post(query('{ __typename }'), headers);
    expect({ status, code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('answers a token together with a key with 401', async () => {
    const { accessToken } = await login('rep@acme.example');
    const { status } = await post(query('{ __typename }'), {
      authorization: `Bearer ${accessToken}`,
      'x-api-key': stack().partnerKey ?? '',
    });
    expect(status).toBe(401);
  });

  it('gives a request a request id, and keeps a sane one', async () => {
    const given = await post(query('{ __typename }'), { 'x-request-id': 'my-request-1' });
    expect(given.response.headers.get('x-request-id')).toBe('my-request-1');
    const made = await post(query('{ __typename }'), { 'x-request-id': 'no {sane} id' });
    expect(made.response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
