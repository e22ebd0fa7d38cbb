// The attacks of a siege, one request each: what is to be refused is refused by its code, before anything of it has
// reached a subgraph, whatever protocol brings it.

import type { GraphqlRequest, Variant } from '../../siege/attacks/Attack.ts';
import { allAttacks, variantOf } from '../../siege/attacks/allAttacks.ts';
import { graphql } from '../../stack.ts';
import { connectedSocket, rawSocket } from '../live/rawSocket.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';

let gateway: ObservedGateway;
let people: Record<MemberRole, Member>;

beforeAll(async () => {
  gateway = await observedGateway();
  people = await organizationWithMembers('Admission');
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

interface Expected {
  /** Of every variant that is not named. */
  code: string;
  /** Those that another code refuses. */
  but?: Readonly<Record<string, string>>;
  /** Those that are admitted: they cost little enough. */
  admitted?: readonly string[];
}

const expected: Readonly<Record<string, Expected>> = {
  'nested-pages': {
    code: 'OPERATION_TOO_EXPENSIVE',
    admitted: ['two levels', 'ended at once on a WebSocket'],
  },
  'repeated-fields': {
    code: 'OPERATION_TOO_LARGE',
    but: {
      'wrong values in variables': 'BAD_USER_INPUT',
      'wrong values in variables, by WebSocket': 'BAD_USER_INPUT',
      'unknown fields in variables': 'BAD_USER_INPUT',
      'by WebSocket': 'UNAUTHENTICATED',
    },
  },
  'distinct-documents': {
    code: 'OPERATION_TOO_LARGE',
    but: {
      'seven levels, anonymous': 'UNAUTHENTICATED',
      'a comment of a megabyte, anonymous': 'UNAUTHENTICATED',
      'by WebSocket, anonymous': 'UNAUTHENTICATED',
      'three megabytes': 'PAYLOAD_TOO_LARGE',
      'lists in a variable, 2,000 deep': 'BAD_USER_INPUT',
    },
    admitted: [
      ...['seven levels', 'seven levels, left at once', 'small ones', 'a comment of a megabyte'],
      ...['variables of a megabyte', 'by SSE', 'by WebSocket'],
    ],
  },
  introspection: {
    code: 'OPERATION_TOO_LARGE',
    but: { 'by WebSocket': 'UNAUTHENTICATED' },
    admitted: [
      ...['99 schemas without aliases', 'one schema, its types 60 times'],
      ...['fields of the types of fields', 'one schema, its types 60 times, by a user'],
    ],
  },
  'multiplied-writes': { code: 'OPERATION_TOO_LARGE' },
};

const refused = Object.entries(expected).flatMap(([name, { code, but = {}, admitted = [] }]) => {
  const { variants } = allAttacks.find((attack) => attack.name === name) ?? { variants: [] };
  return variants
    .filter((variant) => !admitted.includes(variant.name))
    .map((variant) => [name, variant.name, but[variant.name] ?? code] as const);
});

/** The codes that a variant's caller is told. */
const codesOf = async ({ from, by }: Variant, request: GraphqlRequest): Promise<unknown[]> => {
  const authorization = `Bearer ${people.USER.token}`;
  const credentials = from === 'nobody' ? undefined : { authorization };
  if (by.startsWith('websocket')) {
    if (!credentials) return [await closingOfStranger()];
    const socket = await connectedSocket(gateway.socketUrl, credentials);
    socket.send({ id: '1', type: 'subscribe', payload: request });
    const { payload } = await socket.until(({ id }) => id === '1');
    socket.end();
    return codesIn(JSON.stringify(payload));
  }
  const accept = by === 'sse' ? 'text/event-stream' : 'application/json';
  const headers = { accept, ...credentials };
  const response =
    by === 'get'
      ? await fetch(`${gateway.url}?${new URLSearchParams({ query: request.query })}`, { headers })
      : await fetch(gateway.url, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(request),
        });
  return codesIn(await response.text());
};

const codesIn = (text: string): unknown[] => [
  ...new Set([...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)),
];

const closingOfStranger = async (): Promise<string> => {
  const socket = await rawSocket(gateway.socketUrl);
  socket.send({ type: 'connection_init' });
  return (await socket.closed).code === 4401 ? 'UNAUTHENTICATED' : 'another';
};

const asked = () => Object.values(gateway.takeRequests()).flat();
const complaints = () => gateway.log.filter(({ level }) => level !== 'info' && level !== 'debug');

it.each(refused)('%s, %s: %s, and nothing is fetched', async (attack, name, code) => {
  const variant = variantOf(attack, name);
  const before = complaints().length;
  gateway.takeRequests();
  /* The second time, where it is the same document, it is known. */
  for (const index of [0, 0, 1]) {
    expect(await codesOf(variant, variant.request(index))).toEqual([code]);
  }
  expect(asked()).toEqual([]);
  expect(complaints().slice(before)).toEqual([]);
});

it('errors of one variable after another are told up to a bound', async () => {
  const { query, variables } = variantOf('repeated-fields', 'wrong values in variables').request(0);
  const { errors = [] } = await graphql(query, variables, { url: gateway.url });
  expect(errors.length).toBeGreaterThan(1);
  expect(errors.length).toBeLessThan(100);
});

it('who is refused is answered all the same when asking for less', async () => {
  const { request } = variantOf('nested-pages', 'sizes in variables');
  const { query } = request(0);
  const options = { url: gateway.url, token: people.USER.token };
  const refusal = await graphql(query, { n: 100 }, options);
  expect(refusal.errors?.[0]?.extensions).toMatchObject({
    code: 'OPERATION_TOO_EXPENSIVE',
    limit: 50_000,
    heaviest: expect.stringMatching(/^deals\.nodes\.company\./),
  });
  const { data, errors } = await graphql(query, { n: 10 }, options);
  expect([data, errors]).toEqual([{ deals: { nodes: [] } }, undefined]);
});

it('what an operation costs is told without executing it, even where it is too much', async () => {
  const { request } = variantOf('nested-pages', 'three levels');
  gateway.takeRequests();
  const { data, extensions } = await graphql(
    request(0).query,
    {},
    { url: gateway.url, token: people.USER.token, headers: { 'x-graph-cost': 'only' } },
  );
  expect([data, extensions]).toEqual([
    null,
    { cost: { estimated: expect.any(Number), limit: 50_000 } },
  ]);
  expect(asked()).toEqual([]);
});
