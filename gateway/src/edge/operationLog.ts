// Tells the request's log line which operation it was and how it ended.
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext, OperationRecord } from '../GatewayContext.ts';

export const operationLog: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, operationName, operation, response }) {
        const { body } = response;
        const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
        const type = operation?.operation ?? 'unknown';
        contextValue.ended?.(operationRecord(operationName ?? null, type, errors));
      },
    };
  },
};

export const operationRecord = (
  name: string | null,
  type: string,
  errors: readonly GraphQLFormattedError[] = [],
): OperationRecord => ({
  name,
  type,
  errors: [...new Set(errors.map(({ extensions }) => String(extensions?.code)))],
});
