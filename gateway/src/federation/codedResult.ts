// The stock executor's result as this API answers: no name of a subgraph, no extensions of its own,
// and nulls that may not be are errors like all others.
import type { GatewayExecutionResult, GatewayExecutor } from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';

export const coded =
  (execute: GatewayExecutor): GatewayExecutor =>
  async (request) => {
    const { data, errors = [], extensions } = await execute(request);
    const all = [...errors.map(withoutSubgraph), ...completionErrors(extensions)];
    return { ...(data !== undefined && { data }), ...(all.length > 0 && { errors: all }) };
  };

const withoutSubgraph = (error: GraphQLError): GraphQLError => {
  const { serviceName, at, ...extensions } = error.extensions;
  if (serviceName === undefined && at === undefined) return error;
  const path = error.path ?? (Array.isArray(at) && at.length > 0 ? at : undefined);
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    path,
    originalError: error.originalError,
    extensions,
  });
};

/** A subgraph gave null or a wrong value without an error: a fault of ours, which masking logs. */
const completionErrors = (extensions: GatewayExecutionResult['extensions']): GraphQLError[] => {
  const found = extensions?.valueCompletion;
  return Array.isArray(found)
    ? found.map(
        ({ message, path }: GraphQLError) =>
          new GraphQLError(message, { path, extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
      )
    : [];
};
