// Apollo's multipart protocol for subscriptions over HTTP, clause by clause: parts, heartbeats, what is the operation's
// error and what is the transport's, and the end.

import { dataOf, login } from '../../stack.ts';
import { createDeal, type Sales, setUpSales } from '../live/sales.ts';
import { type Member, type MemberRole, organizationWithMembers, password } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { StreamReader } from './StreamReader.ts';

const watch =
  'subscription ($after: String) { dealEvents(after: $after) { cursor type deal { title } } }';
const alone = 'multipart/mixed;subscriptionSpec=1.0';
/** As Apollo Client 4 sends it. */
const ofApollo =
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9';

let gateway: ObservedGateway;
let people: Record<MemberRole, Member>;
let sales: Sales;

beforeAll(async () => {
  gateway = await observedGateway({ HEARTBEAT_MS: '100' });
  people = await organizationWithMembers('Parts');
  sales = await setUpSales(people.ADMIN.token);
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

const open = (
  query: string,
  { variables = {}, accept = ofApollo, token = people.USER.token, url = gateway.url } = {},
) =>
  StreamReader.open({
    url,
    accept,
    body: { query, variables },
    headers: { authorization: `Bearer ${token}` },
  });

/** The parts that are whole: each is ended by the delimiter behind it (RFC 2046, 5.1.1). */
const partsOf = (text: string): Record<string, unknown>[] => {
  const [preamble, ...parts] = text.split('\r\n--graphql');
  expect(preamble).toBe('');
  return parts.slice(0, -1).map((part) => {
    const [head, body = ''] = part.split('\r\n\r\n');
    expect(head).toBe('\r\ncontent-type: application/json');
    return JSON.parse(body);
  });
};
const resultsOf = (text: string) => partsOf(text).filter((part) => 'payload' in part);
const isEnded = (text: string) => text.endsWith('\r\n--graphql--\r\n');

describe('a subscription in parts', () => {
  it('is multipart/mixed with the boundary and the version of the protocol', async () => {
    using stream = await open(watch);
    const { status, headers } = stream.response;
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is kept alive by parts that are empty objects', async () => {
    using stream = await open(watch);
    const text = await stream.until(/(\{\}\r\n--graphql.*){3}/s);
    expect(partsOf(text).slice(0, 3)).toEqual([{}, {}, {}]);
  });

  it('has each result as the payload of a part, which is whole at once', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    using stream = await open(watch, { variables: { after: cursor } });
    const first = await createDeal(sales, 'First');
    const text = await stream.until(/"First".*\r\n--graphql/);
    expect(resultsOf(text)).toEqual([
      {
        payload: {
          data: {
            dealEvents: { cursor: first.cursor, type: 'DEAL_CREATED', deal: { title: 'First' } },
          },
        },
      },
    ]);
  });

  it('carries a query or a mutation to those who take nothing else, and ends', async () => {
    using stream = await open('{ me { role } }', { accept: alone });
    const text = await stream.whole();
    expect(partsOf(text)).toEqual([{ payload: { data: { me: { role: 'USER' } } } }]);
    expect(isEnded(text)).toBe(true);
  });
});

describe('an error of the operation', () => {
  it.each([
    ['before it is validated', '{', 'GRAPHQL_PARSE_FAILED'],
    ['of what is not in the schema', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['of a cursor', 'subscription { dealEvents(after: "nope") { cursor } }', 'INVALID_CURSOR'],
  ])('%s is in the payload where nothing but parts is taken', async (_what, query, code) => {
    using stream = await open(query, { accept: alone });
    const text = await stream.whole();
    expect([stream.response.status, partsOf(text)]).toMatchObject([
      200,
      [{ payload: { errors: [{ extensions: { code } }] } }],
    ]);
    expect(isEnded(text)).toBe(true);
  });

  it.each([
    ['a document', '{', undefined, 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'a cursor',
      'subscription { dealEvents(after: "x") { cursor } }',
      undefined,
      400,
      'INVALID_CURSOR',
    ],
    ['credentials', watch, 'x.y.z', 401, 'UNAUTHENTICATED'],
  ])(
    'about %s is JSON of the newer kind to Apollo Client, which reads it at any status',
    async (_what, query, token, status, code) => {
      using stream = await open(query, { ...(token && { token }) });
      const body = JSON.parse(await stream.whole());
      expect([stream.response.status, stream.response.headers.get('content-type')]).toEqual([
        status,
        'application/graphql-response+json; charset=utf-8',
      ]);
      expect(body).toMatchObject({ errors: [{ extensions: { code } }] });
    },
  );

  it('of a stream that has begun is in the payload, and the stream ends', async () => {
    using stream = await open('subscription { liveDeals(first: 101) { page { id } } }');
    const text = await stream.whole();
    expect(resultsOf(text)).toMatchObject([
      { payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } },
    ]);
    expect(isEnded(text)).toBe(true);
  });
});

describe('an error of the transport is beside a payload of null, and the last part', () => {
  it('when the token is revoked', async () => {
    const { accessToken } = await login(people.USER.email, password);
    using stream = await open(watch, { token: accessToken });
    await stream.until(/\r\n--graphql/);
    await dataOf('mutation { logout { userErrors { code } } }', {}, { token: accessToken });
    const text = await stream.whole();
    expect(resultsOf(text)).toMatchObject([
      { payload: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
    expect(isEnded(text)).toBe(true);
  });

  it('when the gateway restarts, with the time to wait', async () => {
    const stopped = await observedGateway();
    using stream = await open(watch, { url: stopped.url });
    await stream.until(/\r\n--graphql/);
    await stopped[Symbol.asyncDispose]();
    const text = await stream.whole();
    expect(resultsOf(text)).toMatchObject([
      {
        payload: null,
        errors: [{ extensions: { code: 'SERVICE_RESTART', retryAfterMs: 1_000 } }],
      },
    ]);
    expect(isEnded(text)).toBe(true);
  });
});
