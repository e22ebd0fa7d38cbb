// A database of its own with the schema of tasks, in the Postgres of the stack: whoever sends webhooks
// there has no other process beside it, since locks and notifications are of one database.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDataSource } from '@crm-graph/shared/database/openDatabase';
import { setTenant } from '@crm-graph/shared/database/setTenant';
import { tasks } from '@crm-graph/tasks/schema';
import { Client } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { cleanEnv, nodeBinary, root } from '../runningStack.ts';
import { stack } from '../stack.ts';

async function asSuperuser(statement: string): Promise<void> {
  const secrets = JSON.parse(readFileSync(join(stack().dataDir, 'secrets.json'), 'utf8'));
  const url = new URL(stack().databaseUrl);
  url.username = 'postgres';
  url.password = secrets.superuserPassword;
  url.pathname = '/postgres';
  const client = new Client(url.href);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

const inDatabase = (text: string, name: string): string => {
  const url = new URL(text);
  url.pathname = `/${name}`;
  return url.href;
};

export class TasksDatabase implements AsyncDisposable {
  private constructor(
    readonly name: string,
    /** Of the subgraph's role. */
    readonly url: string,
    readonly dataSource: DataSource,
  ) {}

  static async create(): Promise<TasksDatabase> {
    const name = `tasks_${randomUUID().slice(0, 8)}`;
    const ownerUrl = inDatabase(stack().databaseUrl, name);
    await asSuperuser(`create database ${name} owner ${new URL(ownerUrl).username}`);
    const { status, stderr } = spawnSync(
      nodeBinary,
      [join(root, 'migrations/dist/migrate.js'), 'up', '--subgraph', 'tasks'],
      { env: cleanEnv({ DATABASE_URL: ownerUrl }), encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`The migrations ended with ${status}: ${stderr}`);
    const url = inDatabase(stack().subgraphDatabaseUrls['tasks'] ?? '', name);
    const dataSource = createDataSource({ url, schema: 'tasks', entities: tasks.entities });
    return new TasksDatabase(name, url, await dataSource.initialize());
  }

  /** A transaction that sees one organization. */
  async as<T>(organizationId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await setTenant(manager, organizationId);
      return work(manager);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dataSource.destroy();
    await asSuperuser(`drop database ${this.name} with (force)`);
  }
}
