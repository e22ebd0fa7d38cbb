// Deals that tests of live events change.
import { dataOf } from '../../stack.ts';

interface Stage {
  id: string;
  name: string;
}

export interface Sales {
  stages: Stage[];
  pipelineId: string;
  token: string;
}

/** A pipeline for the tests of one organization. */
export const setUpSales = async (token: string): Promise<Sales> => {
  const { createPipeline } = await dataOf<{
    createPipeline: { pipeline: { id: string; stages: Stage[] } };
  }>(
    `mutation ($input: CreatePipelineInput!) {
      createPipeline(input: $input) { pipeline { id stages { id name } } userErrors { message } }
    }`,
    {
      input: {
        name: `Sales ${Date.now()}`,
        stages: [
          { name: 'New', probability: 10, kind: 'OPEN' },
          { name: 'Talking', probability: 50, kind: 'OPEN' },
          { name: 'Won', probability: 100, kind: 'WON' },
        ],
      },
    },
    { token },
  );
  return { token, pipelineId: createPipeline.pipeline.id, stages: createPipeline.pipeline.stages };
};

export const createDeal = async (sales: Sales, title: string, input: object = {}) => {
  const { createDeal } = await dataOf<{ createDeal: { cursor: string; deal: { id: string } } }>(
    'mutation ($input: CreateDealInput!) { createDeal(input: $input) { cursor deal { id } userErrors { field message } } }',
    {
      input: {
        title,
        stageId: sales.stages[0]?.id,
        amount: { amount: '100', currency: 'EUR' },
        ...input,
      },
    },
    { token: sales.token },
  );
  return { id: createDeal.deal.id, cursor: createDeal.cursor };
};

/** Returns the cursor of the move. */
export const moveDeal = async (sales: Sales, id: string, stage: number): Promise<string> => {
  const { moveDeal } = await dataOf<{ moveDeal: { cursor: string } }>(
    'mutation ($input: MoveDealInput!) { moveDeal(input: $input) { cursor userErrors { message } } }',
    { input: { id, stageId: sales.stages[stage]?.id } },
    { token: sales.token },
  );
  return moveDeal.cursor;
};
