// What the engine says its operations take is what the heap says they take, whatever they are made of.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getIntrospectionQuery } from 'graphql';
import { InProcessGraph, type InProcessSubgraph } from '../InProcessGraph.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const heapBytes = async (): Promise<number> => {
  /* What finalizers and pending callbacks still hold goes with a later one. */
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const person = { id: '1', name: 'A', email: 'a@b.test' };
const people: InProcessSubgraph = {
  sdl: `
    type Query { me: Person! person(id: ID!): Person! people(first: Int): [Person!]! some: [Thing!]! }
    interface Thing { id: ID! }
    type Team implements Thing @key(fields: "id") { id: ID! lead: Person! }
    type Person implements Thing @key(fields: "id") {
      id: ID! name: String! email: String! manager: Person! team: Team!
    }
  `,
  resolvers: {
    Query: {
      me: () => person,
      person: () => person,
      people: () => [person, person],
      some: () => [
        { __typename: 'Team', id: 't' },
        { __typename: 'Person', ...person },
      ],
    },
    Person: { manager: () => person, team: () => ({ id: 't' }), __resolveReference: () => person },
    Team: { lead: () => person },
  },
};
const deals: InProcessSubgraph = {
  sdl: `
    type Person @key(fields: "id") { id: ID! deals(first: Int): [Deal!]! }
    type Deal @key(fields: "id") { id: ID! title: String! owner: Person! }
  `,
  resolvers: {
    Person: { deals: () => [{ id: 'd', title: 'D' }] },
    Deal: { owner: () => ({ id: '1' }) },
  },
};

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

/** Documents that differ by a number, and how many of them make some megabytes. */
const kinds: Record<string, [count: number, document: (number: number) => string]> = {
  'small operations': [200, (n) => `query Q${n} { me { id name } }`],
  'operations of several subgraphs': [
    60,
    (n) => `query Q${n}($first: Int, $with: Boolean = true) {
      people(first: $first) { id name deals(first: 3) { id title owner { id name email } } }
      me @include(if: $with) { team { id lead { deals { id title owner { name } } } } }
    }`,
  ],
  'abstract types': [
    100,
    (n) => `query Q${n} { some { id ... on Team { lead { name } } ... on Person { name email } } }`,
  ],
  'a long comment': [50, (n) => `# ${n} ${'x'.repeat(99_000)}\n{ me { id } }`],
  'a comment beyond Latin-1': [25, (n) => `# ${n} ${'ж'.repeat(99_000)}\n{ me { id } }`],
  'many comments': [10, (n) => `query Q${n} { ${'#\n'.repeat(20_000)} me { id } }`],
  'white space': [40, (n) => `query Q${n} { ${' ,\n'.repeat(20_000)} me { id } }`],
  'thousands of tokens': [
    3,
    (n) => {
      const deep = 'manager { id name email '.repeat(6) + '}'.repeat(6);
      return `query Q${n} { me { ${many(199, (i) => `a${i}: ${deep}`)} } }`;
    },
  ],
  '60 aliases': [20, (n) => `query Q${n} { ${many(60, (i) => `a${i}: me { id name email }`)} }`],
  'long strings': [
    20,
    (n) => `query Q${n} { ${many(20, (i) => `a${i}: person(id: "${'y'.repeat(2_000)}") { id }`)} }`,
  ],
  'deep fragments': [
    20,
    (n) => `query Q${n} { me { ...F0 } }
      ${many(12, (i) => `fragment F${i} on Person { id manager { ...F${i + 1} } }`)}
      fragment F12 on Person { id name }`,
  ],
  introspection: [3, (n) => getIntrospectionQuery().replace('IntrospectionQuery', `Q${n}`)],
};

let graph: InProcessGraph;
beforeAll(async () => {
  graph = await InProcessGraph.start({ people, deals }, { maxCacheBytes: 2 ** 30 });
});
afterAll(() => graph[Symbol.asyncDispose]());

test.each(Object.entries(kinds))(
  '%s: what is told is what the heap holds',
  async (_kind, [count, document]) => {
    const { engine } = graph;
    const ask = async (number: number): Promise<void> => {
      const { errors } = await graph.ask(document(number));
      expect(errors).toBeUndefined();
      graph.sent.length = 0;
    };
    /* What is made once, whatever comes. */
    for (let number = 0; number < 3; number++) await ask(1_000_000 + number);
    const before = { heap: await heapBytes(), told: engine.kept.bytes };
    for (let number = 0; number < count; number++) await ask(number);
    const real = (await heapBytes()) - before.heap;
    const told = engine.kept.bytes - before.told;
    expect(told / real).toBeGreaterThan(0.7);
    expect(told / real).toBeLessThan(2);
  },
);
