// Values for any field of any schema, the same for the same place every time: what a subgraph that has
// no data answers. An entity's fields depend on its type and id alone, so subgraphs agree on them.
import {
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

interface Source {
  __typename?: string;
  id?: unknown;
  /** Where it was made; an entity that comes as a representation has none. */
  seed?: string;
  /** Items of a connection. */
  length?: number;
  [field: string]: unknown;
}

interface Place {
  schema: GraphQLSchema;
  /** From the root, or from an entity. */
  seed: string;
  field: string;
  /** Items, where it is a list. */
  length: number;
  /** Of the object, where the argument `id` tells. */
  id?: unknown;
}

/** Items of a list whose field has no `first`. */
const defaultLength = 3;
/** Single references to these types lead to few: most records have the same owners. */
const fewOf: Readonly<Record<string, number>> = { User: 20, Person: 20 };
const manyOf = 1_000_000;

/** A graphql-js field resolver. */
export const generatedValue: GraphQLFieldResolver<Source | undefined, unknown> = (
  source,
  args: Record<string, unknown>,
  _context,
  info: GraphQLResolveInfo,
) => {
  const known = source?.[info.fieldName];
  if (known !== undefined) return known;
  const at = source?.seed ?? (source?.id === undefined ? '' : `${source.__typename}:${source.id}`);
  const given = Object.keys(args).length > 0 ? JSON.stringify(args) : '';
  return valueAt(info.returnType, {
    schema: info.schema,
    seed: `${at}.${info.fieldName}${given}`,
    field: info.fieldName,
    length: typeof args.first === 'number' ? args.first : (source?.length ?? defaultLength),
    id: args.id,
  });
};

const valueAt = (type: GraphQLOutputType, place: Place, inList = false): unknown => {
  if (isNonNullType(type)) return valueAt(type.ofType, place, inList);
  if (isListType(type)) return listAt(type.ofType, place);
  const number = hash(place.seed);
  if (isAbstractType(type)) {
    const possible = place.schema.getPossibleTypes(type);
    return valueAt(possible[number % possible.length] ?? possible[0]!, place, inList);
  }
  if (isObjectType(type)) {
    if (!('id' in type.getFields())) {
      return { __typename: type.name, seed: place.seed, length: place.length };
    }
    const own = inList ? number : number % (fewOf[type.name] ?? manyOf);
    return { __typename: type.name, id: place.id ?? uuid(own) };
  }
  if (isEnumType(type)) return type.getValues()[number % type.getValues().length]?.value;
  return (leaves[type.name] ?? text)(number, place.field);
};

const listAt = (type: GraphQLOutputType, place: Place): unknown[] => {
  /* What is asked of a mutation succeeds. */
  if (place.field === 'userErrors') return [];
  return Array.from({ length: place.length }, (_, index) =>
    valueAt(type, { ...place, seed: `${place.seed}[${index}]` }, true),
  );
};

const text = (number: number, field: string): string => `${field} ${number % 10_000}`;
const day = (number: number): string =>
  new Date(Date.UTC(2026, 0, 1) + (number % 365) * 86_400_000).toISOString();

const leaves: Readonly<Record<string, (number: number, field: string) => unknown>> = {
  ID: uuid,
  Int: (number) => number % 1_000,
  Float: (number) => (number % 100_000) / 8,
  Boolean: (number) => number % 2 === 0,
  DateTime: day,
  Date: (number) => day(number).slice(0, 10),
  Decimal: (number) => ((number % 1_000_000) / 100).toFixed(2),
};

/** In the form of a UUIDv7. */
function uuid(number: number): string {
  return `01980000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** FNV-1a, 32 bits. */
const hash = (seed: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) {
    value = Math.imul(value ^ seed.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
};
