// Parses, limits and validates a document that came over a socket, with the codes that Apollo Server
// gives to one that came over HTTP.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';

export interface OperationSource {
  query: string;
  operationName?: string | null | undefined;
}

export interface ReadOptions {
  schema: GraphQLSchema;
  maxTokens: number;
  rules: readonly ValidationRule[];
}

export interface ReadOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/** The errors, coded, or the document and its operation. */
export const readOperation = (
  { query, operationName }: OperationSource,
  { schema, maxTokens, rules }: ReadOptions,
): ReadOperation | readonly GraphQLError[] => {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens });
  } catch (error) {
    return [withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')];
  }
  const errors = validate(schema, document, [...specifiedRules, ...rules]);
  if (errors.length > 0) {
    return errors.map((error) =>
      error instanceof CrmError ? error : withCode(error, 'GRAPHQL_VALIDATION_FAILED'),
    );
  }
  const operation = getOperationAST(document, operationName);
  return operation
    ? { document, operation }
    : [
        new CrmError(
          'BAD_REQUEST',
          'The document has no such operation, or several without a name.',
        ),
      ];
};

const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    originalError: error,
    extensions: { code },
  });
