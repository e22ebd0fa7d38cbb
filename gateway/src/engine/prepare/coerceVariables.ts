// A request's variables as the operation's types read them.
import { GraphQLError, getVariableValues } from 'graphql';
import type { CoercedVariables } from '../execute/ExecutionRequest.ts';
import { OperationError } from './OperationError.ts';
import type { ValidOperation } from './ValidOperation.ts';

/** As many as graphql-js tells. */
const maxErrors = 50;

const none: CoercedVariables = Object.freeze({});

/** Throws an OperationError of BAD_USER_INPUT, whatever is thrown on the way. */
export const coerceVariables = (
  { schema, node }: ValidOperation,
  variables: Readonly<Record<string, unknown>> | undefined,
): CoercedVariables => {
  const declared = node.variableDefinitions ?? [];
  if (declared.length === 0) return none;
  const { coerced, errors } = valuesOf(() =>
    getVariableValues(schema, declared, variables ?? {}, { maxErrors }),
  );
  if (!coerced) throw new OperationError(errors.map(badInput));
  return coerced;
};

type VariableValues = ReturnType<typeof getVariableValues>;

/** A list nested too deeply, or a scalar that stumbles over a value, throws something of its own. */
const valuesOf = (coerce: () => VariableValues): VariableValues => {
  try {
    return coerce();
  } catch (cause) {
    const originalError = cause instanceof Error ? cause : undefined;
    return { errors: [new GraphQLError('The variables cannot be read.', { originalError })] };
  }
};

const badInput = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    originalError: error.originalError,
    extensions: { code: 'BAD_USER_INPUT', ...error.extensions },
  });
