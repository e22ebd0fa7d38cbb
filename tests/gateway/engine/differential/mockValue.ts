// Values for fields without a resolver of their own. Each follows from the object's identity, the
// field and its arguments, so every subgraph that can answer a field answers the same, and arguments
// that arrive changed are seen in the result.
import {
  type GraphQLEnumType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { hash, isChosen } from './Random.ts';
import { poolSize, type Source, type World } from './World.ts';

export interface MockedField {
  schema: GraphQLSchema;
  world: World;
  type: GraphQLOutputType;
  /** What the value follows from: `Product:3.name`, with arguments. */
  seed: string;
  /** Keys are unique among the identities, but for nulls. */
  isKey: boolean;
  /** Keys may be null, where their type allows it. */
  nullKeys: boolean;
}

export const mockValue = (field: MockedField): unknown => {
  const { type, seed, isKey, nullKeys } = field;
  if (isNonNullType(type)) return mockPresent({ ...field, type: type.ofType });
  const isNull = isChosen(`null ${seed}`, 0.12) && (nullKeys || !isKey);
  return isNull ? null : mockPresent(field);
};

const mockPresent = (field: MockedField): unknown => {
  const { type, seed, world, schema } = field;
  if (isListType(type)) {
    const length = hash(`length ${seed}`) % 4;
    return Array.from({ length }, (_, index) =>
      mockValue({ ...field, type: type.ofType, seed: `${seed}[${index}]` }),
    );
  }
  if (isEnumType(type)) return mockEnum(type, seed);
  if (isObjectType(type)) return mockObject(world, type.name, seed);
  if (isAbstractType(type)) {
    if (world.isEntity(type.name)) return mockObject(world, type.name, seed);
    const types = schema.getPossibleTypes(type).map(({ name }) => name);
    return mockObject(world, pick(types.sort(), seed), seed);
  }
  return mockScalar(type as GraphQLScalarType, field);
};

const mockObject = (world: World, type: string, seed: string): Source => {
  if (world.isEntity(type)) return world.entity(type, hash(`entity ${seed}`) % poolSize);
  /* There is one query root, also within a payload. */
  return { __typename: type, identity: type === 'Query' ? type : seed };
};

const mockEnum = (type: GraphQLEnumType, seed: string): unknown =>
  pick(
    type.getValues().map(({ value }) => value),
    seed,
  );

const mockScalar = ({ name }: GraphQLScalarType, { seed, isKey }: MockedField): unknown => {
  switch (name) {
    case 'Int':
      return isKey ? 100 + (hash(seed) % 1_000_000) : (hash(seed) % 2001) - 1000;
    case 'Float':
      return isChosen(`special ${seed}`, 0.2)
        ? pick([0, 0.5, -2.25, 1e21, 3], seed)
        : hash(seed) / 1000;
    case 'Boolean':
      return isChosen(`boolean ${seed}`, 0.5);
    case 'JSON':
      return mockJson(seed);
    default:
      return isKey || !isChosen(`empty ${seed}`, 0.05) ? seed : '';
  }
};

const mockJson = (seed: string): unknown =>
  pick(
    [
      { text: seed, list: [1, null, { nested: [[true]] }] },
      JSON.parse('{"constructor":1,"__proto__":{"a":null},"toString":"no function"}'),
      [seed, 1.5, [], {}],
      seed,
      7,
      false,
      { id: 'not an entity', __typename: 'Nothing' },
    ],
    seed,
  );

const pick = <T>(values: readonly T[], seed: string): T =>
  values[hash(`pick ${seed}`) % values.length] as T;
