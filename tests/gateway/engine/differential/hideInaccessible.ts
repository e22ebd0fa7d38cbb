// What is @inaccessible is null for clients, with an error only where null may not be: the value is
// there, and nothing went wrong. graphql-js knows the API's schema only and would call it invalid.
import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
} from 'graphql';

/** The value of a field with null for enum values, and for objects of types, that the API has not. */
export const hideInaccessible = (
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  value: unknown,
): unknown => {
  if (Array.isArray(value)) return value.map((item) => hideInaccessible(schema, type, item));
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValue(String(value)) ? value : null;
  if (!isAbstractType(named) || typeof value !== 'object' || value === null) return value;
  if (!('__typename' in value)) return value;
  return schema.getType(String(value.__typename)) ? value : null;
};
