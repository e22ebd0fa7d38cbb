// `npm run analytics:rebuild [-- --organization ID]`: empties the read model and makes it anew from the
// deals log. Each organization is one transaction under the lock that the running service takes too:
// readers see the old figures until the new ones are complete, and no event is lost or applied twice.
import { parseArgs } from 'node:util';
import { readConfig } from '@crm-graph/shared/config';
import { openDatabase } from '@crm-graph/shared/database/openDatabase';
import type { LogClient } from '@crm-graph/shared/events/LogClient';
import { Redis } from 'ioredis';
import { validate as isUuid } from 'uuid';
import { rebuildConfigSchema } from './config.ts';
import { FigureCache } from './FigureCache.ts';
import { dealsLogClient } from './followDeals.ts';
import { rebuildOrganization } from './rebuildOrganization.ts';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
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
    await rebuildOrganization(database, client, organizationId, (position, head) =>
      say(`${organizationId}  ${position} of ${head} events`),
    );
    await cache.drop(organizationId);
  }
  say(
    `rebuilt ${organizations.length} ${organizations.length === 1 ? 'organization' : 'organizations'}`,
  );
} finally {
  await database.destroy();
  redis.disconnect();
}
