// A Postgres and a Redis of its own, with the deals schema and some organizations' deals, for the benches of the log.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource } from '@crm-graph/shared/database/openDatabase';
import { setTenant } from '@crm-graph/shared/database/setTenant';
import type { DataSource } from 'typeorm';
import { freePorts } from '../../../deploy/local/freePorts.ts';
import { redisServer } from '../../../deploy/local/installRedis.ts';
import { startPostgres } from '../../../deploy/local/postgres.ts';
import { startRedis } from '../../../deploy/local/redis.ts';
import { BenchError } from '../BenchError.ts';

const root = join(import.meta.dirname, '../../..');

export interface SeededOrganization {
  organizationId: string;
  stageIds: [string, string];
  dealIds: string[];
}

export interface DealsDatabase extends AsyncDisposable {
  ownerUrl: string;
  /** As the deals subgraph connects. */
  url: string;
  redisUrl: string;
  organizations: SeededOrganization[];
}

/** Starts it with the durability that Postgres has by itself: fsync and synchronous_commit are on. */
export const openDealsDatabase = async (
  organizations: number,
  dealsEach: number,
): Promise<DealsDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), 'crm-graph-bench-'));
  const [port = 0, redisPort = 0] = await freePorts(2);
  const { child, url: ownerUrl } = await startPostgres({
    dataDir: folder,
    logFile: join(folder, 'postgres.log'),
    port,
    superuserPassword: 'superuser-password',
    ownerPassword: 'owner-password',
  });
  const redis = await startRedis({
    server: await redisServer(join(folder, 'install.log'), () => undefined),
    dataDir: folder,
    logFile: join(folder, 'redis.log'),
    port: redisPort,
    password: 'redis-password',
  });
  const close = async () => {
    await Promise.all([child.stop('SIGINT', 5_000), redis.child.stop('SIGTERM', 2_000)]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = ownerUrl.replace('crm_owner:owner-password', 'crm_deals:deals-password');
    migrate(ownerUrl);
    const database = await createDataSource({ url, schema: 'deals', entities: [] }).initialize();
    const seeded: SeededOrganization[] = [];
    for (let index = 0; index < organizations; index++) {
      seeded.push(await seed(database, dealsEach));
    }
    await database.destroy();
    return {
      ownerUrl,
      url,
      redisUrl: redis.url,
      organizations: seeded,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const migrate = (ownerUrl: string): void => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'migrations/dist/migrate.js'), 'up', '--subgraph', 'deals'],
    {
      env: { DATABASE_URL: ownerUrl, DEALS_DATABASE_PASSWORD: 'deals-password' },
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new BenchError(`The migrations failed: ${stderr}`);
};

const seed = async (database: DataSource, deals: number): Promise<SeededOrganization> =>
  database.transaction(async (manager) => {
    const organizationId = crypto.randomUUID();
    const pipelineId = crypto.randomUUID();
    const stageIds: [string, string] = [crypto.randomUUID(), crypto.randomUUID()];
    const dealIds = Array.from({ length: deals }, () => crypto.randomUUID());
    await setTenant(manager, organizationId);
    await manager.query(
      `insert into pipeline (organization_id, id, name) values ($1, $2, 'Pipeline')`,
      [organizationId, pipelineId],
    );
    await manager.query(
      `insert into stage (organization_id, id, pipeline_id, name, position, probability, kind)
       select $1, s.id, $2, 'Stage ' || n, n, 50, 'OPEN'
       from unnest($3::uuid[]) with ordinality as s(id, n)`,
      [organizationId, pipelineId, stageIds],
    );
    await manager.query(
      `insert into deal (organization_id, id, title, amount_value, currency, pipeline_id, stage_id,
         company_id, contact_id, owner_id, opened_on)
       select $1, d.id, 'A deal of usual length', 12500.50, 'EUR', $2, $3,
         gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '2026-01-15'
       from unnest($4::uuid[]) as d(id)`,
      [organizationId, pipelineId, stageIds[0], dealIds],
    );
    return { organizationId, stageIds, dealIds };
  });
