// Server-sent events clause by clause: graphql-sse's protocol in its distinct connections mode, and what a browser's
// EventSource makes of a stream (WHATWG HTML, 9.2).

import { dataOf, login } from '../../stack.ts';
import { createDeal, moveDeal, type Sales, setUpSales } from '../live/sales.ts';
import { type Member, type MemberRole, organizationWithMembers, password } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { StreamReader } from './StreamReader.ts';

const watch =
  'subscription ($after: String) { dealEvents(after: $after) { cursor type deal { title } } }';

let gateway: ObservedGateway;
let people: Record<MemberRole, Member>;
let sales: Sales;

beforeAll(async () => {
  gateway = await observedGateway({ HEARTBEAT_MS: '100' });
  people = await organizationWithMembers('Events');
  sales = await setUpSales(people.ADMIN.token);
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

interface Asked {
  query?: string;
  variables?: object;
  token?: string;
  lastEventId?: string;
}

const open = ({ query = watch, variables = {}, token, lastEventId }: Asked) =>
  StreamReader.open({
    url: gateway.url,
    accept: 'text/event-stream',
    body: { query, variables },
    headers: {
      authorization: `Bearer ${token ?? people.USER.token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });

interface StreamEvent {
  event: string;
  id: string | undefined;
  data: string;
}

/** As an EventSource dispatches them (9.2.6): blocks without data are none; what is not ended by an empty line is dropped. */
const eventsOf = (text: string): StreamEvent[] =>
  text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => {
      const fields = block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line): [string, string] => {
          const [name = '', ...value] = line.split(':');
          return [name, value.join(':').replace(/^ /, '')];
        });
      const data = fields.filter(([name]) => name === 'data').map(([, value]) => value);
      if (data.length === 0) return [];
      const last = (wanted: string) => fields.findLast(([name]) => name === wanted)?.[1];
      return [{ event: last('event') ?? 'message', id: last('id'), data: data.join('\n') }];
    });

const titlesOf = (text: string): unknown[] =>
  eventsOf(text)
    .filter(({ event }) => event === 'next')
    .map(({ data }) => JSON.parse(data).data?.dealEvents.deal.title);

describe('an event stream', () => {
  it('is text/event-stream that nothing on the way keeps back', async () => {
    using stream = await open({});
    const { status, headers } = stream.response;
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('x-request-id')).toMatch(/^\S+$/);
  });

  it('begins before anything has happened, and is kept alive by comments', async () => {
    using stream = await open({});
    const text = await stream.until(/^(:\n\n){3}/);
    expect(eventsOf(text)).toEqual([]);
  });

  it('has an event "next" for each result, with the cursor as its id', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    using stream = await open({ variables: { after: cursor } });
    const { id } = await createDeal(sales, 'Moved');
    const moved = await moveDeal(sales, id, 1);
    const events = eventsOf(await stream.until(/DEAL_MOVED.*\n\n/));
    expect(events.map(({ event }) => event)).toEqual(['next', 'next']);
    expect(events[1]?.id).toBe(moved);
    expect(JSON.parse(events[1]?.data ?? '')).toEqual({
      data: { dealEvents: { cursor: moved, type: 'DEAL_MOVED', deal: { title: 'Moved' } } },
    });
  });

  it('keeps a result with line breaks in one event', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    using stream = await open({ variables: { after: cursor } });
    await createDeal(sales, 'Two lines: \u2028 data: x \\n\\n event: complete');
    const text = await stream.until(/Two lines.*\n\n/s);
    expect(titlesOf(text)).toEqual(['Two lines: \u2028 data: x \\n\\n event: complete']);
  });

  it.each([
    ['a query', '{ me { role } }', { me: { role: 'USER' } }],
    ['a mutation', 'mutation { markNotificationsRead(input: {}) { __typename } }', undefined],
  ])('of %s has one "next" and "complete", and ends', async (_what, query, data) => {
    using stream = await open({ query });
    const [next, complete, ...rest] = eventsOf(await stream.whole());
    expect([next?.event, complete, rest]).toEqual([
      'next',
      { event: 'complete', id: undefined, data: '' },
      [],
    ]);
    if (data) expect(JSON.parse(next?.data ?? '')).toEqual({ data });
  });

  it('is opened by GET as well, as an EventSource does', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const search = new URLSearchParams({
      query: watch,
      variables: JSON.stringify({ after: cursor }),
    });
    using stream = await StreamReader.open({
      url: `${gateway.url}?${search}`,
      accept: 'text/event-stream',
      headers: { authorization: `Bearer ${people.USER.token}` },
    });
    await createDeal(sales, 'By GET');
    expect(titlesOf(await stream.until(/By GET.*\n\n/))).toEqual(['By GET']);
  });

  it('that its client leaves asks the subgraphs for nothing more', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const stream = await open({ variables: { after: cursor } });
    await createDeal(sales, 'Followed');
    await stream.until(/Followed/);
    stream[Symbol.dispose]();
    await stream.whole();
    using other = await open({ query: 'subscription { dealEvents { other: cursor } }' });
    await other.until(/^(:\n\n){2}/);
    gateway.takeRequests();
    await createDeal(sales, 'Not followed');
    await other.until(/other/);
    const asked = Object.values(gateway.takeRequests()).flat();
    expect(asked.filter(({ query }) => query?.includes('title'))).toEqual([]);
  });
});

describe('an error', () => {
  it.each([
    ['before it is validated', '{', 'GRAPHQL_PARSE_FAILED'],
    ['of what is not in the schema', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['of a cursor', 'subscription { dealEvents(after: "nope") { cursor } }', 'INVALID_CURSOR'],
  ])('%s is a "next" of its own, then "complete"', async (_what, query, code) => {
    using stream = await open({ query });
    const events = eventsOf(await stream.whole());
    expect([stream.response.status, events.map(({ event }) => event)]).toEqual([
      200,
      ['next', 'complete'],
    ]);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(JSON.parse(events[0]?.data ?? '')).not.toHaveProperty('data');
  });

  it('of a stream that has begun is a "next", then "complete"', async () => {
    using stream = await open({ query: 'subscription { liveDeals(first: 101) { page { id } } }' });
    const events = eventsOf(await stream.whole());
    expect(events.map(({ event }) => event)).toEqual(['next', 'complete']);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});

describe('Last-Event-ID', () => {
  it('resumes behind that event, whatever the variables say', async () => {
    const start = await createDeal(sales, 'Start');
    await createDeal(sales, 'First');
    await createDeal(sales, 'Second');
    const variables = { after: start.cursor };
    using stream = await open({ variables });
    const [first] = eventsOf(await stream.until(/Second.*\n\n/));
    using resumed = await open({ variables, lastEventId: first?.id ?? '' });
    expect(titlesOf(await resumed.until(/Second.*\n\n/))).toEqual(['Second']);
  });

  it('that is empty is none', async () => {
    const start = await createDeal(sales, 'Start');
    await createDeal(sales, 'First');
    using stream = await open({ variables: { after: start.cursor }, lastEventId: '' });
    expect(titlesOf(await stream.until(/First.*\n\n/))).toEqual(['First']);
  });

  it('that is no cursor is told in the stream', async () => {
    using stream = await open({ lastEventId: 'nope' });
    const text = await stream.whole();
    expect(text).toContain('"code":"INVALID_CURSOR"');
    expect(eventsOf(text).map(({ event }) => event)).toEqual(['next', 'complete']);
  });
});

describe('the end of a stream', () => {
  it('for good, when its token is revoked, is an error and "complete"', async () => {
    const { accessToken } = await login(people.USER.email, password);
    using stream = await open({ token: accessToken });
    await stream.until(/^:\n\n/);
    await dataOf('mutation { logout { userErrors { code } } }', {}, { token: accessToken });
    const events = eventsOf(await stream.whole());
    expect(events.map(({ event }) => event)).toEqual(['next', 'complete']);
    expect(events[0]?.data).toContain('"code":"UNAUTHENTICATED"');
  });

  it('for now, when the gateway restarts, is no event: clients resume behind the last one', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const stopped = await observedGateway();
    using stream = await StreamReader.open({
      url: stopped.url,
      accept: 'text/event-stream',
      body: { query: watch, variables: { after: cursor } },
      headers: { authorization: `Bearer ${people.USER.token}` },
    });
    await createDeal(sales, 'Before the restart');
    await stream.until(/Before the restart.*\n\n/);
    await stopped[Symbol.asyncDispose]();
    const text = await stream.whole();
    const events = eventsOf(text);
    expect(events.map(({ event }) => event)).toEqual(['next']);
    await createDeal(sales, 'After the restart');
    using resumed = await open({ lastEventId: events[0]?.id ?? '' });
    expect(titlesOf(await resumed.until(/After the restart.*\n\n/))).toEqual(['After the restart']);
  });
});
