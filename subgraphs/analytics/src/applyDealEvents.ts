// Brings the read model from one position of the deals log to a later one: one transaction, which
// holds the organization's cursor row from beginning to end.
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { EntityManager } from 'typeorm';
import { type DealRecord, dealRecord } from './dealRecord.ts';

export const dealsLog = 'deals';

/** Locks the organization's cursor, which is made if there is none, and returns its position. */
export async function lockPosition(
  manager: EntityManager,
  organizationId: string,
): Promise<number> {
  await manager.query(
    `insert into log_cursor (organization_id, log, position) values ($1, $2, 0) on conflict do nothing`,
    [organizationId, dealsLog],
  );
  const [row]: [{ position: string }] = await manager.query(
    `select position from log_cursor where organization_id = $1 and log = $2 for update`,
    [organizationId, dealsLog],
  );
  return Number(row.position);
}

/**
 * Applies the events that follow the stored position and returns the position then stored. Events seen
 * before change nothing; events behind a gap are left for the caller to read again.
 */
export async function applyDealEvents(
  manager: EntityManager,
  organizationId: string,
  events: readonly LogEvent[],
): Promise<number> {
  const position = await lockPosition(manager, organizationId);
  const fresh = events.filter((event) => event.position > position);
  const last = fresh.at(-1);
  if (last === undefined || fresh[0]?.position !== position + 1) return position;
  await storeDeals(manager, organizationId, latestStates(fresh));
  await savePosition(manager, organizationId, last.position);
  return last.position;
}

/** As applyDealEvents, of a compacted log: with gaps, and without storing a position. */
export async function applyCompacted(
  manager: EntityManager,
  organizationId: string,
  events: readonly LogEvent[],
): Promise<void> {
  await storeDeals(manager, organizationId, latestStates(events));
}

export async function savePosition(
  manager: EntityManager,
  organizationId: string,
  position: number,
): Promise<void> {
  await manager.query(
    `update log_cursor set position = $3 where organization_id = $1 and log = $2`,
    [organizationId, dealsLog, position],
  );
}

interface DealState {
  id: string;
  version: number;
  /** Undefined: the deal is deleted. */
  record: DealRecord | undefined;
}

/** Every event carries the whole deal, so the last one of each deal is all that counts. */
function latestStates(events: readonly LogEvent[]): DealState[] {
  const states = new Map<string, DealState>();
  for (const { type, entityType, entityId, version, record } of events) {
    if (entityType !== 'Deal') continue;
    const deleted = type === 'DealDeleted';
    states.set(entityId, {
      id: entityId,
      version,
      record: deleted ? undefined : dealRecord.parse(record),
    });
  }
  return [...states.values()];
}

async function storeDeals(
  manager: EntityManager,
  organizationId: string,
  states: readonly DealState[],
): Promise<void> {
  if (states.length === 0) return;
  const ids = states.map(({ id }) => id);
  const deleted = states.filter(({ record }) => record === undefined).map(({ id }) => id);
  const deals = states.flatMap(({ id, version, record }) =>
    record ? [{ ...record, id, version }] : [],
  );
  const lines = deals.flatMap(({ id, currency, products }) =>
    products.map((product, index) => ({ dealId: id, line: index + 1, currency, ...product })),
  );
  await manager.query(
    `delete from deal_product_fact where organization_id = $1 and deal_id = any($2::uuid[])`,
    [organizationId, ids],
  );
  await manager.query(`delete from deal_fact where organization_id = $1 and id = any($2::uuid[])`, [
    organizationId,
    deleted,
  ]);
  await manager.query(upsertDeals, [organizationId, JSON.stringify(deals)]);
  await manager.query(insertLines, [organizationId, JSON.stringify(lines)]);
}

const upsertDeals = `
  insert into deal_fact (organization_id, id, version, amount, currency, pipeline_id, stage_kind,
    owner_id, opened_on, actual_close_date)
  select $1, d.id, d.version, d.amount, d.currency, d."pipelineId", d."stageKind",
    d."ownerId", d."openedOn", d."actualCloseDate"
  from jsonb_to_recordset($2::jsonb) as d(id uuid, version int, amount numeric, currency text,
    "pipelineId" uuid, "stageKind" text, "ownerId" uuid, "openedOn" date, "actualCloseDate" date)
  on conflict (organization_id, id) do update set
    version = excluded.version, amount = excluded.amount, currency = excluded.currency,
    pipeline_id = excluded.pipeline_id, stage_kind = excluded.stage_kind,
    owner_id = excluded.owner_id, opened_on = excluded.opened_on,
    actual_close_date = excluded.actual_close_date`;

const insertLines = `
  insert into deal_product_fact (organization_id, deal_id, line, product_id, quantity, unit_price,
    currency)
  select $1, l."dealId", l.line, l."productId", l.quantity, l."unitPrice", l.currency
  from jsonb_to_recordset($2::jsonb) as l("dealId" uuid, line int, "productId" uuid,
    quantity numeric, "unitPrice" numeric, currency text)`;
