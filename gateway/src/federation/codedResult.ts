// The stock executor's result as this API answers: no name of a subgraph, no extensions of its own,
// and nulls that may not be are errors like all others.
import type { GatewayExecutionResult, GatewayExecutor } from '@apollo/server-gateway-interface';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { GraphQLError } from 'graphql';

export const coded =
  (execute: GatewayExecutor): GatewayExecutor =>
  async (request) => {
    const { data, errors = [], extensions } = await execute(request);
    const all = [...errors.map(withoutSubgraph), ...completionErrors(extensions, errors)];
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

const missing = /^Cannot return null for non-nullable field (\w+)\.\w+/;

/**
 * Values that may not be null but are. A subgraph that fails says so itself; one that knows no entity of
 * an id answers null without an error: the reference leads to nothing. Anything else is a fault of ours,
 * which masking logs.
 */
const completionErrors = (
  extensions: GatewayExecutionResult['extensions'],
  errors: readonly GraphQLError[],
): GraphQLError[] => {
  const found = extensions?.valueCompletion;
  if (!Array.isArray(found)) return [];
  const byPath = new Map<string, GraphQLError>();
  for (const { message, path = [] } of found as GraphQLError[]) {
    const typeName = missing.exec(message)?.[1];
    const at = typeName ? path.slice(0, -1) : path;
    if (typeName && errors.some((error) => isWithin(at, error.path))) continue;
    const error = typeName
      ? new CrmError('NOT_FOUND', `There is no ${typeName} of this id in the organization.`)
      : new GraphQLError(message, { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    byPath.set(
      at.join('.'),
      new GraphQLError(error.message, { path: at, extensions: error.extensions }),
    );
  }
  return [...byPath.values()];
};

/** Whether an error of a subgraph at `path` explains a null at `at`. */
const isWithin = (
  at: readonly (string | number)[],
  path: readonly (string | number)[] | undefined,
): boolean => path?.every((key, index) => index >= at.length || key === at[index]) ?? false;
