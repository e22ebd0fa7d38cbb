// A live list as its follower keeps it: asks for updates and applies them, without knowing why.
import { dataOf, type GraphQLAnswer, graphql, stack } from '../stack.ts';
import type { Sales } from './deals.ts';

export interface ListArguments {
  filter?: Record<string, unknown> | null;
  orderBy?: { field: string; direction: 'ASC' | 'DESC' }[] | null;
  first?: number;
}

export interface Listed {
  id: string;
  version: number;
  title: string;
  amount: { amount: string };
  expectedCloseDate: string | null;
  stage: { name: string };
}

export interface Update {
  cursor: string;
  state: string;
  page: Listed[] | null;
  added: { index: number; deal: Listed }[];
  changed: { index: number; deal: Listed }[];
  removed: { dealId: string; reason: string }[];
  hasMore: boolean;
}

const listed = 'id version title amount { amount } expectedCloseDate stage { name }';
const update = `cursor state page { ${listed} } added { index deal { ${listed} } }
  changed { index deal { ${listed} } } removed { dealId reason } hasMore`;
const variables =
  '$filter: DealFilter, $orderBy: [DealOrder!], $first: Int, $state: String, $touched: [ID!], $through: String';
const ofList = 'filter: $filter, orderBy: $orderBy, first: $first';
const ofState = `${ofList}, state: $state, touched: $touched, through: $through`;

export const liveDealsUpdate = `query (${variables}) { liveDealsUpdate(${ofState}) { ${update} } }`;
const both = `query (${variables}) {
  liveDealsUpdate(${ofState}) { ${update} }
  deals(${ofList}) { nodes { ${listed} } pageInfo { hasNextPage } }
}`;

export interface Told {
  state?: string | null;
  touched?: readonly string[] | null;
  through?: string | null;
}

export const dealsUrl = (): string => `${stack().subgraphUrls['deals']}/graphql`;

/** The answer of the subgraph, errors and all. */
export async function askUpdate(
  { token }: Pick<Sales, 'token'>,
  list: ListArguments,
  told: Told = {},
): Promise<GraphQLAnswer<{ liveDealsUpdate: Update }>> {
  return graphql(liveDealsUpdate, { ...list, ...told }, { token, url: dealsUrl() });
}

export class LiveList {
  readonly #sales: Pick<Sales, 'token'>;
  readonly list: ListArguments;
  deals: Listed[] = [];
  hasMore = false;
  state = '';
  cursor = '';

  constructor(sales: Pick<Sales, 'token'>, list: ListArguments = {}) {
    this.#sales = sales;
    this.list = list;
  }

  get ids(): string[] {
    return this.deals.map(({ id }) => id);
  }

  async begin(): Promise<Update> {
    return this.#ask({});
  }

  async follow(touched: readonly string[], through?: string): Promise<Update> {
    return this.#ask({ state: this.state, touched, ...(through && { through }) });
  }

  /** Follows, and reads the same list anew beside it. */
  async followBesideNew(touched: readonly string[]): Promise<{
    update: Update;
    anew: { deals: Listed[]; hasMore: boolean };
  }> {
    const answer = await dataOf<{
      liveDealsUpdate: Update;
      deals: { nodes: Listed[]; pageInfo: { hasNextPage: boolean } };
    }>(
      both,
      { ...this.list, state: this.state, touched },
      { token: this.#sales.token, url: dealsUrl() },
    );
    this.#apply(answer.liveDealsUpdate);
    const { nodes, pageInfo } = answer.deals;
    return {
      update: answer.liveDealsUpdate,
      anew: { deals: nodes, hasMore: pageInfo.hasNextPage },
    };
  }

  async #ask(told: Told): Promise<Update> {
    const { data, errors } = await askUpdate(this.#sales, this.list, told);
    if (errors || !data) throw new Error(JSON.stringify(errors));
    this.#apply(data.liveDealsUpdate);
    return data.liveDealsUpdate;
  }

  #apply({ cursor, state, page, added, changed, removed, hasMore }: Update): void {
    const out = new Set([
      ...removed.map(({ dealId }) => dealId),
      ...changed.map(({ deal }) => deal.id),
    ]);
    const deals = (page ?? this.deals).filter(({ id }) => !out.has(id));
    const into = [...added, ...changed].sort((one, other) => one.index - other.index);
    for (const { index, deal } of into) deals.splice(index, 0, deal);
    Object.assign(this, { cursor, state, hasMore, deals });
  }
}
