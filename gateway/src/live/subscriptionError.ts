// What went wrong with a subscription as a GraphQL error.
import { GraphQLError } from 'graphql';

/** What is not coded is a fault of ours: masked, and logged with its cause, where it is shown. */
export const subscriptionError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The subscription failed', { originalError: error as Error });
