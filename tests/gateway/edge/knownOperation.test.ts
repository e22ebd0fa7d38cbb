// The short way of operations that were seen before answers as Apollo Server's pipeline does: status,
// headers and body, byte by byte. A request with `extensions` takes the long way.
import { knownOperation } from '@crm-graph/gateway/edge/knownOperation';
import { stack } from '../../stack.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../members.ts';

interface Request {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

const deal = 'query Deal($id: ID!) { deal(id: $id) { id title owner { name } } }';

const cases: [string, Request][] = [
  ['data', { query: '{ me { name role } pipelines { id } }' }],
  ['a list with a page', { query: '{ tasks(first: 2) { totalCount nodes { id title } } }' }],
  ['variables', { query: deal, variables: { id: '0190aaaa-0000-7000-8000-000000000000' } }],
  ['an id that is none', { query: deal, variables: { id: 'x' } }],
  ['a variable too few', { query: deal, variables: {} }],
  ['a variable of another type', { query: deal, variables: { id: { a: 1 } } }],
  ['variables that are null', { query: '{ __typename }', variables: null }],
  [
    'one operation of two',
    { query: 'query A { me { name } } query B { me { id } }', operationName: 'B' },
  ],
  ['an operation name that is null', { query: '{ me { email } }', operationName: null }],
  [
    'skipped fields',
    { query: 'query ($s: Boolean!) { me { id name @skip(if: $s) } }', variables: { s: true } },
  ],
  ['introspection', { query: '{ __schema { queryType { name } } __type(name: "Deal") { name } }' }],
  [
    'denied fields',
    { query: '{ me { name } apiKeys { nodes { id } } users { nodes { email } } }' },
  ],
  [
    'user errors',
    {
      query:
        'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } userErrors { code field } } }',
      variables: { input: { title: '' } },
    },
  ],
  [
    'a denied mutation',
    {
      query: 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      variables: { input: { name: 'x', scopes: [] } },
    },
  ],
];

const accepted = [
  undefined,
  '*/*',
  'application/json',
  'application/graphql-response+json, application/json;q=0.9',
  'application/graphql-response+json; charset=utf-8',
];

/** Those that differ from one request to the next. */
const own = new Set(['date', 'x-request-id']);

describe('an operation that is known', () => {
  let people: Record<MemberRole, Member>;

  beforeAll(async () => {
    people = await organizationWithMembers('Known');
  });

  const post = async (body: object, token: string | undefined, accept: string | undefined) => {
    const response = await fetch(stack().graphUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(accept && { accept }),
      },
      body: JSON.stringify(body),
    });
    const headers = [...response.headers].filter(([name]) => !own.has(name));
    return { status: response.status, headers, body: await response.text() };
  };

  describe.each(['ADMIN', 'PARTNER', undefined] as const)('asked by %s', (role) => {
    it.each(cases)('answers %s as Apollo Server does', async (_, request) => {
      const token = role && people[role].token;
      for (const accept of accepted) {
        const long = await post({ ...request, extensions: {} }, token, accept);
        const short = await post(request, token, accept);
        expect(short).toEqual(long);
      }
    });
  });
});

describe('knownOperation', () => {
  const prepared = { kind: 'query' };
  const type = 'application/json; charset=utf-8';
  const graph = {
    prepared: (query: string, name: string | undefined) =>
      query === 'known' && name === undefined ? prepared : undefined,
  };
  const of = (
    body: unknown,
    { accept, method = 'POST' }: { accept?: string; method?: string } = {},
  ) =>
    knownOperation(
      { method, headers: { accept }, body } as unknown as Parameters<typeof knownOperation>[0],
      graph as unknown as Parameters<typeof knownOperation>[1],
    );

  it('takes an operation that was prepared', () => {
    expect(of({ query: 'known' })).toEqual({ prepared, variables: undefined, type });
    expect(of({ query: 'known', variables: { a: 1 }, operationName: '' })).toEqual({
      prepared,
      variables: { a: 1 },
      type,
    });
  });

  it.each([
    ['an unknown document', { query: 'unknown' }, {}],
    ['another operation name', { query: 'known', operationName: 'Other' }, {}],
    ['extensions', { query: 'known', extensions: { persistedQuery: {} } }, {}],
    ['variables as text', { query: 'known', variables: '{}' }, {}],
    ['variables as a list', { query: 'known', variables: [] }, {}],
    ['a batch', [{ query: 'known' }], {}],
    ['no body', undefined, {}],
    ['a query that is no text', { query: { kind: 'Document' } }, {}],
    ['GET', { query: 'known' }, { method: 'GET' }],
    ['another type of answer', { query: 'known' }, { accept: 'text/event-stream' }],
  ])('leaves %s to Apollo Server', (_, body, request) => {
    expect(of(body, request)).toBeUndefined();
  });
});
