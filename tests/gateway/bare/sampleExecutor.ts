// Executes the sample graph with graphql-js, as the engine would.
import type { ExecutableOperation, GraphExecutor } from '@crm-graph/gateway/bare/GraphExecutor';
import { OperationError, withCode } from '@crm-graph/gateway/engine/admit/OperationError';
import type {
  ExecutionRequest,
  ExecutionResult,
} from '@crm-graph/gateway/engine/execute/ExecutionRequest';
import {
  type DocumentNode,
  execute,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import { sampleRoot, sampleSchema as schema } from './sampleGraph.ts';

export class SampleExecutor implements GraphExecutor {
  readonly root = sampleRoot();
  /** What executions were asked for. */
  readonly requests: ExecutionRequest[] = [];
  /** The next execution does this instead. */
  executeInstead: (() => Promise<ExecutionResult>) | undefined;

  prepare({ query, operationName }: Parameters<GraphExecutor['prepare']>[0]): ExecutableOperation {
    const document = validDocument(query);
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      const extensions = { code: 'OPERATION_RESOLUTION_FAILURE' };
      throw new OperationError([new GraphQLError('There is no such operation.', { extensions })]);
    }
    const { operation: kind, variableDefinitions = [] } = operation;
    return {
      kind,
      coerce: (variables = {}) => {
        const { coerced, errors } = getVariableValues(schema, variableDefinitions, variables);
        if (coerced) return coerced;
        throw new OperationError(errors.map((error) => withCode(error, 'BAD_USER_INPUT')));
      },
      execute: async (request) => {
        this.requests.push(request);
        const instead = this.executeInstead;
        this.executeInstead = undefined;
        if (instead) return instead();
        const { variables: variableValues = {} } = request;
        return execute({ schema, document, operationName, variableValues, rootValue: this.root });
      },
    };
  }
}

const validDocument = (query: string): DocumentNode => {
  const document = parsed(query);
  const errors = validate(schema, document);
  if (errors.length === 0) return document;
  throw new OperationError(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
};

const parsed = (query: string): DocumentNode => {
  try {
    return parse(query);
  } catch (error) {
    throw new OperationError([withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')]);
  }
};
