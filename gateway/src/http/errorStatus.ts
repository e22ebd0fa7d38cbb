// The HTTP status of an operation that failed as a whole before it was executed: that of its code.
import type { ApolloServerPlugin } from '@apollo/server';
import { type ErrorCode, errorCodes } from '@crm-graph/shared/errors/errorCodes';
import type { GatewayContext } from '../GatewayContext.ts';

export const errorStatus: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        const { body, http } = response;
        if (body.kind !== 'single' || body.singleResult.data !== undefined) return;
        const code = String(body.singleResult.errors?.[0]?.extensions?.code);
        const generic = http.status === undefined || http.status === 200 || http.status === 500;
        if (generic && code in errorCodes) http.status = errorCodes[code as ErrorCode].status;
      },
    };
  },
};
