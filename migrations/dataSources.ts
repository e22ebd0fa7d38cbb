// Opens the owner's connection that a subgraph's migrations run on, with every migration class
// found in its folder.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource, type MigrationInterface } from 'typeorm';
import type { SubgraphName } from './subgraphNames.ts';

type MigrationClass = new () => MigrationInterface;

function isMigration(value: unknown): value is MigrationClass {
  return (
    typeof value === 'function' &&
    typeof value.prototype?.up === 'function' &&
    typeof value.prototype?.down === 'function'
  );
}

/** The migration classes of one subgraph, from the files compiled next to this one. */
async function migrationClasses(name: SubgraphName): Promise<MigrationClass[]> {
  const folder = join(import.meta.dirname, name);
  const files = await readdir(folder).catch(() => []);
  const classes: MigrationClass[] = [];
  for (const file of files.sort()) {
    if (!/^\d+-.*(?<!\.d)\.(js|ts)$/.test(file)) continue;
    const module: Record<string, unknown> = await import(join(folder, file));
    classes.push(...Object.values(module).filter(isMigration));
  }
  return classes;
}

/** A data source, not yet connected, that keeps its history in the subgraph's own schema. */
export async function migrationDataSource(name: SubgraphName, url: string): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    schema: name,
    entities: [],
    migrations: await migrationClasses(name),
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    applicationName: `crm-migrate-${name}`,
    logging: false,
  });
}
