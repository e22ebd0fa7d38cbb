// What the tests of deals share: an organization with a pipeline, and the mutations under test.
import { dataOf, type GraphQLAnswer, graphql, newOrganization } from '../stack.ts';

export interface Stage {
  id: string;
  name: string;
  kind: 'OPEN' | 'WON' | 'LOST';
}

export interface Deal {
  id: string;
  title: string;
  amount: { amount: string; currency: string };
  stage: Stage;
  version: number;
  actualCloseDate: string | null;
  lostReason: string | null;
}

export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
  conflict: {
    currentVersion: number;
    changes: { field: string; from: string; to: string }[];
  } | null;
}

export interface DealPayload {
  deal: Deal | null;
  cursor: string | null;
  userErrors: UserError[];
}

export const dealFields = `id title amount { amount currency } stage { id name kind } version
  actualCloseDate lostReason`;
export const errorFields =
  'userErrors { code field message conflict { currentVersion changes { field from to } } }';

export interface Sales {
  token: string;
  stages: Record<'New' | 'Offer' | 'Won' | 'Lost', Stage>;
}

/** A new organization with the pipeline New, Offer, Won, Lost. */
export async function newSales(): Promise<Sales> {
  const { token } = await newOrganization('Deals');
  const stages = ['New', 'Offer', 'Won', 'Lost'].map((name) => ({
    name,
    kind: name === 'Won' ? 'WON' : name === 'Lost' ? 'LOST' : 'OPEN',
  }));
  const { createPipeline } = await dataOf<{
    createPipeline: { pipeline: { stages: Stage[] }; userErrors: UserError[] };
  }>(
    `mutation ($input: CreatePipelineInput!) {
      createPipeline(input: $input) { pipeline { stages { id name kind } } ${errorFields} }
    }`,
    { input: { name: 'Sales', stages } },
    { token },
  );
  const byName = createPipeline.pipeline.stages.map((stage) => [stage.name, stage]);
  return { token, stages: Object.fromEntries(byName) as Sales['stages'] };
}

/** Runs `createDeal`, `updateDeal` or `moveDeal` and returns its payload. */
export async function mutateDeal(
  operation: 'createDeal' | 'updateDeal' | 'moveDeal',
  token: string,
  input: Record<string, unknown>,
): Promise<DealPayload> {
  const type = `${operation[0]?.toUpperCase()}${operation.slice(1)}Input`;
  const data = await dataOf<Record<string, DealPayload>>(
    `mutation ($input: ${type}!) {
      ${operation}(input: $input) { deal { ${dealFields} } cursor ${errorFields} }
    }`,
    { input },
    { token },
  );
  return data[operation] as DealPayload;
}

export async function newDeal(
  { token, stages }: Sales,
  input: Record<string, unknown> = {},
): Promise<Deal> {
  const { deal, userErrors } = await mutateDeal('createDeal', token, {
    title: 'A deal',
    amount: { amount: '100', currency: 'USD' },
    stageId: stages.New.id,
    ...input,
  });
  if (!deal) throw new Error(JSON.stringify(userErrors));
  return deal;
}

export async function countDeals(token: string): Promise<number> {
  const data = await dataOf<{ deals: { totalCount: number } }>(
    '{ deals { totalCount } }',
    {},
    { token },
  );
  return data.deals.totalCount;
}

export async function ask(
  query: string,
  token: string,
  variables: Record<string, unknown> = {},
): Promise<GraphQLAnswer<Record<string, never>>> {
  return graphql(query, variables, { token });
}
