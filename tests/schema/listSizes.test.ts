// The gateway adds up what an operation may cost from the supergraph alone, so every list must say its size.
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';

interface ListSize {
  assumedSize?: number;
  slicingArguments?: string[];
  sizedFields?: string[];
  requireOneSlicingArgument: boolean;
}

interface Coordinate {
  name: string;
  field: GraphQLField<unknown, unknown>;
  parent: GraphQLNamedType;
}

const schema = buildSchema(readFileSync('schema/supergraph.graphql', 'utf8'));

const coordinates: Coordinate[] = Object.values(schema.getTypeMap())
  .filter((type) => !type.name.startsWith('__'))
  .flatMap((type) => {
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).map((field) => ({
      name: `${type.name}.${field.name}`,
      field,
      parent: type,
    }));
  });

function directive<Values>(name: string, { field }: Coordinate): Values | undefined {
  const definition = schema.getDirective(name);
  if (!definition || !field.astNode) throw new Error(`no @${name} in the supergraph`);
  return getDirectiveValues(definition, field.astNode) as Values | undefined;
}

const sizeOf = (coordinate: Coordinate) => directive<ListSize>('listSize', coordinate);
const isList = ({ field }: Coordinate) => isListType(getNullableType(field.type));
const fieldsThatGive = (type: GraphQLNamedType) =>
  coordinates.filter(({ field }) => getNamedType(field.type) === type);

/** Whether the field says a size, or all fields that lead to it say it for it. */
function isSized(list: Coordinate): boolean {
  if (sizeOf(list)) return true;
  const above = fieldsThatGive(list.parent);
  return (
    above.length > 0 &&
    above.every((coordinate) => sizeOf(coordinate)?.sizedFields?.includes(list.field.name))
  );
}

test('every list of objects in the API has a size', () => {
  const lists = coordinates.filter(
    (coordinate) => isList(coordinate) && isCompositeType(getNamedType(coordinate.field.type)),
  );
  expect(lists.length).toBeGreaterThan(50);
  expect(lists.filter((list) => !isSized(list)).map(({ name }) => name)).toEqual([]);
});

test('every size is known without an argument: none is required, and there is a number for none', () => {
  const sizes = coordinates.flatMap((coordinate) => sizeOf(coordinate) ?? []);
  expect(sizes.length).toBeGreaterThan(50);
  for (const size of sizes) {
    expect(size.requireOneSlicingArgument).toBe(false);
    expect(size.assumedSize).toBeGreaterThan(0);
  }
});

test('every connection is as long as its argument `first` says', () => {
  const connections = coordinates.filter(({ field }) =>
    getNamedType(field.type).name.endsWith('Connection'),
  );
  expect(connections.length).toBeGreaterThan(20);
  for (const connection of connections) {
    expect(sizeOf(connection)).toMatchObject({
      assumedSize: 25,
      slicingArguments: ['first'],
      sizedFields: ['edges', 'nodes'],
    });
  }
});

test.each([
  ['Query.changes', 20],
  ['Query.salesSummary', 50],
  ['Query.salesByMonth', 50],
  ['Mutation.login', 200],
  ['Mutation.signUp', 200],
  ['Mutation.createUser', 200],
  ['Mutation.bulkCreateDeals', 1_000],
  ['Mutation.bulkCreateTasks', 1_000],
  ['DealConnection.totalCount', 10],
])('%s costs %i by itself', (name, weight) => {
  const coordinate = coordinates.find((candidate) => candidate.name === name);
  expect(coordinate && directive('cost', coordinate)).toEqual({ weight });
});

test('a search in texts costs by itself', () => {
  const filter = schema.getType('StringFilter');
  const definition = schema.getDirective('cost');
  const node = filter?.astNode;
  if (node?.kind !== 'InputObjectTypeDefinition' || !definition) throw new Error('no StringFilter');
  const weights = Object.fromEntries(
    (node.fields ?? []).map((field) => [field.name.value, getDirectiveValues(definition, field)]),
  );
  expect(weights).toMatchObject({ contains: { weight: 20 }, startsWith: { weight: 20 } });
  expect(weights['eq']).toBeUndefined();
});

test('clients do not see what fields cost', () => {
  expect(readFileSync('schema/api.graphql', 'utf8')).not.toMatch(/@cost|@listSize/);
});
