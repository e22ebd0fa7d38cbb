// The HTTP status of an operation that failed as a whole before it was executed: that of its code.
import type { ApolloServerPlugin } from '@apollo/server';
import { type ErrorCode, errorCodes } from '@crm-graph/shared/errors/errorCodes';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../GatewayContext.ts';

export const errorStatus: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        const { body, http } = response;
        if (body.kind !== 'single' || body.singleResult.data !== undefined) return;
        const status = statusOf(body.singleResult.errors);
        const generic = http.status === undefined || http.status === 200 || http.status === 500;
        if (generic && status !== undefined) http.status = status;
      },
    };
  },
};

/** Undefined where the first error has none of our codes. */
export const statusOf = (
  errors: readonly GraphQLFormattedError[] | undefined,
): number | undefined => {
  const code = String(errors?.[0]?.extensions?.['code']);
  return code in errorCodes ? errorCodes[code as ErrorCode].status : undefined;
};
