// The rules in front of an executor, over a small schema: what reaches the executor and what the
// client gets.

import type { GatewayExecutor } from '@apollo/server-gateway-interface';
import { Authorizer } from '@crm-graph/gateway/authorization/Authorizer';
import { authorizedExecutor } from '@crm-graph/gateway/authorization/authorizedExecutor';
import { guardsOf } from '@crm-graph/gateway/authorization/guards';
import { anyone, can } from '@crm-graph/shared/graphql/rules';
import { allow } from '@crm-graph/shared/graphql/shield';
import { type Identity, type Permission, permissions } from '@crm-graph/shared/identity/Identity';
import { buildSchema, type DocumentNode, execute, parse, print, validate } from 'graphql';

const schema = buildSchema(`
  type Query {
    deals(first: Int): [Deal!]!
    deal(id: ID!): Deal
    contact: Contact
    anything: Subject
    open: String
    forgotten: String
  }
  type Mutation { createDeal(title: String!): DealPayload!, touch: String }
  type DealPayload { deal: Deal, ok: Boolean! }
  type Deal { id: ID!, title: String!, contact: Contact, owner: User!, lead: Lead }
  type Lead { name: String, owner: User! }
  type Contact { name: String!, deals: [Deal!] }
  type User { name: String! }
  union Subject = Deal | Contact
`);

const tree = {
  Query: {
    deals: can('deals:read'),
    deal: can('deals:read'),
    contact: can('contacts:read'),
    anything: anyone,
    open: anyone,
  },
  Mutation: { createDeal: can('deals:write'), touch: can('tasks:write') },
  DealPayload: { deal: can('deals:read'), '*': allow },
  Deal: { contact: can('contacts:read'), owner: can('users:read'), '*': allow },
  Lead: { owner: can('users:read'), '*': allow },
  Contact: { deals: can('deals:read'), '*': allow },
  User: { '*': allow },
};

const user = { name: 'Ada' };
const contact = { __typename: 'Contact', name: 'Carl' };
const deal = (id: string) => ({
  __typename: 'Deal',
  id,
  title: `Deal ${id}`,
  contact,
  owner: user,
  lead: { name: 'L', owner: user },
});
const rootValue = {
  deals: [deal('1'), deal('2')],
  deal: deal('1'),
  contact: { ...contact, deals: [deal('1')] },
  anything: deal('1'),
  open: 'yes',
  createDeal: { deal: deal('3'), ok: true },
  touch: 'touched',
};

const identity = (allowed: readonly Permission[]): Identity => ({
  kind: 'user',
  subject: 'u',
  organizationId: 'o',
  role: 'USER',
  permissions: new Set(allowed),
  expiresAt: Date.now() + 60_000,
  token: 't',
});

const without = (...denied: Permission[]): Identity =>
  identity(permissions.filter((permission) => !denied.includes(permission)));

const authorizer = new Authorizer(schema, guardsOf(schema, tree));

interface Answer {
  data: unknown;
  errors: { path: string; code: unknown; rule: unknown }[];
  /** What the executor was given; undefined when it was not called. */
  executed: string | undefined;
  queryHash: string | undefined;
}

const ask = async (
  source: string,
  who: Identity | undefined,
  variables: Record<string, unknown> = {},
  operationName?: string,
): Promise<Answer> => {
  const document = parse(source);
  expect(validate(schema, document)).toEqual([]);
  let seen: { document: DocumentNode; queryHash: string } | undefined;
  const executor: GatewayExecutor = async (request) => {
    seen = request;
    expect(validate(schema, request.document)).toEqual([]);
    const { operationName: name } = request.request;
    return execute({
      schema,
      document: request.document,
      rootValue,
      variableValues: variables,
      ...(name && { operationName: name }),
    });
  };
  const result = await authorizedExecutor(
    authorizer,
    executor,
  )({
    document,
    queryHash: 'hash',
    request: { variables, ...(operationName && { operationName }) },
    context: { identity: who },
  } as unknown as Parameters<GatewayExecutor>[0]);
  return {
    data: JSON.parse(JSON.stringify(result.data ?? null)),
    errors: (result.errors ?? []).map(({ path, extensions }) => ({
      path: (path ?? []).join('.'),
      code: extensions.code,
      rule: extensions.rule,
    })),
    executed: seen && print(seen.document).replace(/\s+/g, ' ').trim(),
    queryHash: seen?.queryHash,
  };
};

const forbidden = (path: string, rule: string) => ({ path, code: 'FORBIDDEN', rule });

describe('authorizedExecutor', () => {
  it('passes an operation on as it is when everything is allowed', async () => {
    const { data, errors, queryHash } = await ask(
      '{ deal(id: 1) { id owner { name } } }',
      without(),
    );
    expect(data).toEqual({ deal: { id: '1', owner: { name: 'Ada' } } });
    expect(errors).toEqual([]);
    expect(queryHash).toBe('hash');
  });

  it('prunes a denied nullable field and puts null and an error with its path there', async () => {
    const { data, errors, executed, queryHash } = await ask(
      '{ deals { id contact { name } } }',
      without('contacts:read'),
    );
    expect(data).toEqual({
      deals: [
        { id: '1', contact: null },
        { id: '2', contact: null },
      ],
    });
    expect(errors).toEqual([
      forbidden('deals.0.contact', 'can contacts:read'),
      forbidden('deals.1.contact', 'can contacts:read'),
    ]);
    expect(executed).toBe('{ deals { id } }');
    expect(queryHash).not.toBe('hash');
  });

  it('keeps the order of the fields that were asked for', async () => {
    const { data } = await ask(
      '{ deal(id: 1) { contact { name } title id } }',
      without('contacts:read'),
    );
    expect(JSON.stringify(data)).toBe('{"deal":{"contact":null,"title":"Deal 1","id":"1"}}');
  });

  it('propagates the null of a denied non-null field to the nearest nullable place', async () => {
    const { data, errors } = await ask(
      '{ deal(id: 1) { id lead { name owner { name } } } }',
      without('users:read'),
    );
    expect(data).toEqual({ deal: { id: '1', lead: null } });
    expect(errors).toEqual([forbidden('deal.lead.owner', 'can users:read')]);
  });

  it('propagates through lists of non-null items up to the data', async () => {
    const { data, errors } = await ask(
      '{ deals { id owner { name } } open }',
      without('users:read'),
    );
    expect(data).toBeNull();
    expect(errors).toEqual([
      forbidden('deals.0.owner', 'can users:read'),
      forbidden('deals.1.owner', 'can users:read'),
    ]);
  });

  it('executes nothing when a denied root field may not be null', async () => {
    const { data, errors, executed } = await ask('{ open deals { id } }', without('deals:read'));
    expect(data).toBeNull();
    expect(errors).toEqual([forbidden('deals', 'can deals:read')]);
    expect(executed).toBeUndefined();
  });

  it('executes nothing when every root field is denied', async () => {
    const { data, errors, executed } = await ask(
      '{ a: deal(id: 1) { id } contact { name } }',
      undefined,
    );
    expect(data).toEqual({ a: null, contact: null });
    expect(errors.map(({ path, code }) => [path, code])).toEqual([
      ['a', 'UNAUTHENTICATED'],
      ['contact', 'UNAUTHENTICATED'],
    ]);
    expect(executed).toBeUndefined();
  });

  it('denies a root field that the tree does not name', async () => {
    const { data, errors } = await ask('{ forgotten open }', without());
    expect(data).toEqual({ forgotten: null, open: 'yes' });
    expect(errors).toEqual([forbidden('forgotten', 'deny')]);
  });

  it('asks for a field whose selections are all denied, since it may be null by itself', async () => {
    const { data, executed } = await ask('{ contact { deals { id } } }', without('deals:read'));
    expect(data).toEqual({ contact: { deals: null } });
    expect(executed).toBe('{ contact { __typename } }');
  });

  it('finds denied fields in named and inline fragments, under aliases', async () => {
    const { data, errors, executed } = await ask(
      `query { one: deal(id: 1) { ...Some } two: deal(id: 2) { ... on Deal { who: contact { name } } } }
       fragment Some on Deal { id ...More }
       fragment More on Deal { c: contact { name } }`,
      without('contacts:read'),
    );
    expect(data).toEqual({ one: { id: '1', c: null }, two: { who: null } });
    expect(errors.map(({ path }) => path)).toEqual(['one.c', 'two.who']);
    expect(executed).toBe(
      '{ one: deal(id: 1) { ...Some } two: deal(id: 2) { __typename } } fragment Some on Deal { id }',
    );
  });

  it('says nothing of denied fields that are skipped', async () => {
    const { data, errors } = await ask(
      'query ($with: Boolean!) { deal(id: 1) { id contact @include(if: $with) { name } } deals @skip(if: true) { id owner { name } } }',
      without('contacts:read', 'users:read'),
      { with: false },
    );
    expect(data).toEqual({ deal: { id: '1' } });
    expect(errors).toEqual([]);
  });

  it('drops variables that only denied fields used', async () => {
    const { executed } = await ask(
      'query ($first: Int, $id: ID!) { deal(id: $id) { id contact @include(if: true) { deals { id } } } contact { name } deals(first: $first) @skip(if: true) { id } }',
      without('contacts:read'),
      { id: '1' },
    );
    expect(executed).toContain('query ($first: Int, $id: ID!)');
    const other = await ask(
      'query ($with: Boolean!) { open contact @include(if: $with) { name } }',
      without('contacts:read'),
      { with: true },
    );
    expect(other.executed).toBe('{ open }');
    expect(other.data).toEqual({ open: 'yes', contact: null });
  });

  it('merges a field that is selected twice', async () => {
    const { data, errors } = await ask(
      '{ deal(id: 1) { contact { name } } deal(id: 1) { id contact { name } } }',
      without('contacts:read'),
    );
    expect(data).toEqual({ deal: { contact: null, id: '1' } });
    expect(errors).toEqual([forbidden('deal.contact', 'can contacts:read')]);
  });

  it('applies fragments on a union by the type that came back', async () => {
    const { data, errors } = await ask(
      '{ anything { ... on Contact { deals { id } name } ... on Deal { id contact { name } } } }',
      without('contacts:read', 'deals:read'),
    );
    expect(data).toEqual({ anything: { id: '1', contact: null } });
    expect(errors).toEqual([forbidden('anything.contact', 'can contacts:read')]);
  });

  it('looks at the chosen operation of several', async () => {
    const source = 'query A { deal(id: 1) { id } } query B { contact { name } }';
    const denied = without('deals:read');
    expect((await ask(source, denied, {}, 'A')).data).toEqual({ deal: null });
    expect((await ask(source, denied, {}, 'B')).data).toEqual({ contact: { name: 'Carl' } });
  });

  it('writes nothing when a mutation is denied, and hides denied parts of a payload', async () => {
    const nothing = await ask('mutation { createDeal(title: "x") { ok } }', without('deals:write'));
    expect(nothing.executed).toBeUndefined();
    expect(nothing.data).toBeNull();
    const partly = await ask(
      'mutation { createDeal(title: "x") { ok deal { id } } touch }',
      without('deals:read', 'tasks:write'),
    );
    expect(partly.executed).toBe('mutation { createDeal(title: "x") { ok } }');
    expect(partly.data).toEqual({ createDeal: { ok: true, deal: null }, touch: null });
    expect(partly.errors.map(({ path }) => path)).toEqual(['createDeal.deal', 'touch']);
  });

  it('lets everybody introspect', async () => {
    const { data, errors } = await ask('{ __typename __schema { queryType { name } } }', undefined);
    expect(data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } } });
    expect(errors).toEqual([]);
  });
});
