// Rules that read arguments are asked for each request and field. What claims decide about the same
// operation is not asked again.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { GraphQLError, getArgumentValues } from 'graphql';
import type { GatewayContext } from '../GatewayContext.ts';
import type { Denials, GuardedOperation } from './GuardedOperation.ts';
import type { GuardedField } from './guardedFields.ts';
import type { Verdicts } from './IdentityVerdicts.ts';

/** A request's variables as the schema understands them. */
type Coerced = Readonly<Record<string, unknown>>;

/** All denied fields of the operation; undefined when there are none. */
export const deniedByArguments = async (
  operation: GuardedOperation,
  verdicts: Verdicts,
  variables: Coerced,
  context: GatewayContext,
): Promise<Denials | undefined> => {
  const refusals = await Promise.all(
    operation.byArguments.map(async (field) => {
      const reason = await refusal(field, verdicts, variables, context);
      return reason ? [[field.node, reason] as const] : [];
    }),
  );
  const byClaims = operation.deniedByClaims(verdicts);
  const denied = refusals.flat();
  return denied.length > 0 ? new Map([...(byClaims ?? []), ...denied]) : byClaims;
};

/** Where several guards refuse a field, the last one gives the reason. */
const refusal = async (
  field: GuardedField,
  verdicts: Verdicts,
  variables: Coerced,
  context: GatewayContext,
): Promise<GraphQLError | undefined> => {
  const args = argumentsOf(field, variables);
  if (args instanceof GraphQLError) return args;
  let reason: GraphQLError | undefined;
  for (const guard of field.guards) {
    const refused = guard.readsArguments ? await guard.check(args, context) : verdicts.get(guard);
    reason = refused ?? reason;
  }
  return reason;
};

/** A field whose arguments make no sense is not fetched: BAD_USER_INPUT. */
const argumentsOf = (
  { definition, node }: GuardedField,
  coerced: Coerced,
): Record<string, unknown> | GraphQLError => {
  try {
    return getArgumentValues(definition, node, coerced);
  } catch (error) {
    return badInput(error);
  }
};

const badInput = (cause: unknown): GraphQLError =>
  new CrmError('BAD_USER_INPUT', cause instanceof GraphQLError ? cause.message : 'Bad arguments.', {
    cause,
  });
