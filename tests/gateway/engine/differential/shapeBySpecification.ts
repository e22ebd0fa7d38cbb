// The response that the specification's reference implementation makes of data that an executor
// fetched: graphql-js completes each value by the object's own type and reports each null that may not
// be, where it is (GraphQL specification, 6.4.3 and 6.4.4).
import { executeSync, type GraphQLSchema, isAbstractType, parse } from 'graphql';
import type { TestOperation } from './Executor.ts';
import { hideInaccessible } from './hideInaccessible.ts';

export interface Shaped {
  data: object | null | undefined;
  /** Of nulls and values that may not be. */
  errors: readonly { message: string; path?: readonly (string | number)[] | undefined }[];
  /** An object is known by its interface only. */
  hasUnknownType: boolean;
}

/** `fetched` is by response keys, with the type names that a plan asks for. */
export const shapeBySpecification = (
  schema: GraphQLSchema,
  { query, variables, operationName }: TestOperation,
  fetched: object,
): Shaped => {
  let hasUnknownType = false;
  const { data, errors = [] } = executeSync({
    schema,
    document: parse(query),
    variableValues: variables,
    operationName: operationName ?? null,
    rootValue: fetched,
    fieldResolver: (source: object, _args, _context, { path, returnType }) => {
      if (!Object.hasOwn(source, path.key)) return null;
      return hideInaccessible(schema, returnType, (source as Record<string, unknown>)[path.key]);
    },
    typeResolver: ({ __typename }: { __typename?: string }, _context, _info, declared) => {
      const type = __typename === undefined ? declared : schema.getType(__typename);
      if (!isAbstractType(type)) return __typename;
      /* Of an entity interface, where no fragment asked which type it is, all are alike. */
      hasUnknownType = true;
      return schema.getPossibleTypes(type)[0]?.name;
    },
  });
  return {
    data: data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as object | null),
    errors: errors.map(({ message, path }) => ({ message, path })),
    hasUnknownType,
  };
};
