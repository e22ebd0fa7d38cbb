// What is done when an operation is prepared, and what only once it is executed.

import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import type { PreparedOperation } from '@crm-graph/gateway/engine/prepare/PreparedOperation';
import { type FieldNode, GraphQLError, Kind, parse } from 'graphql';
import { composed } from '../composed.ts';
import { InProcessGraph, type InProcessSubgraph } from '../InProcessGraph.ts';

const lines: InProcessSubgraph = {
  sdl: `
    type Query { lost: Item item(where: Where): Thing required: Thing! }
    type Mutation { change: Thing }
    type Subscription { changed: Thing }
    input Where { id: ID and: Where ids: [Int!] }
    type Thing @key(fields: "id") { id: ID! name: String }
    interface Item @key(fields: "id") { id: ID! }
  `,
  resolvers: {
    Query: { item: () => ({ id: '1', name: 'A' }), required: () => ({ id: '2', name: 'B' }) },
  },
};
const office: InProcessSubgraph = {
  sdl: 'type Item @key(fields: "id", resolvable: false) @interfaceObject { id: ID! shelf: String }',
};

let graph: InProcessGraph;
let planned: jest.SpyInstance;

beforeAll(async () => {
  planned = jest.spyOn(Planner.prototype, 'plan');
  graph = await InProcessGraph.start({ lines, office });
});
afterAll(() => graph[Symbol.asyncDispose]());
beforeEach(() => {
  planned.mockClear();
  graph.sent.length = 0;
});

const rootFields = ({ operation }: PreparedOperation): FieldNode[] =>
  operation.node.selectionSet.selections.filter((one) => one.kind === Kind.FIELD);

const execute = (
  operation: PreparedOperation,
  { denied = [], deadline = Date.now() + 20_000 }: { denied?: FieldNode[]; deadline?: number } = {},
) =>
  operation.execute({
    coerced: operation.coerce(undefined),
    headers: {},
    identity: '',
    deadline,
    denied: new Map(denied.map((node) => [node, new GraphQLError('not for you')])),
  });

const refused = (action: () => unknown): GraphQLError[] => {
  try {
    action();
  } catch (error) {
    if (error instanceof OperationError) return [...error.errors];
    throw error;
  }
  throw new TypeError('It was not refused');
};

test('nothing is planned before something is to be fetched, and then once', async () => {
  const operation = graph.engine.prepare({ query: '{ item { name } }' });
  expect(operation.coerce({ more: 1 })).toEqual({});
  expect(planned).not.toHaveBeenCalled();
  expect(await execute(operation)).toEqual({ data: { item: { name: 'A' } } });
  expect(await execute(operation)).toEqual({ data: { item: { name: 'A' } } });
  expect(planned).toHaveBeenCalledTimes(1);
});

test('what is refused as a whole is not planned, nor what has nothing left to be fetched', async () => {
  const required = graph.engine.prepare({ query: '{ required { name } item { name } }' });
  const refusedAll = await execute(required, { denied: rootFields(required).slice(0, 1) });
  expect(refusedAll).toMatchObject({ data: null, errors: [{ message: 'not for you' }] });

  const nullable = graph.engine.prepare({ query: '{ item { name } __typename }' });
  expect(await execute(nullable, { denied: rootFields(nullable).slice(0, 1) })).toMatchObject({
    data: { item: null, __typename: 'Query' },
    errors: [{ path: ['item'] }],
  });

  for (const [query, data] of [
    ['{ __typename }', { __typename: 'Query' }],
    ['{ __type(name: "Thing") { name } }', { __type: { name: 'Thing' } }],
    ['{ item @skip(if: true) { name } }', {}],
  ] as const) {
    expect(await execute(graph.engine.prepare({ query }))).toEqual({ data });
  }
  expect(planned).not.toHaveBeenCalled();
  expect(graph.sent).toEqual([]);
});

test('each set of denied fields has a plan of its own, when it first occurs', async () => {
  const operation = graph.engine.prepare({ query: '{ item { name } other: item { id } }' });
  const [item] = rootFields(operation);
  for (let round = 0; round < 2; round++) {
    const { data } = await execute(operation, { denied: item ? [item] : [] });
    expect(data).toEqual({ item: null, other: { id: '1' } });
  }
  expect(planned).toHaveBeenCalledTimes(1);
  expect((await execute(operation)).data).toEqual({ item: { name: 'A' }, other: { id: '1' } });
  expect(planned).toHaveBeenCalledTimes(2);
});

test('what cannot be planned is not planned again, and says why each time', async () => {
  const operation = graph.engine.prepare({ query: '{ lost { shelf } }' });
  for (let round = 0; round < 3; round++) {
    const error = await execute(operation).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toMatchObject({
      errors: [
        {
          message: 'No subgraph can answer the operation.',
          extensions: { code: 'OPERATION_PLANNING_FAILED' },
        },
      ],
    });
  }
  expect(planned).toHaveBeenCalledTimes(1);
  expect(graph.sent).toEqual([]);
});

test('who has no time left for a plan has TIMEOUT, and the operation is planned for the next', async () => {
  const operation = graph.engine.prepare({ query: '{ item { late: name } }' });
  await expect(execute(operation, { deadline: Date.now() - 1 })).rejects.toMatchObject({
    errors: [{ extensions: { code: 'TIMEOUT' } }],
  });
  expect((await execute(operation)).data).toEqual({ item: { late: 'A' } });
});

test('who has too many new operations waiting is told so by the operation, and nothing is fetched', async () => {
  await using busy = await InProcessGraph.start(
    { lines },
    { planning: { maxWaitingPerCaller: 1 } },
  );
  const results = await Promise.allSettled(
    ['a', 'b', 'c'].map((alias) => {
      const operation = busy.engine.prepare({ query: `{ item { ${alias}: id } }` });
      return operation.execute({
        coerced: {},
        headers: {},
        identity: '',
        caller: 'many',
        deadline: Date.now() + 20_000,
      });
    }),
  );
  const error = { extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } };
  expect(results).toMatchObject([
    { value: { data: { item: { a: '1' } } } },
    { value: { data: { item: { b: '1' } } } },
    { reason: { name: 'OperationError', errors: [error] } },
  ]);
  expect(busy.sent).toHaveLength(2);
});

test('an empty operation name is none, and an operation is one under its name and none', () => {
  const { engine } = graph;
  const query = 'query Named { item { id } }';
  const operation = engine.prepare({ query, operationName: '' });
  expect(engine.prepared(query, '')).toBe(operation);
  expect(engine.prepared(query, null)).toBe(operation);
  expect(engine.prepared(query, 'Named')).toBeUndefined();
  expect(engine.prepare({ query, operationName: 'Named' })).toBe(operation);
  expect(engine.prepared(query, 'Named')).toBe(operation);
  const two = 'query A { item { id } } query B { item { name } }';
  for (const operationName of ['', 'C']) {
    const [error] = refused(() => engine.prepare({ query: two, operationName }));
    expect(error?.extensions['code']).toBe('OPERATION_RESOLUTION_FAILURE');
  }
  expect(engine.prepare({ query: two, operationName: 'B' }).name).toBe('B');
});

test('whatever is thrown while variables are read is the error of the caller', () => {
  const query = 'query ($where: Where!) { item(where: $where) { id } }';
  const operation = graph.engine.prepare({ query });
  expect(operation.coerce({ where: { id: 5, ids: 1 } })).toEqual({ where: { id: '5', ids: [1] } });
  let deep = {};
  for (let level = 0; level < 100_000; level++) deep = { and: deep };
  const hostile = {
    get id() {
      throw new TypeError('not today');
    },
  };
  for (const where of [undefined, null, 1, { nothing: 1 }, { ids: [null] }, deep, hostile]) {
    const [error] = refused(() => operation.coerce({ where }));
    expect(error?.extensions['code']).toBe('BAD_USER_INPUT');
  }
  const many = { ids: Array.from({ length: 1_000 }, () => 'no') };
  /* Those that are told, and that there are more. */
  expect(refused(() => operation.coerce({ where: many }))).toHaveLength(21);
});

test('whatever is thrown while an operation is read is the error of who sent it', async () => {
  await using strict = await InProcessGraph.start(
    { lines },
    {
      validationRules: [
        () => {
          throw new RangeError('too deep');
        },
      ],
    },
  );
  const [error] = refused(() => strict.engine.prepare({ query: '{ item { id } }' }));
  expect(error?.extensions['code']).toEqual(expect.any(String));
});

test('a subscription is prepared, but never planned', async () => {
  const operation = graph.engine.prepare({ query: 'subscription { changed { id } }' });
  expect(operation.kind).toBe('subscription');
  await expect(execute(operation)).rejects.toBeInstanceOf(TypeError);
  expect(planned).not.toHaveBeenCalled();
});

test('after an update what was planned is planned, and what was not is not', async () => {
  const sdl = (field: string): string =>
    composed({ one: `type Query { a: Int b: Int ${field}: Int }` });
  await using updated = await InProcessGraph.start({
    one: { sdl: 'type Query { a: Int b: Int }' },
  });
  const { engine } = updated;
  const planOnce = engine.prepare({ query: '{ a }' });
  await execute(planOnce);
  const document = parse('{ a b }');
  const variant = engine.prepare({ query: '{ a b }', document });
  await execute(variant, { denied: rootFields(variant).slice(0, 1) });
  engine.prepare({ query: '{ b }' });
  planned.mockClear();

  expect(await engine.update(sdl('c'))).toEqual({ prepared: 3 });
  expect(planned).toHaveBeenCalledTimes(2);
  planned.mockClear();
  const again = engine.prepared('{ a b }');
  if (!again) throw new TypeError('It is prepared');
  await execute(again, { denied: rootFields(again).slice(0, 1) });
  expect(planned).not.toHaveBeenCalled();
  await execute(again);
  expect(planned).toHaveBeenCalledTimes(1);
});
