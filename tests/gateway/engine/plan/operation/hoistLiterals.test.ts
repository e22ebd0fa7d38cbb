// Literals on their way to subgraphs: as they were written, whatever they cost or mean to the planner.
import { InProcessGraph } from '../../InProcessGraph.ts';

const scalars = 'scalar Any input In { and: [In!] any: Any n: Int }';

describe('literals', () => {
  let graph: InProcessGraph;

  beforeAll(async () => {
    const echo = 'echo(any: Any, in: In, n: Int, id: ID, list: [Any], kind: Kind): String';
    graph = await InProcessGraph.start(
      {
        things: {
          sdl: `type Query { thing(in: In): Thing ${echo} }
            type Thing @key(fields: "id") { id: ID! ${echo} } enum Kind { BIG } ${scalars}`,
          rootValue: { thing: { __typename: 'Thing', id: 1, echo: 'thing' }, echo: 'root' },
        },
        prices: {
          sdl: `type Thing @key(fields: "id") { id: ID! price(any: Any, in: In): String } ${scalars}`,
          resolvers: { Thing: { price: () => 'price' } },
        },
      },
      { limits: { maxNesting: 300, maxDepth: 300, maxLiteralDepth: 200 } },
    );
  });
  afterAll(() => graph[Symbol.asyncDispose]());

  const askedFor = async (query: string, variables?: Record<string, unknown>) => {
    const { errors } = await graph.ask(query, variables);
    expect(errors).toBeUndefined();
    return graph.asked.map(({ query: text }) => text);
  };

  it('cost what they weigh, however deep lists are nested in them', async () => {
    const nested = (depth: number, inner: string): string =>
      depth === 0 ? inner : `{ and: [${nested(depth - 1, inner)}] }`;
    const text = `{ echo(in: ${nested(40, '{ n: 1 }')}, any: ${'['.repeat(80)}1${']'.repeat(80)}) }`;
    const [asked] = await askedFor(text);
    expect(asked).toContain(`any: ${'['.repeat(80)}1${']'.repeat(80)}`);
    expect(asked?.match(/and: \[/g)).toHaveLength(40);
  });

  it.each([
    '{ echo(any: 12345678901234567890) }',
    '{ echo(any: 1234567890123.456789) }',
    '{ echo(any: 1.0) }',
    '{ echo(any: 1e3) }',
    '{ echo(any: SOMETHING) }',
    '{ echo(any: {a: [1.50, B, "c", null, true, {d: 0.10}]}) }',
    '{ echo(in: {any: 12345678901234567890, and: [{n: 1}]}) }',
    '{ echo(list: [1.0, [2.0]]) }',
    '{ echo(n: 1, id: "a", kind: BIG) }',
    '{ a: echo(any: 1.0) b: echo(any: 1.00) }',
  ])('reach the subgraph as they are written: %s', async (text) => {
    expect(await askedFor(text)).toEqual([text]);
  });

  it('are with the variables in them, of which each fetch has those that it uses', async () => {
    const text = `query ($v: Any = 1.50, $n: Int, $unused: Int = 3) {
      thing(in: { n: $n }) { price(any: [$v, 2.0], in: { and: [{ any: $v }] }) echo(n: $unused) }
    }`;
    expect(await askedFor(text, { n: 7 })).toEqual([
      'query ($n: Int, $unused: Int = 3) { thing(in: {n: $n}) { id echo(n: $unused) } }',
      'query ($representations: [_Any!]!, $v: Any = 1.50) { _entities(representations: $representations)' +
        ' { ... on Thing { price(any: [$v, 2.0], in: {and: [{any: $v}]}) } } }',
    ]);
    expect(JSON.parse(graph.sent[0]!.body).variables).toEqual({ n: 7 });
    expect(graph.representationsFor('prices')).toEqual([{ __typename: 'Thing', id: '1' }]);
  });

  it('may stand in fragments, more than once, and beside variables with any name', async () => {
    const text = `query ($literal0: Any = 2.0) { thing { ...F } thing { ...F echo(in: { any: 1.0, n: 1 }) } }
      fragment F on Thing { echo(in: { any: 1.0, n: 1 }) price(any: [$literal0]) }`;
    expect(await askedFor(text)).toEqual([
      '{ thing { id echo(in: {any: 1.0, n: 1}) } }',
      expect.stringContaining('$literal0: Any = 2.0) {'),
    ]);
  });
});
