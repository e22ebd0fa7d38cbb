// The migrations and the entities describe the same tables: after all migrations TypeORM's schema
// builder finds nothing to change, for any subgraph. Check constraints (ck_...) are the migrations'
// alone: TypeORM has no way to leave them be. Runs on a Postgres of its own.

import { createDataSource } from '@crm-graph/shared/database/openDatabase';
import type { DataSource } from 'typeorm';
import { type MigratedDatabase, migratedDatabase } from './migratedDatabase.ts';

const names = ['auth', 'contacts', 'deals', 'tasks', 'analytics'] as const;

let database: MigratedDatabase;

beforeAll(async () => {
  database = await migratedDatabase();
}, 60_000);

afterAll(() => database?.stop());

/** The entity classes in the definition that a subgraph's schema.ts exports. */
function entitiesOf(module: Record<string, unknown>): Function[] {
  for (const value of Object.values(module)) {
    const { entities } = (value ?? {}) as { entities?: unknown };
    if (Array.isArray(entities)) return entities;
  }
  throw new Error('schema.ts exports no definition with entities');
}

/** The statements that would bring the schema in line with the entities. */
async function difference(dataSource: DataSource): Promise<string[]> {
  await dataSource.initialize();
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries
      .map(({ query }) => query)
      .filter((query) => !/DROP CONSTRAINT "ck_/.test(query));
  } finally {
    await dataSource.destroy();
  }
}

test.each(names)('the migrations of %s create what its entities say', async (name) => {
  const entities = entitiesOf(await import(`../../subgraphs/${name}/src/schema.ts`));
  expect(entities.length).toBeGreaterThan(0);
  const dataSource = createDataSource({ url: database.url, schema: name, entities });
  expect(await difference(dataSource)).toEqual([]);
});
