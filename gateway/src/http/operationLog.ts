// Tells the request's log line which operation it was and how it ended.
import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../GatewayContext.ts';

export interface OperationRecord {
  name: string | null;
  type: string;
  /** The codes of the response's errors, each once. */
  errors: string[];
}

export const operationLog = (
  record: (context: GatewayContext, operation: OperationRecord) => void,
): ApolloServerPlugin<GatewayContext> => ({
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, operationName, operation, response }) {
        const { body } = response;
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        record(contextValue, {
          name: operationName ?? null,
          type: operation?.operation ?? 'unknown',
          errors: [...new Set(errors.map(({ extensions }) => String(extensions?.code)))],
        });
      },
    };
  },
});
