// What a subgraph does with a representation: finds the entity whose key it has.
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { canonicalJson } from './canonicalJson.ts';
import { fieldsOf, projectFields } from './fieldSets.ts';
import { type MockedField, mockValue } from './mockValue.ts';
import { poolSize, type Source, type World } from './World.ts';

export interface Reference extends Pick<MockedField, 'nullKeys'> {
  schema: GraphQLSchema;
  world: World;
  /** An object type, or an interface that is an entity. */
  type: string;
  given: Readonly<Record<string, unknown>>;
}

export const findEntity = ({ type, given, ...context }: Reference): Source | undefined => {
  const { schema, world } = context;
  for (const key of world.keysOf(type)) {
    if (!fieldsOf(key).every(({ name }) => Object.hasOwn(given, name.value))) continue;
    const wanted = canonicalJson(projectFields(given, key));
    for (let number = 0; number < poolSize; number++) {
      const entity = world.entity(type, number);
      /* Where the interface is an object type, its entities are of its name. */
      if (isObjectType(schema.getType(type))) entity.__typename = type;
      if (canonicalJson(keyOf(context, entity, key)) === wanted) return entity;
    }
  }
  return undefined;
};

/** The key's fields as this subgraph would answer them. */
const keyOf = (
  context: Pick<Reference, 'schema' | 'world' | 'nullKeys'>,
  source: unknown,
  key: SelectionSetNode,
): unknown => {
  if (Array.isArray(source)) return source.map((item) => keyOf(context, item, key));
  if (source === null) return null;
  const { __typename, identity } = source as Source;
  const type = context.schema.getType(__typename) as GraphQLObjectType;
  const entries = fieldsOf(key).flatMap(({ name: { value: name }, selectionSet }) => {
    const field = type.getFields()[name];
    if (!field) return [];
    const seed = `${identity}.${name}`;
    const value = mockValue({ ...context, type: field.type, seed, isKey: true });
    return [[name, selectionSet ? keyOf(context, value, selectionSet) : value]];
  });
  return Object.fromEntries(entries);
};
