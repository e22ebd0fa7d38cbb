// Tells the request's log line which operation it was and how it ended.
import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../GatewayContext.ts';

export const operationLog: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, operationName, operation, response }) {
        const { body } = response;
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        contextValue.ended?.({
          name: operationName ?? null,
          type: operation?.operation ?? 'unknown',
          errors: [...new Set(errors.map(({ extensions }) => String(extensions?.code)))],
        });
      },
    };
  },
};
