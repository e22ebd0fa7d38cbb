// __schema and __type at the root: graphql-js answers them from the API schema.
import {
  type DocumentNode,
  executeSync,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

/** The introspection fields of a response, by response key. */
export type Introspect = (variables: Readonly<Record<string, unknown>> | undefined) => object;

/** Undefined when the operation asks for no introspection. */
export const introspectionOf = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Iterable<FragmentDefinitionNode>,
): Introspect | undefined => {
  let found = false;
  const whole: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const document = visit(whole, {
    Field: ({ name }) => {
      const isIntrospection = name.value === '__schema' || name.value === '__type';
      found ||= isIntrospection;
      return isIntrospection ? false : null;
    },
  });
  if (!found) return undefined;

  const introspect: Introspect = (variableValues) =>
    executeSync({ schema, document, ...(variableValues && { variableValues }) }).data ?? {};
  if (operation.variableDefinitions?.length) return introspect;
  /* Tools ask for the whole schema again and again; it stays the same. */
  let known: object | undefined;
  return (variables) => {
    known ??= introspect(variables);
    return known;
  };
};
