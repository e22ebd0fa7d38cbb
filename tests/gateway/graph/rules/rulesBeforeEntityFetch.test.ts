// The rules in front of the engine, over two subgraphs that share entities: whom it asks for what.
import type { RuleTree } from '@crm-graph/gateway/graph/rules/guards';
import { anyone, can } from '@crm-graph/shared/graphql/rules';
import { allow } from '@crm-graph/shared/graphql/shield';
import { type Identity, type Permission, permissions } from '@crm-graph/shared/identity/Identity';
import { GuardedGraph } from './GuardedGraph.ts';
import { identityWith } from './identityWith.ts';

const dealsSdl = `
  type Query {
    deal: Deal
    deals: [Deal]!
    things: [Thing!]!
    named: [Named!]!
    always: Int!
    now: Int
  }
  type Mutation { note(text: String!): Int, close: Int, mustClose: Int! }
  union Thing = Deal | Contact
  interface Named { remark: String }
  type Deal implements Named @key(fields: "id") {
    id: ID!
    remark: String
    budget: Int
    contact: Contact
  }
  type Contact implements Named @key(fields: "code") { code: String, remark: String }
`;

const peopleSdl = `
  type Query { me: Contact }
  type Mutation { rename(name: String!): Int }
  type Contact @key(fields: "code") {
    code: String
    name: String!
    email(format: String): String
    spouse: Contact
  }
  type Deal @key(fields: "id") {
    id: ID!
    budget: Int @external
    commission: Int @requires(fields: "budget")
    notice(text: String, days: Int): String
  }
`;

/* Each field has a permission of its own, so that a test can take away exactly one. */
const tree: RuleTree = {
  Query: { always: can('tasks:read'), '*': anyone },
  Mutation: { close: can('deals:write'), mustClose: can('deals:write'), '*': anyone },
  Deal: {
    budget: can('analytics:read'),
    commission: can('organization:manage'),
    notice: can('tasks:write'),
    '*': allow,
  },
  Contact: {
    code: can('contacts:write'),
    name: can('users:read'),
    email: can('contacts:read'),
    '*': allow,
  },
};

const contact = { __typename: 'Contact', code: 'c1', remark: 'kind' };
const deal = (id: string) => ({ __typename: 'Deal', id, remark: `R${id}`, budget: 100, contact });
/** What was written, in order. */
const written: string[] = [];

const subgraphs = {
  deals: {
    sdl: dealsSdl,
    rootValue: {
      deal: deal('1'),
      deals: [deal('1'), null, { ...deal('2'), contact: null }, deal('3')],
      things: [deal('1'), contact],
      named: [contact, deal('1')],
      always: 1,
      now: 2,
      note: ({ text }: { text: string }) => written.push(`note ${text}`),
      close: () => written.push('close'),
      mustClose: () => written.push('mustClose'),
    },
  },
  people: {
    sdl: peopleSdl,
    rootValue: {
      me: { code: 'c1' },
      rename: ({ name }: { name: string }) => written.push(`rename ${name}`),
    },
    resolvers: {
      Contact: {
        name: ({ code }: { code: string }) => `Name of ${code}`,
        email: ({ code }: { code: string }) => `${code}@example.test`,
        spouse: () => ({ code: 'c2' }),
      },
      Deal: {
        commission: ({ budget }: { budget: number }) => budget / 10,
        notice: (_: unknown, { text, days }: { text?: string; days?: number }) =>
          `${text} in ${days}`,
      },
    },
  },
};

const without = (...denied: Permission[]): Identity =>
  identityWith({
    permissions: new Set(permissions.filter((permission) => !denied.includes(permission))),
  });

const forbidden = (path: string, permission: Permission) => ({
  path,
  code: 'FORBIDDEN',
  rule: `can ${permission}`,
});

const entities = (selection: string, variables = '') =>
  `people: query ($representations: [_Any!]!${variables}) { _entities(representations: $representations) { ${selection} } }`;

let graph: GuardedGraph;
const ask: GuardedGraph['ask'] = (...question) => graph.ask(...question);

beforeAll(async () => {
  graph = await GuardedGraph.start(subgraphs, tree);
});

beforeEach(() => {
  written.length = 0;
});

afterAll(() => graph[Symbol.asyncDispose]());

describe('denied fields of entities', () => {
  it('are why the subgraph that has them is not asked at all', async () => {
    const query = '{ deal { id contact { remark email } } }';
    const allowed = await ask(query, without());
    expect(allowed.data).toEqual({
      deal: { id: '1', contact: { remark: 'kind', email: 'c1@example.test' } },
    });
    expect(allowed.asked).toEqual([
      'deals: { deal { id contact { code remark } } }',
      entities('... on Contact { email }'),
    ]);
    const denied = await ask(query, without('contacts:read'));
    expect(denied.data).toEqual({ deal: { id: '1', contact: { remark: 'kind', email: null } } });
    expect(denied.errors).toEqual([forbidden('deal.contact.email', 'contacts:read')]);
    expect(denied.asked).toEqual(['deals: { deal { id contact { remark } } }']);
  });

  it('are left out of what the other subgraph is asked for', async () => {
    const { data, errors, asked, variables } = await ask(
      '{ deal { contact { mail: email name spouse { email remark } } } }',
      without('contacts:read'),
    );
    expect(data).toEqual({
      deal: { contact: { mail: null, name: 'Name of c1', spouse: { email: null, remark: null } } },
    });
    expect(errors).toEqual([
      forbidden('deal.contact.mail', 'contacts:read'),
      forbidden('deal.contact.spouse.email', 'contacts:read'),
    ]);
    expect(asked.slice(0, 2)).toEqual([
      'deals: { deal { contact { code } } }',
      entities('... on Contact { name spouse { code } }'),
    ]);
    expect(variables[1]).toEqual({ representations: [{ __typename: 'Contact', code: 'c1' }] });
  });

  it('null their parent with one error when they may not be null', async () => {
    const { data, errors, asked } = await ask(
      '{ deal { id contact { remark name email } } now }',
      without('users:read', 'contacts:read'),
    );
    expect(data).toEqual({ deal: { id: '1', contact: null }, now: 2 });
    expect(errors).toEqual([forbidden('deal.contact.name', 'users:read')]);
    expect(asked).toEqual(['deals: { deal { id contact { remark } } now }']);
  });

  it('have one error per item of a list, and none where there is no object', async () => {
    const { data, errors, asked } = await ask(
      '{ deals { id commission contact { email } } }',
      without('organization:manage', 'contacts:read'),
    );
    expect(data).toEqual({
      deals: [
        { id: '1', commission: null, contact: { email: null } },
        null,
        { id: '2', commission: null, contact: null },
        { id: '3', commission: null, contact: { email: null } },
      ],
    });
    expect(errors).toEqual([
      forbidden('deals.0.commission', 'organization:manage'),
      forbidden('deals.0.contact.email', 'contacts:read'),
      forbidden('deals.2.commission', 'organization:manage'),
      forbidden('deals.3.commission', 'organization:manage'),
      forbidden('deals.3.contact.email', 'contacts:read'),
    ]);
    expect(asked).toEqual(['deals: { deals { id contact { __typename } } }']);
  });

  it('have no error when they are skipped, also behind another subgraph', async () => {
    const query = `query ($no: Boolean!) {
      deal { contact { name email @skip(if: $no) ... @include(if: $no) { spouse { name } } } }
    }`;
    const skipped = await ask(query, without('contacts:read'), { variables: { no: true } });
    expect(skipped.data).toEqual({
      deal: { contact: { name: 'Name of c1', spouse: { name: 'Name of c2' } } },
    });
    expect(skipped.errors).toEqual([]);
    const included = await ask(query, without('contacts:read'), { variables: { no: false } });
    expect(included.data).toEqual({ deal: { contact: { name: 'Name of c1', email: null } } });
    expect(included.errors).toEqual([forbidden('deal.contact.email', 'contacts:read')]);
  });
});

describe('denied fields that other fields need', () => {
  it('are fetched as a key, but not shown under any alias', async () => {
    const { data, errors, asked } = await ask(
      '{ deal { contact { code also: code name } } }',
      without('contacts:write'),
      { needed: ['Contact.code'] },
    );
    expect(data).toEqual({ deal: { contact: { code: null, also: null, name: 'Name of c1' } } });
    expect(errors).toEqual([
      forbidden('deal.contact.code', 'contacts:write'),
      forbidden('deal.contact.also', 'contacts:write'),
    ]);
    expect(asked).toEqual([
      'deals: { deal { contact { code } } }',
      entities('... on Contact { name }'),
    ]);
  });

  it('are not fetched as a key when nothing needs the key', async () => {
    const { data, asked } = await ask(
      '{ deal { contact { code remark name } } }',
      without('contacts:write', 'users:read'),
    );
    expect(data).toEqual({ deal: { contact: null } });
    expect(asked).toEqual(['deals: { deal { contact { remark } } }']);
  });

  it('are fetched for a field that requires them, but not shown', async () => {
    const { data, errors, asked, variables } = await ask(
      '{ deal { budget commission } }',
      without('analytics:read'),
      { needed: ['Deal.budget'] },
    );
    expect(data).toEqual({ deal: { budget: null, commission: 10 } });
    expect(errors).toEqual([forbidden('deal.budget', 'analytics:read')]);
    expect(asked).toEqual([
      'deals: { deal { id budget } }',
      entities('... on Deal { commission }'),
    ]);
    expect(variables[1]).toEqual({
      representations: [{ __typename: 'Deal', id: '1', budget: 100 }],
    });
  });

  it('are told from what the client gave their name, and under the name of another', async () => {
    const { data, errors } = await ask(
      '{ deal { budget: remark id: budget commission } }',
      without('analytics:read'),
      { needed: ['Deal.budget'] },
    );
    expect(data).toEqual({ deal: { budget: 'R1', id: null, commission: 10 } });
    expect(errors).toEqual([forbidden('deal.id', 'analytics:read')]);
  });

  it('are not fetched for a field that is denied itself', async () => {
    const { data, errors, asked } = await ask(
      '{ deal { id commission } }',
      without('organization:manage', 'analytics:read'),
    );
    expect(data).toEqual({ deal: { id: '1', commission: null } });
    expect(errors).toEqual([forbidden('deal.commission', 'organization:manage')]);
    expect(asked).toEqual(['deals: { deal { id } }']);
  });
});

describe('denied fields of abstract types', () => {
  it('are left out of the fragment of their type only', async () => {
    const query = '{ things { ... on Deal { id commission } ... on Contact { remark email } } }';
    const noCommission = await ask(query, without('organization:manage'));
    expect(noCommission.data).toEqual({
      things: [
        { id: '1', commission: null },
        { remark: 'kind', email: 'c1@example.test' },
      ],
    });
    expect(noCommission.errors).toEqual([forbidden('things.0.commission', 'organization:manage')]);
    expect(noCommission.asked).toEqual([
      'deals: { things { __typename ... on Deal { id } ... on Contact { __typename code remark } } }',
      entities('... on Contact { email }'),
    ]);
    const noEmail = await ask(query, without('contacts:read'));
    expect(noEmail.data).toEqual({
      things: [
        { id: '1', commission: 10 },
        { remark: 'kind', email: null },
      ],
    });
    expect(noEmail.errors).toEqual([forbidden('things.1.email', 'contacts:read')]);
    expect(noEmail.variables[1]).toEqual({
      representations: [{ __typename: 'Deal', id: '1', budget: 100 }],
    });
  });

  it('are told by type where a fragment of an interface has them', async () => {
    const { data, errors, asked } = await ask(
      '{ named { remark ...Mail } } fragment Mail on Named { ... on Contact { email } }',
      without('contacts:read'),
    );
    expect(data).toEqual({ named: [{ remark: 'kind', email: null }, { remark: 'R1' }] });
    expect(errors).toEqual([forbidden('named.0.email', 'contacts:read')]);
    expect(asked).toEqual(['deals: { named { __typename remark } }']);
  });

  it('do not deny a field of another type that has the same response key', async () => {
    const query = '{ things { ... on Deal { text: remark } ... on Contact { text: email } } }';
    const { data, errors, asked } = await ask(query, without('contacts:read'));
    expect(data).toEqual({ things: [{ text: 'R1' }, { text: null }] });
    expect(errors).toEqual([forbidden('things.1.text', 'contacts:read')]);
    expect(asked).toHaveLength(1);
    expect((await ask(query, without())).data).toEqual({
      things: [{ text: 'R1' }, { text: 'c1@example.test' }],
    });
  });

  it('do not let a value of the same response key through in their place', async () => {
    const { data, errors } = await ask(
      '{ things { ... on Deal { text: notice } ... on Contact { text: remark } } }',
      without('tasks:write'),
    );
    expect(data).toEqual({ things: [{ text: null }, { text: 'kind' }] });
    expect(errors).toEqual([forbidden('things.0.text', 'tasks:write')]);
  });
});

describe('denied root fields', () => {
  it('keep every subgraph from being asked when they may not be null', async () => {
    const query = '{ now me { name } sure: always deal { commission } }';
    const { data, errors, asked } = await ask(query, without('tasks:read'));
    expect(data).toBeNull();
    expect(errors).toEqual([forbidden('sure', 'tasks:read')]);
    expect(asked).toEqual([]);
  });

  it('keep a mutation from writing anything when they may not be null', async () => {
    const mutation = 'mutation { note(text: "a") rename(name: "b") mustClose close }';
    const { data, errors, asked } = await ask(mutation, without('deals:write'));
    expect(data).toBeNull();
    expect(errors).toEqual([
      forbidden('mustClose', 'deals:write'),
      forbidden('close', 'deals:write'),
    ]);
    expect(asked).toEqual([]);
    expect(written).toEqual([]);
  });

  it('of a mutation that may be null leave the others to run in order', async () => {
    const { data, errors, asked } = await ask(
      `mutation ($b: String!) {
        a: note(text: "a") b: rename(name: $b) close c: note(text: "c") d: rename(name: "d")
      }`,
      without('deals:write'),
      { variables: { b: 'b' } },
    );
    expect(written).toEqual(['note a', 'rename b', 'note c', 'rename d']);
    expect(JSON.stringify(data)).toBe('{"a":1,"b":2,"close":null,"c":3,"d":4}');
    expect(errors).toEqual([forbidden('close', 'deals:write')]);
    expect(asked).toEqual([
      'deals: mutation { a: note(text: "a") }',
      'people: mutation ($b: String!) { b: rename(name: $b) }',
      'deals: mutation { c: note(text: "c") }',
      'people: mutation { d: rename(name: "d") }',
    ]);
  });
});

describe('variables', () => {
  it('are not sent when only denied fields use them', async () => {
    const query = `query ($format: String = "default-secret", $text: String, $days: Int, $yes: Boolean!) {
      deal {
        contact { name email(format: $format) @include(if: $yes) }
        notice(text: $text, days: $days)
      }
    }`;
    const variables = { format: 'value-secret', text: 'soon', days: 3, yes: true };
    const denied = await ask(query, without('contacts:read'), { variables });
    expect(denied.data).toEqual({
      deal: { contact: { name: 'Name of c1', email: null }, notice: 'soon in 3' },
    });
    expect(denied.sent).not.toMatch(/secret|format|yes/);
    const people = denied.variables.slice(1);
    expect(people).toHaveLength(2);
    expect(people).toContainEqual({
      representations: [{ __typename: 'Contact', code: 'c1' }],
    });
    expect(people).toContainEqual({
      representations: [{ __typename: 'Deal', id: '1' }],
      text: 'soon',
      days: 3,
    });
    const both = await ask(query, without('contacts:read', 'tasks:write'), { variables });
    expect(both.asked).toEqual([
      'deals: { deal { contact { code } } }',
      entities('... on Contact { name }'),
    ]);
    expect(both.sent).not.toMatch(/secret|format|yes|soon|text|days/);
  });

  it('of the wrong type are refused, also when only denied fields use them', async () => {
    const query = 'query ($days: Int) { deal { id notice(days: $days) } }';
    const { data, errors, asked } = await ask(query, without('tasks:write'), {
      variables: { days: 'many' },
    });
    expect(data).toBeNull();
    expect(errors).toEqual([{ path: '', code: 'BAD_USER_INPUT', rule: undefined }]);
    expect(asked).toEqual([]);
  });
});

describe('callers of one operation at the same time', () => {
  const query = '{ deal { id commission contact { email } } always: now }';

  it('each get their own data, errors and fetches', async () => {
    const open = { id: '1', contact: { email: null }, commission: null };
    const commission = forbidden('deal.commission', 'organization:manage');
    const email = forbidden('deal.contact.email', 'contacts:read');
    const callers = [
      {
        identity: without(),
        deal: { ...open, contact: { email: 'c1@example.test' }, commission: 10 },
        errors: [],
        fetches: 3,
      },
      {
        identity: undefined,
        deal: open,
        errors: [commission, email].map((error) => ({ ...error, code: 'UNAUTHENTICATED' })),
        fetches: 1,
      },
      {
        identity: without('organization:manage', 'contacts:read'),
        deal: open,
        errors: [commission, email],
        fetches: 1,
      },
      {
        identity: without('organization:manage'),
        deal: { ...open, contact: { email: 'c1@example.test' } },
        errors: [commission],
        fetches: 2,
      },
      {
        identity: without('contacts:read'),
        deal: { ...open, commission: 10 },
        errors: [email],
        fetches: 2,
      },
    ];
    /* First without and then with everything prepared. */
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        callers.flatMap(({ identity }) => [ask(query, identity), ask(query, identity)]),
      );
      const expected = callers.flatMap((caller) => [caller, caller]);
      for (const [index, { deal: seen, errors, fetches }] of expected.entries()) {
        expect(answers[index]).toMatchObject({ data: { deal: seen, always: 2 }, errors });
        expect(answers[index]?.asked).toHaveLength(fetches);
      }
    }
  });
});
