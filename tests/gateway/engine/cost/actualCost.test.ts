// What an execution did cost, beside what was estimated: objects of the answer, and each fetch for them.
import { countNodes } from '@crm-graph/gateway/engine/cost/countNodes';
import type { AnsweredFetch } from '@crm-graph/gateway/engine/execute/ExecutionRequest';
import { InProcessGraph } from '../InProcessGraph.ts';

describe('the actual cost', () => {
  it('is the number of objects in the data', () => {
    expect(countNodes(null)).toBe(0);
    expect(countNodes({})).toBe(0);
    expect(countNodes({ a: 1, b: ['x', null], c: null })).toBe(0);
    expect(countNodes({ a: { b: [{}, null, [{}, {}]] }, c: {} })).toBe(5);
  });

  it('is told fetch by fetch, and no more than was estimated', async () => {
    const users = [{ __typename: 'User', id: 1 }, null, { __typename: 'User', id: 2 }];
    await using graph = await InProcessGraph.start({
      users: {
        sdl: 'type Query { users(first: Int): [User] } type User @key(fields: "id") { id: ID! boss: User }',
        rootValue: { users },
      },
      names: {
        sdl: 'type User @key(fields: "id") { id: ID! name: Name } type Name { first: String }',
        resolvers: { User: { name: () => ({ first: 'Ada' }) } },
      },
    });
    const operation = await graph.engine.prepare({
      query: '{ users(first: 3) { name { first } boss { id } } }',
    });
    const fetches: AnsweredFetch[] = [];
    const { data } = await operation.execute({
      coerced: operation.coerce(undefined),
      headers: {},
      identity: 'anybody',
      deadline: Date.now() + 20_000,
      onFetch: (fetch) => fetches.push(fetch),
    });
    expect(fetches.map(({ subgraph }) => subgraph)).toEqual(['users', 'names']);
    expect(countNodes(data)).toBe(4);
    expect(operation.cost({}).estimated).toBe(9);
  });
});
