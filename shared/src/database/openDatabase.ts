// The connection pool of a subgraph: its own role, its own schema, migrations elsewhere.
import { DataSource } from 'typeorm';
import { CommitSubscriber } from './afterCommit.ts';
import { SnakeNamingStrategy } from './SnakeNamingStrategy.ts';

export interface DatabaseOptions {
  url: string;
  /** The Postgres schema; the role's own. */
  schema: string;
  /** Entity classes. */
  entities: Function[];
  /** Connections at most. @default 10 */
  poolSize?: number;
}

/** The data source without a connection: what the migrations check needs. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    entities: options.entities,
    subscribers: [CommitSubscriber],
    poolSize: options.poolSize ?? 10,
    namingStrategy: new SnakeNamingStrategy(),
    synchronize: false,
    installExtensions: false,
    applicationName: `crm-graph-${options.schema}`,
    connectTimeoutMS: 5_000,
    /* Statements do not wait for each other's answers: a transaction's first one goes with its BEGIN. */
    extra: { idleTimeoutMillis: 60_000, keepAlive: true, pipeline: true },
  });
}

/** Connects; tries again for `waitMs`, since Postgres may be starting too. */
export async function openDatabase(options: DatabaseOptions, waitMs = 15_000): Promise<DataSource> {
  const dataSource = createDataSource(options);
  const until = Date.now() + waitMs;
  for (;;) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
