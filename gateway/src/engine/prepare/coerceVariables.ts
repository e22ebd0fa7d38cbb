// A request's variables, as the operation declares them (GraphQL specification, 6.1.2). Whatever is wrong
// with them is an error of the request; so are values that pass through scalars of any type and could
// not be sent on: infinity, which JSON.parse makes of 1e400, and depth that would end in a full stack.
import { GraphQLError, getVariableValues } from 'graphql';
import { OperationError } from '../admit/OperationError.ts';
import { ownValue } from '../data/ownValue.ts';
import type { CoercedVariables } from '../execute/ExecutionRequest.ts';
import type { ValidOperation } from './ValidOperation.ts';

/** Lists and objects within one another. */
const maxDepth = 100;
/** Each has the value in its message. */
const maxErrors = 20;

const none: CoercedVariables = Object.freeze({});

/** Throws an OperationError of BAD_USER_INPUT, or of a scalar's own codes, whatever is thrown on the way. */
export const coerceVariables = (
  { schema, node }: Pick<ValidOperation, 'schema' | 'node'>,
  given: Readonly<Record<string, unknown>> = {},
): CoercedVariables => {
  const declared = node.variableDefinitions ?? [];
  if (declared.length === 0) return none;
  try {
    for (const { variable } of declared) {
      const name = variable.name.value;
      checkSendable(ownValue(given, name), [`$${name}`]);
    }
    const { coerced, errors } = getVariableValues(schema, declared, given, { maxErrors });
    if (coerced) return coerced;
    throw new OperationError(errors.map(badInput));
  } catch (cause) {
    throw cause instanceof OperationError
      ? cause
      : new OperationError([badInput(asGraphQLError(cause))]);
  }
};

/** Throws GraphQLError. */
const checkSendable = (value: unknown, path: (string | number)[]): void => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new GraphQLError(`Variable ${path.join('.')} is a number that is too large.`);
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length > maxDepth) {
    const [name] = path;
    throw new GraphQLError(`Variable ${name} has more than ${maxDepth} levels.`);
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) checkBelow(value[index], path, index);
  } else for (const [key, field] of Object.entries(value)) checkBelow(field, path, key);
};

const checkBelow = (value: unknown, path: (string | number)[], key: string | number): void => {
  if (typeof value !== 'number' && typeof value !== 'object') return;
  path.push(key);
  checkSendable(value, path);
  path.pop();
};

const asGraphQLError = (cause: unknown): GraphQLError =>
  cause instanceof GraphQLError
    ? cause
    : new GraphQLError('The variables cannot be read.', {
        originalError: cause instanceof Error ? cause : undefined,
      });

const badInput = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    originalError: error.originalError,
    extensions: { code: 'BAD_USER_INPUT', ...error.extensions },
  });
