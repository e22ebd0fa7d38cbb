// The SQL behind the figures, one statement for each kind. Sums are exact (numeric), and
// everything that could lose digits comes out as text.
import type { EntityManager } from 'typeorm';
import { dealsLog } from './applyDealEvents.ts';

export interface FigureQuestion {
  organizationId: string;
  from: string | null;
  to: string | null;
  pipelineId: string | null;
  ownerId: string | null;
  currency: string;
}

/** $1 to $6, the question; every statement begins with it. */
function parameters(question: FigureQuestion): (string | null)[] {
  const { organizationId, from, to, pipelineId, ownerId, currency } = question;
  return [organizationId, from ?? '-infinity', to ?? 'infinity', pipelineId, ownerId, currency];
}

/** The deals in question, each marked as open, won or lost in the period, or neither. */
const deals = `
  deal as (
    select fact.*,
      fact.stage_kind = 'OPEN' and (fact.opened_on is null or fact.opened_on <= $3::date) as open,
      fact.stage_kind = 'WON' and period.includes as won,
      fact.stage_kind = 'LOST' and period.includes as lost
    from deal_fact as fact,
      lateral (select case
        when fact.actual_close_date is null then $2::date = '-infinity' and $3::date = 'infinity'
        else fact.actual_close_date between $2::date and $3::date end as includes) as period
    where fact.organization_id = $1
      and ($4::uuid is null or fact.pipeline_id = $4::uuid)
      and ($5::uuid is null or fact.owner_id = $5::uuid)
      and (fact.currency = $6 or fact.currency is null)
  )`;

const winRate = (won: string, lost: string): string =>
  `round(${won}::numeric / nullif(${won} + ${lost}, 0), 4)::float8`;

const measures = `
  count(*) filter (where open)::int as "openCount",
  coalesce(sum(amount) filter (where open), 0)::text as "openValue",
  count(*) filter (where won)::int as "wonCount",
  coalesce(sum(amount) filter (where won), 0)::text as "wonValue",
  count(*) filter (where lost)::int as "lostCount",
  coalesce(sum(amount) filter (where lost), 0)::text as "lostValue",
  ${winRate('count(*) filter (where won)', 'count(*) filter (where lost)')} as "winRate",
  round(avg(amount) filter (where won), 2)::text as "averageDealSize",
  round(avg(actual_close_date - opened_on) filter (where won), 2)::float8 as "averageDaysToClose"`;

export interface Measures {
  openCount: number;
  openValue: string;
  wonCount: number;
  wonValue: string;
  lostCount: number;
  lostValue: string;
  winRate: number | null;
  averageDealSize: string | null;
  averageDaysToClose: number | null;
}

/** How far the read model is. */
export async function readModelPosition(
  manager: EntityManager,
  organizationId: string,
): Promise<number> {
  const rows: { position: string }[] = await manager.query(
    `select position from log_cursor where organization_id = $1 and log = $2`,
    [organizationId, dealsLog],
  );
  return Number(rows[0]?.position ?? 0);
}

/** The currencies of the organization's deals, the most used first. */
export async function currenciesInUse(
  manager: EntityManager,
  organizationId: string,
): Promise<string[]> {
  const rows: { currency: string }[] = await manager.query(
    `select currency from deal_fact where organization_id = $1 and currency is not null
     group by currency order by count(*) desc, currency`,
    [organizationId],
  );
  return rows.map(({ currency }) => currency);
}

export async function summaryFigures(
  manager: EntityManager,
  question: FigureQuestion,
): Promise<Measures> {
  const [row]: [Measures] = await manager.query(
    `with ${deals} select ${measures} from deal`,
    parameters(question),
  );
  return row;
}

export async function ownerFigures(
  manager: EntityManager,
  question: FigureQuestion,
  first: number,
): Promise<(Measures & { ownerId: string | null })[]> {
  return manager.query(
    `with ${deals} select owner_id as "ownerId", ${measures} from deal
     where open or won or lost group by owner_id
     order by coalesce(sum(amount) filter (where won), 0) desc, owner_id nulls last limit $7`,
    [...parameters(question), first],
  );
}

/** Fifty years. */
export const maxMonths = 600;

/** Every month from the first to the last closing in the period, also those without one. */
export async function monthFigures(
  manager: EntityManager,
  question: FigureQuestion,
): Promise<(Measures & { month: string })[]> {
  return manager.query(
    `with ${deals},
     closed as (
       select *, date_trunc('month', actual_close_date::timestamp) as month from deal
       where (won or lost) and actual_close_date is not null
     ),
     months as (
       select generate_series(min(month), max(month), interval '1 month') as month from closed
     )
     select to_char(months.month, 'YYYY-MM') as month, ${measures}
     from months left join closed on closed.month = months.month
     group by months.month order by months.month limit $7`,
    [...parameters(question), maxMonths],
  );
}

export interface ProductMeasures {
  productId: string;
  openCount: number;
  wonCount: number;
  lostCount: number;
  wonQuantity: string;
  wonValue: string;
  winRate: number | null;
}

export async function productFigures(
  manager: EntityManager,
  question: FigureQuestion,
  first: number,
): Promise<ProductMeasures[]> {
  const won = 'count(distinct deal.id) filter (where won)';
  const lost = 'count(distinct deal.id) filter (where lost)';
  const value = `coalesce(sum(line.quantity * line.unit_price)
    filter (where won and coalesce(line.currency, deal.currency, $6) = $6), 0)`;
  return manager.query(
    `with ${deals} select line.product_id as "productId",
       count(distinct deal.id) filter (where open)::int as "openCount",
       (${won})::int as "wonCount", (${lost})::int as "lostCount",
       coalesce(sum(line.quantity) filter (where won), 0)::text as "wonQuantity",
       (${value})::text as "wonValue", ${winRate(won, lost)} as "winRate"
     from deal join deal_product_fact as line
       on line.organization_id = $1 and line.deal_id = deal.id
     where open or won or lost group by line.product_id
     order by ${value} desc, line.product_id limit $7`,
    [...parameters(question), first],
  );
}
