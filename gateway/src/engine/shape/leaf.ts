// Which values a leaf type of the API may have in a response. Custom scalars may have any.
import { type GraphQLLeafType, isEnumType } from 'graphql';

/** Whether a value, not null, is one of the type's. */
export type IsLeafValue = (value: unknown) => boolean;

/** What `typeof` says of each valid value, where that alone decides. */
export const typeofLeaf = ({ name }: GraphQLLeafType): string | undefined => typeofScalar.get(name);

const typeofScalar = new Map([
  ['String', 'string'],
  ['Boolean', 'boolean'],
]);

const isScalarValue: Record<string, IsLeafValue> = {
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  Float: (value) => typeof value === 'number',
  /* JSON of a 64-bit id is a number; clients take it as what it is. */
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
  /* 32 bits, signed: GraphQL specification, 3.5.1. */
  Int: (value) => typeof value === 'number' && (value | 0) === value,
};

const isAny: IsLeafValue = () => true;

export const isLeafValue = (type: GraphQLLeafType): IsLeafValue => {
  if (!isEnumType(type)) return isScalarValue[type.name] ?? isAny;
  /* Without the inaccessible ones: the API schema does not have them. */
  const names = new Set<unknown>(type.getValues().map(({ name }) => name));
  return (value) => names.has(value);
};
