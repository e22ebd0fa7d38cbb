// Writers that move deals: as the subgraph's mutation does it, or as the bare transaction beneath it; with and
// without the log.
import 'reflect-metadata';
import { createDataSource } from '@crm-graph/shared/database/openDatabase';
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import { appendAndCommit } from '@crm-graph/shared/events/appendEvents';
import type { NewEvent } from '@crm-graph/shared/events/LogEvent';
import { permissionsOf } from '@crm-graph/shared/identity/Identity';
import { createLogger } from '@crm-graph/shared/logger';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import type { SubgraphContext, SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { DataSource } from 'typeorm';
import { moveDeal } from '../../../subgraphs/deals/dist/moveDeal.js';
import { deals } from '../../../subgraphs/deals/dist/schema.js';
import type { SeededOrganization } from './dealsDatabase.ts';

export type Move = (organization: SeededOrganization, isLogged: boolean) => Promise<void>;

const deadlineMs = 30_000;

export const openPool = (url: string, poolSize: number): Promise<DataSource> =>
  createDataSource({ url, schema: 'deals', entities: deals.entities, poolSize }).initialize();

const pick = <T>(items: readonly T[]): T => {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new RangeError('Nothing to pick from');
  return item;
};

/** What the resolver of `moveDeal` does, without HTTP and GraphQL. */
export const movesByMutation = (dataSource: DataSource): Move => {
  const logger = createLogger({ service: 'bench', level: 'error' });
  const services = { name: 'deals', dataSource, logger, secret: 'x'.repeat(32) };
  return async ({ organizationId, stageIds, dealIds }, isLogged) => {
    await using transaction = new TenantTransaction({
      dataSource,
      organizationId,
      deadline: Date.now() + deadlineMs,
    });
    const context: SubgraphContext = {
      identity: {
        kind: 'user',
        subject: organizationId,
        organizationId,
        role: 'ADMIN',
        permissions: permissionsOf('ADMIN'),
        expiresAt: Number.POSITIVE_INFINITY,
        token: '',
      },
      requestId: '',
      deadline: Date.now() + deadlineMs,
      transaction,
      loaders: new Map(),
      logger,
      services: services as unknown as SubgraphServices,
    };
    const id = pick(dealIds);
    const manager = await transaction.manager();
    const [{ stage_id }] = await manager.query('select stage_id from deal where id = $1', [id]);
    const stageId = stageIds[0] === stage_id ? stageIds[1] : stageIds[0];
    const { userErrors } = await mutate(context, 'moveDeal', {}, (scope) =>
      moveDeal(isLogged ? scope : { ...scope, event: () => undefined }, { id, stageId }),
    );
    if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
  };
};

/** One row updated and one inserted, in as few round trips as that takes. */
export const movesByStatement =
  (dataSource: DataSource): Move =>
  async ({ organizationId, stageIds, dealIds }, isLogged) => {
    await using transaction = new TenantTransaction({
      dataSource,
      organizationId,
      deadline: Date.now() + deadlineMs,
    });
    const id = pick(dealIds);
    await transaction.write(async (manager, commit) => {
      const [deal] = await manager.query('select * from deal where id = $1 for update', [id]);
      const stageId = stageIds[0] === deal.stage_id ? stageIds[1] : stageIds[0];
      await manager.query(
        'update deal set stage_id = $2, version = version + 1, updated_at = now() where id = $1',
        [id, stageId],
      );
      await manager.query(
        `insert into deal_stage_change (organization_id, id, deal_id, from_stage_id, to_stage_id, moved_at)
         values ($1, gen_random_uuid(), $2, $3, $4, now())`,
        [organizationId, id, deal.stage_id, stageId],
      );
      if (isLogged) {
        const events = [moved(deal, stageId)];
        await appendAndCommit(manager, commit, 'deals', organizationId, null, events);
      }
    });
  };

const moved = (deal: Record<string, unknown>, stageId: string): NewEvent => ({
  type: 'DealMoved',
  entityType: 'Deal',
  entityId: String(deal['id']),
  version: Number(deal['version']) + 1,
  changes: [{ field: 'stageId', from: deal['stage_id'], to: stageId }],
  record: { ...deal, stageId, stageKind: 'OPEN', products: [] },
});
