// What an answer cost, told to callers who ask for it; and one error instead of thousands when it grew too large.
import type { ApolloServerPlugin } from '@apollo/server';
import type { SubgraphContext } from './SubgraphContext.ts';

/** With `x-graph-cost: 1`, `extensions.cost` of the answer tells what it took. */
export const costHeader = 'x-graph-cost';

export interface ResponseCost {
  /** BEGIN and COMMIT included. */
  sqlStatements: number;
  /** Objects in the answer, without those that stand for a representation. */
  nodes: number;
}

export const responseCost: ApolloServerPlugin<SubgraphContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, contextValue }) {
        const { body } = response;
        if (body.kind !== 'single') return;
        const { budget, transaction } = contextValue;
        const result = body.singleResult;
        if (budget.isExceeded) {
          // Each field that was still to be resolved has failed by now: they all say the same.
          const { message, extensions } = budget.error();
          result.data = null;
          result.errors = [{ message, extensions }];
        }
        if (request.http?.headers.get(costHeader) !== '1') return;
        const cost: ResponseCost = { sqlStatements: transaction.statements, nodes: budget.nodes };
        result.extensions = { ...result.extensions, cost };
      },
    };
  },
};
