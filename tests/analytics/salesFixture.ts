// An organization with a pipeline and products, and deals made through the API, for tests of figures.
import { dataOf, type NewOrganization, newOrganization } from '../stack.ts';

export interface DealInput {
  title?: string;
  amount: { amount: string; currency: string };
  stage: 'OPEN' | 'WON' | 'LOST';
  ownerId?: string | null;
  openedOn?: string;
  actualCloseDate?: string;
  products?: {
    productId: string;
    quantity?: string;
    unitPrice?: { amount: string; currency: string };
  }[];
}

export interface SavedDeal {
  id: string;
  cursor: string;
}

export type SalesFixture = Awaited<ReturnType<typeof newSales>>;

export const eur = (amount: string) => ({ amount, currency: 'EUR' });

export async function newSales(organization?: NewOrganization) {
  const { token } = organization ?? (await newOrganization('Sales'));
  const stages = await newPipeline(token, 'Sales');

  const createProduct = async (name: string, price: string): Promise<string> => {
    const { createProduct: payload } = await dataOf<{ createProduct: { product: { id: string } } }>(
      'mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { id } } }',
      { input: { name, price: eur(price) } },
      { token },
    );
    return payload.product.id;
  };

  const createDeal = async (
    { stage, ...input }: DealInput,
    stageIds = stages,
  ): Promise<SavedDeal> => {
    const { createDeal: payload } = await dataOf<{ createDeal: DealPayload }>(
      `mutation ($input: CreateDealInput!) { createDeal(input: $input) { ${payloadFields} } }`,
      { input: { title: 'Deal', ...input, stageId: stageIds[stage] } },
      { token },
    );
    return saved(payload);
  };

  return {
    token,
    stages,
    createProduct,
    createDeal,
    newPipeline: (name: string) => newPipeline(token, name),
    async moveDeal(id: string, stage: DealInput['stage'], actualCloseDate?: string) {
      const { moveDeal: payload } = await dataOf<{ moveDeal: DealPayload }>(
        `mutation ($input: MoveDealInput!) { moveDeal(input: $input) { ${payloadFields} } }`,
        { input: { id, stageId: stages[stage], actualCloseDate } },
        { token },
      );
      return saved(payload);
    },
    async deleteDeal(id: string): Promise<string> {
      const { deleteDeal: payload } = await dataOf<{ deleteDeal: { cursor: string } }>(
        'mutation ($input: DeleteDealInput!) { deleteDeal(input: $input) { cursor } }',
        { input: { id } },
        { token },
      );
      return payload.cursor;
    },
    async summary(args: Record<string, unknown> = {}): Promise<Summary> {
      const { salesSummary } = await dataOf<{ salesSummary: Summary }>(
        `query ($from: Date, $to: Date, $pipelineId: ID, $ownerId: ID, $currency: String, $atLeast: String) {
          salesSummary(from: $from, to: $to, pipelineId: $pipelineId, ownerId: $ownerId,
            currency: $currency, atLeast: $atLeast) { ${summaryFields} }
        }`,
        args,
        { token },
      );
      return salesSummary;
    },
  };
}

export interface Summary {
  openCount: number;
  openValue: { amount: string; currency: string };
  wonCount: number;
  wonValue: { amount: string; currency: string };
  lostCount: number;
  lostValue: { amount: string; currency: string };
  winRate: number | null;
  averageDealSize: { amount: string; currency: string } | null;
  averageDaysToClose: number | null;
  currency: string;
  otherCurrencies: string[];
  cursor: string;
}

export const summaryFields = `openCount openValue { amount currency } wonCount wonValue { amount currency }
  lostCount lostValue { amount currency } winRate averageDealSize { amount currency }
  averageDaysToClose currency otherCurrencies cursor`;

interface DealPayload {
  deal: { id: string } | null;
  cursor: string;
  userErrors: unknown[];
}

const payloadFields = 'deal { id } cursor userErrors { code field message }';

function saved({ deal, cursor, userErrors }: DealPayload): SavedDeal {
  if (!deal) throw new Error(JSON.stringify(userErrors));
  return { id: deal.id, cursor };
}

type StageIds = Record<DealInput['stage'], string> & { pipelineId: string };

async function newPipeline(token: string, name: string): Promise<StageIds> {
  const kinds = ['OPEN', 'WON', 'LOST'] as const;
  const { createPipeline } = await dataOf<{
    createPipeline: { pipeline: { id: string; stages: { id: string }[] } };
  }>(
    `mutation ($input: CreatePipelineInput!) {
      createPipeline(input: $input) { pipeline { id stages { id } } }
    }`,
    { input: { name, stages: kinds.map((kind) => ({ name: kind, kind, probability: 0 })) } },
    { token },
  );
  const { id, stages } = createPipeline.pipeline;
  const ids = kinds.map((kind, index) => [kind, stages[index]?.id ?? '']);
  return { ...(Object.fromEntries(ids) as Record<DealInput['stage'], string>), pipelineId: id };
}
