// Puts the rules in front of an executor of operations: what is denied is never planned or fetched.
import { createHash } from 'node:crypto';
import type {
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { getVariableValues } from 'graphql';
import type { GatewayContext } from '../GatewayContext.ts';
import type { Authorizer } from './Authorizer.ts';
import { nullDenied } from './nullDenied.ts';

export const authorizedExecutor =
  (authorizer: Authorizer, execute: GatewayExecutor): GatewayExecutor =>
  async (request) => {
    const { schema } = authorizer;
    const operationName = request.request.operationName ?? undefined;
    const prepared = authorizer.prepare(request.document, operationName);
    const { operation, fragments } = prepared;
    const { coerced: variables, errors } = getVariableValues(
      schema,
      operation.variableDefinitions ?? [],
      request.request.variables ?? {},
    );
    if (!variables) return { errors };

    const denials = await authorizer.denials(
      prepared,
      variables,
      request.context as unknown as GatewayContext,
    );
    if (denials.size === 0) return execute(request);

    const selected = { schema, fragments, variables };
    const pruned = authorizer.deniesAll(prepared, variables, denials)
      ? undefined
      : authorizer.prune(prepared, denials);
    const result = pruned?.document ? await execute(without(request, pruned)) : { data: {} };
    if (!result.data) return result;
    const completed = nullDenied(selected, operation, result.data, denials);
    const all = [...(result.errors ?? []), ...completed.errors];
    return { ...result, data: completed.data, ...(all.length > 0 && { errors: all }) };
  };

const without = (
  request: GatewayGraphQLRequestContext,
  { document, operation, key }: ReturnType<Authorizer['prune']>,
): GatewayGraphQLRequestContext => ({
  ...request,
  ...(document && { document }),
  ...(operation && { operation }),
  queryHash: createHash('sha256').update(request.queryHash).update(key).digest('hex'),
});
