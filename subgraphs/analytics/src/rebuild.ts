// `npm run analytics:rebuild [-- --organization ID]`: empties the read model and makes it anew from the
// deals log. Each organization is one transaction under the lock that the running service takes too:
// readers see the old figures until the new ones are complete, and no event is lost or applied twice.
import { parseArgs } from 'node:util';
import { readConfig } from '@crm-graph/shared/config';
import { openDatabase } from '@crm-graph/shared/database/openDatabase';
import { setTenant } from '@crm-graph/shared/database/setTenant';
import type { LogClient } from '@crm-graph/shared/events/LogClient';
import { Redis } from 'ioredis';
import type { DataSource, EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { applyDealEvents, lockPosition, savePosition } from './applyDealEvents.ts';
import { rebuildConfigSchema } from './config.ts';
import { FigureCache } from './FigureCache.ts';
import { dealsLogClient } from './followDeals.ts';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function emptyReadModel(manager: EntityManager, organizationId: string): Promise<void> {
  await manager.query('delete from deal_product_fact where organization_id = $1', [organizationId]);
  await manager.query('delete from deal_fact where organization_id = $1', [organizationId]);
  await savePosition(manager, organizationId, 0);
}

/** Returns the position that the read model then includes. */
async function rebuildOrganization(
  database: DataSource,
  client: LogClient,
  organizationId: string,
): Promise<number> {
  return database.transaction(async (manager) => {
    await setTenant(manager, organizationId);
    await lockPosition(manager, organizationId);
    await emptyReadModel(manager, organizationId);
    for (let position = 0; ; ) {
      const { events, head } = await client.read(position);
      if (events.length === 0) return position;
      position = await applyDealEvents(manager, organizationId, events);
      say(`${organizationId}  ${position} of ${head} events`);
    }
  });
}

async function organizationsAsked(client: LogClient): Promise<string[]> {
  const { values } = parseArgs({ options: { organization: { type: 'string' } } });
  const { organization } = values;
  if (organization === undefined) {
    return (await client.heads()).map(({ organizationId }) => organizationId);
  }
  if (isUuid(organization)) return [organization];
  process.stderr.write(`--organization: ${organization} is not an id\n`);
  process.exit(1);
}

const { DATABASE_URL, REDIS_URL, DEALS_URL, INTERNAL_SECRET } = readConfig(rebuildConfigSchema);
const organizations = await organizationsAsked(dealsLogClient(DEALS_URL, INTERNAL_SECRET));
const database = await openDatabase({
  url: DATABASE_URL,
  schema: 'analytics',
  entities: [],
  poolSize: 1,
});
const redis = new Redis(REDIS_URL);
try {
  const cache = new FigureCache(redis);
  for (const organizationId of organizations) {
    const client = dealsLogClient(DEALS_URL, INTERNAL_SECRET, organizationId);
    await rebuildOrganization(database, client, organizationId);
    await cache.drop(organizationId);
  }
  say(
    `rebuilt ${organizations.length} ${organizations.length === 1 ? 'organization' : 'organizations'}`,
  );
} finally {
  await database.destroy();
  redis.disconnect();
}
