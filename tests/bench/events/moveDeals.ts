// Writers that move deals: as the subgraph's mutation does it, or as the bare transaction beneath it; with and
// without the log.
import 'reflect-metadata';
import { subgraphConfig } from '@crm-graph/shared/config';
import { createDataSource } from '@crm-graph/shared/database/openDatabase';
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import { appendAndCommit } from '@crm-graph/shared/events/appendEvents';
import type { NewEvent } from '@crm-graph/shared/events/LogEvent';
import { type Identity, permissionsOf } from '@crm-graph/shared/identity/Identity';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { startSubgraph } from '@crm-graph/shared/subgraph/startSubgraph';
import type { DataSource } from 'typeorm';
import { Pool } from 'undici';
import { DealMutationResolver } from '../../../subgraphs/deals/dist/DealMutationResolver.js';
import type { MoveDealInput } from '../../../subgraphs/deals/dist/dealInputs.js';
import { dealById } from '../../../subgraphs/deals/dist/loaders.js';
import { moveDeal } from '../../../subgraphs/deals/dist/moveDeal.js';
import { deals } from '../../../subgraphs/deals/dist/schema.js';
import { BenchError } from '../BenchError.ts';
import type { SeededOrganization } from './dealsDatabase.ts';

export type Move = (organization: SeededOrganization, isLogged: boolean) => Promise<void>;

const deadlineMs = 30_000;

/** A pool without a subgraph. */
export const openPool = (url: string, poolSize: number): Promise<DataSource> =>
  createDataSource({ url, schema: 'deals', entities: deals.entities, poolSize }).initialize();

const pick = <T>(items: readonly T[]): T => {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new RangeError('Nothing to pick from');
  return item;
};

export interface RunningDeals extends AsyncDisposable {
  move: Move;
  /** Whose connections the moves take. */
  dataSource: DataSource;
}

/** The deals subgraph in this process, asked over HTTP; with its publisher, so that bells are rung as well. */
export const startDeals = async (
  url: string,
  redisUrl: string,
  poolSize: number,
): Promise<RunningDeals> => {
  const subgraph = await startSubgraph(deals, {
    ...subgraphConfig.parse({
      PORT: 0,
      REDIS_URL: redisUrl,
      JWKS_URL: 'http://127.0.0.1:1/none',
      INTERNAL_SECRET: 'x'.repeat(32),
      DATABASE_URL: url,
      DATABASE_POOL_SIZE: poolSize,
      LOG_LEVEL: 'error',
    }),
  });
  // The token is the organization: verifying real ones costs microseconds, and needs auth.
  Object.assign(subgraph.services.verifier, { verify: async (token: string) => adminOf(token) });
  const stageOf = new Map<string, string>();
  const client = new Pool(subgraph.url, { connections: poolSize });
  return {
    dataSource: subgraph.services.dataSource,
    move: async ({ organizationId, stageIds: [one, other], dealIds }, isLogged) => {
      isMuted = !isLogged;
      const id = pick(dealIds);
      // To the stage it is in already would change nothing.
      const stageId = stageOf.get(id) === other ? one : other;
      stageOf.set(id, stageId);
      const { body } = await client.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${organizationId}` },
        body: JSON.stringify({
          query: moveMutation,
          variables: { input: { id, stageId } },
        }),
      });
      const answer = await body.text();
      if (!answer.includes('"userErrors":[]')) throw new BenchError(`A move failed: ${answer}`);
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await subgraph[Symbol.asyncDispose]();
    },
  };
};

const moveMutation = `mutation ($input: MoveDealInput!) {
  moveDeal(input: $input) { cursor deal { id version stage { id } } userErrors { code } }
}`;

const adminOf = (organizationId: string): Identity => ({
  kind: 'user',
  subject: organizationId,
  organizationId,
  role: 'ADMIN',
  permissions: permissionsOf('ADMIN'),
  expiresAt: Number.POSITIVE_INFINITY,
  token: '',
});

// The same resolver for both, which leaves the events out where moves are not logged.
let isMuted = false;
Object.assign(DealMutationResolver.prototype, {
  moveDeal: async (input: MoveDealInput, context: SubgraphContext) => {
    const work = (scope: MutationScope) =>
      moveDeal(isMuted ? { ...scope, event: () => undefined } : scope, input);
    const { record, ...rest } = await mutateRecord(context, 'moveDeal', input, work, dealById);
    return { deal: record, ...rest };
  },
});

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
