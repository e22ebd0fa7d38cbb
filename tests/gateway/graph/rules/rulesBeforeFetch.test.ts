// The rules in front of the engine, over one subgraph: what it is asked, and what the client gets.
import type { RuleTree } from '@crm-graph/gateway/graph/rules/guards';
import { anyone, can } from '@crm-graph/shared/graphql/rules';
import { allow } from '@crm-graph/shared/graphql/shield';
import { type Identity, type Permission, permissions } from '@crm-graph/shared/identity/Identity';
import { GuardedGraph } from './GuardedGraph.ts';
import { identityWith } from './identityWith.ts';

const sdl = `
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
`;

const tree: RuleTree = {
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
  forgotten: 'unruled',
  createDeal: { deal: deal('3'), ok: true },
  touch: 'touched',
};

const without = (...denied: Permission[]): Identity =>
  identityWith({
    permissions: new Set(permissions.filter((permission) => !denied.includes(permission))),
  });

let graph: GuardedGraph;
const ask: GuardedGraph['ask'] = (...question) => graph.ask(...question);

beforeAll(async () => {
  graph = await GuardedGraph.start({ crm: { sdl, rootValue } }, tree);
});

afterAll(() => graph[Symbol.asyncDispose]());

const forbidden = (path: string, rule: string) => ({ path, code: 'FORBIDDEN', rule });

describe('rules before any fetch', () => {
  it('lets an operation be fetched as it is when everything is allowed', async () => {
    const { data, errors, asked } = await ask('{ deal(id: 1) { id owner { name } } }', without());
    expect(data).toEqual({ deal: { id: '1', owner: { name: 'Ada' } } });
    expect(errors).toEqual([]);
    expect(asked).toEqual(['crm: { deal(id: 1) { id owner { name } } }']);
  });

  it('prunes a denied nullable field and puts null and an error with its path there', async () => {
    const { data, errors, asked } = await ask(
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
    expect(asked).toEqual(['crm: { deals { id } }']);
  });

  it('keeps the order of the fields that were asked for', async () => {
    const { data } = await ask(
      '{ deal(id: 1) { contact { name } title id } }',
      without('contacts:read'),
    );
    expect(JSON.stringify(data)).toBe('{"deal":{"contact":null,"title":"Deal 1","id":"1"}}');
  });

  it('propagates the null of a denied non-null field to the nearest nullable place', async () => {
    const { data, errors, asked } = await ask(
      '{ deal(id: 1) { id lead { name owner { name } } } }',
      without('users:read'),
    );
    expect(data).toEqual({ deal: { id: '1', lead: null } });
    expect(errors).toEqual([forbidden('deal.lead.owner', 'can users:read')]);
    expect(asked).toEqual(['crm: { deal(id: 1) { id lead { name } } }']);
  });

  it('propagates through lists of non-null items up to the data', async () => {
    const { data, errors, asked } = await ask(
      '{ deals { id owner { name } } open }',
      without('users:read'),
    );
    expect(data).toBeNull();
    expect(errors).toContainEqual(forbidden('deals.0.owner', 'can users:read'));
    expect(asked).toEqual(['crm: { deals { id } open }']);
  });

  it('has one error where the first item already makes the list null', async () => {
    const { data, errors } = await ask(
      '{ deals { id owner { name } } open }',
      without('users:read'),
    );
    expect(data).toBeNull();
    expect(errors).toEqual([forbidden('deals.0.owner', 'can users:read')]);
  });

  it('fetches nothing when a denied root field may not be null', async () => {
    const { data, errors, asked } = await ask('{ open deals { id } }', without('deals:read'));
    expect(data).toBeNull();
    expect(errors).toEqual([forbidden('deals', 'can deals:read')]);
    expect(asked).toEqual([]);
  });

  it('fetches nothing when every root field is denied', async () => {
    const { data, errors, asked } = await ask(
      '{ a: deal(id: 1) { id } contact { name } }',
      undefined,
    );
    expect(data).toEqual({ a: null, contact: null });
    expect(errors).toEqual([
      { path: 'a', code: 'UNAUTHENTICATED', rule: 'can deals:read' },
      { path: 'contact', code: 'UNAUTHENTICATED', rule: 'can contacts:read' },
    ]);
    expect(asked).toEqual([]);
  });

  it('denies a root field that the tree does not name', async () => {
    const { data, errors, asked } = await ask('{ forgotten open }', without());
    expect(data).toEqual({ forgotten: null, open: 'yes' });
    expect(errors).toEqual([forbidden('forgotten', 'deny')]);
    expect(asked).toEqual(['crm: { open }']);
  });

  it('asks for a field whose selections are all denied, since it may be null by itself', async () => {
    const { data, errors, asked } = await ask(
      '{ contact { deals { id } } }',
      without('deals:read'),
    );
    expect(data).toEqual({ contact: { deals: null } });
    expect(errors).toEqual([forbidden('contact.deals', 'can deals:read')]);
    expect(asked).toEqual(['crm: { contact { __typename } }']);
  });

  it('finds denied fields in named and inline fragments, under aliases', async () => {
    const { data, errors, asked } = await ask(
      `query { one: deal(id: 1) { ...Some } two: deal(id: 2) { ... on Deal { who: contact { name } } } }
       fragment Some on Deal { id ...More }
       fragment More on Deal { c: contact { name } }`,
      without('contacts:read'),
    );
    expect(data).toEqual({ one: { id: '1', c: null }, two: { who: null } });
    expect(errors).toEqual([
      forbidden('one.c', 'can contacts:read'),
      forbidden('two.who', 'can contacts:read'),
    ]);
    expect(asked).toEqual(['crm: { one: deal(id: 1) { id } two: deal(id: 2) { __typename } }']);
  });

  it('says nothing of denied fields that are skipped', async () => {
    const query = `query ($with: Boolean!) {
      deal(id: 1) { id contact @include(if: $with) { name } }
      deals @skip(if: true) { id owner { name } }
    }`;
    const caller = without('contacts:read', 'users:read');
    const skipped = await ask(query, caller, { variables: { with: false } });
    expect(skipped.data).toEqual({ deal: { id: '1' } });
    expect(skipped.errors).toEqual([]);
    expect(skipped.asked).toEqual(['crm: { deal(id: 1) { id } }']);
    const included = await ask(query, caller, { variables: { with: true } });
    expect(included.data).toEqual({ deal: { id: '1', contact: null } });
    expect(included.errors).toEqual([forbidden('deal.contact', 'can contacts:read')]);
    expect(included.asked).toEqual(skipped.asked);
  });

  it('fetches the rest when a denied root field that may not be null is skipped', async () => {
    const query = 'query ($no: Boolean!) { open ... @skip(if: $no) { deals { id } } }';
    const skipped = await ask(query, without('deals:read'), { variables: { no: true } });
    expect(skipped.data).toEqual({ open: 'yes' });
    expect(skipped.errors).toEqual([]);
    expect(skipped.asked).toEqual(['crm: { open }']);
    const included = await ask(query, without('deals:read'), { variables: { no: false } });
    expect(included.data).toBeNull();
    expect(included.errors).toEqual([forbidden('deals', 'can deals:read')]);
    expect(included.asked).toEqual([]);
  });

  it('drops variables that only denied fields used', async () => {
    const both = await ask(
      `query ($first: Int, $id: ID!) {
        deal(id: $id) { id contact @include(if: true) { deals { id } } }
        contact { name }
        deals(first: $first) @skip(if: true) { id }
      }`,
      without('contacts:read'),
      { variables: { id: '1' } },
    );
    expect(both.data).toEqual({ deal: { id: '1', contact: null }, contact: null });
    expect(both.asked).toEqual(['crm: query ($id: ID!) { deal(id: $id) { id } }']);
    expect(both.variables).toEqual([{ id: '1' }]);
    const other = await ask(
      'query ($with: Boolean!) { open contact @include(if: $with) { name } }',
      without('contacts:read'),
      { variables: { with: true } },
    );
    expect(other.asked).toEqual(['crm: { open }']);
    expect(other.variables).toEqual([{}]);
    expect(other.data).toEqual({ open: 'yes', contact: null });
  });

  it('sends neither literal nor default nor value of a denied argument', async () => {
    const query = `query ($id: ID! = "default-secret") {
      open
      a: deal(id: $id) { id }
      b: deal(id: "literal-secret") { id }
    }`;
    for (const variables of [{}, { id: 'value-secret' }]) {
      const { data, errors, asked, sent } = await ask(query, without('deals:read'), { variables });
      expect(data).toEqual({ open: 'yes', a: null, b: null });
      expect(errors).toEqual([forbidden('a', 'can deals:read'), forbidden('b', 'can deals:read')]);
      expect(asked).toEqual(['crm: { open }']);
      expect(sent).not.toContain('secret');
    }
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
    const { data, errors, asked } = await ask(
      '{ anything { ... on Contact { deals { id } name } ... on Deal { id contact { name } } } }',
      without('contacts:read', 'deals:read'),
    );
    expect(data).toEqual({ anything: { id: '1', contact: null } });
    expect(errors).toEqual([forbidden('anything.contact', 'can contacts:read')]);
    expect(asked).toEqual([
      'crm: { anything { __typename ... on Contact { name } ... on Deal { id } } }',
    ]);
  });

  it('looks at the chosen operation of several', async () => {
    const source = 'query A { deal(id: 1) { id } } query B { contact { name } }';
    const denied = without('deals:read');
    const a = await ask(source, denied, { operationName: 'A' });
    expect(a.data).toEqual({ deal: null });
    expect(a.errors).toEqual([forbidden('deal', 'can deals:read')]);
    const b = await ask(source, denied, { operationName: 'B' });
    expect(b.data).toEqual({ contact: { name: 'Carl' } });
    expect(b.errors).toEqual([]);
  });

  it('writes nothing when a mutation is denied, and hides denied parts of a payload', async () => {
    const nothing = await ask('mutation { createDeal(title: "x") { ok } }', without('deals:write'));
    expect(nothing.asked).toEqual([]);
    expect(nothing.data).toBeNull();
    expect(nothing.errors).toEqual([forbidden('createDeal', 'can deals:write')]);
    const partly = await ask(
      'mutation { createDeal(title: "x") { ok deal { id } } touch }',
      without('deals:read', 'tasks:write'),
    );
    expect(partly.asked).toEqual(['crm: mutation { createDeal(title: "x") { ok } }']);
    expect(partly.data).toEqual({ createDeal: { ok: true, deal: null }, touch: null });
    expect(partly.errors).toEqual([
      forbidden('createDeal.deal', 'can deals:read'),
      forbidden('touch', 'can tasks:write'),
    ]);
  });

  it('lets everybody introspect', async () => {
    const { data, errors, asked } = await ask(
      '{ __typename __schema { queryType { name } } }',
      undefined,
    );
    expect(data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } } });
    expect(errors).toEqual([]);
    expect(asked).toEqual([]);
  });
});
