// The engine's result as this API answers: the subgraphs' own top-level extensions are left out, since
// they tell of insides, and nulls that may not be are errors like all others.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { GraphQLError } from 'graphql';
import type { ExecutionResult } from '../engine/execute/ExecutionRequest.ts';
import type { ResponsePath } from '../engine/shape/Path.ts';
import { UnexpectedValue } from '../engine/shape/UnexpectedValue.ts';

export const codedResult = ({ data, errors }: ExecutionResult): ExecutionResult => ({
  ...(data !== undefined && { data }),
  ...(errors && { errors: oncePerPlace(errors) }),
});

/** Of an entity that is not there, every field that was asked for is missing: one error says so. */
const oncePerPlace = (errors: readonly GraphQLError[]): GraphQLError[] => {
  const missing = new Set<string>();
  return errors.flatMap((error) => {
    if (!(error instanceof UnexpectedValue) || !error.isNull) return [error];
    const path = error.path?.slice(0, -1) ?? [];
    const place = JSON.stringify(path);
    if (missing.has(place)) return [];
    missing.add(place);
    return [notFound(error, path)];
  });
};

/**
 * A subgraph that fails says so itself; one that knows no entity of an id answers null without an
 * error: the reference leads to nothing.
 */
const notFound = ({ fieldCoordinate }: UnexpectedValue, path: ResponsePath): GraphQLError => {
  const [typeName] = fieldCoordinate.split('.');
  const error = new CrmError(
    'NOT_FOUND',
    `There is no ${typeName} of this id in the organization.`,
  );
  return new GraphQLError(error.message, { path, extensions: error.extensions });
};
