// Creates each subgraph's role and schema, so that migrations can grant on them. Safe to repeat.
import type { DataSource } from 'typeorm';
import { roleOf } from './tenancy.ts';

export interface RoleOptions {
  /** Password the role logs in with; without one an existing role is left as it is. */
  password?: string;
  /** Called once when something was created. */
  onCreated?: (what: string) => void;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function exists(database: DataSource, sql: string, name: string): Promise<boolean> {
  const rows: unknown[] = await database.query(sql, [name]);
  return rows.length > 0;
}

/**
 * What bounds a connection when its process does not: of the role, since a pooler between does not pass on what a client
 * asks for when it connects. A request's own deadline is nearer (30 s, by `statement_timeout` of its transaction).
 */
const timeouts = {
  statement_timeout: `'60s'`,
  idle_in_transaction_session_timeout: `'30s'`,
};

/** SQLSTATEs of a server before 14, and of one on a system that cannot tell. */
const unsupported = new Set(['42704', '22023']);

/** A statement ends soon after its client has gone; elsewhere it ends at its deadline. */
async function noticeGoneClients(
  database: DataSource,
  role: string,
  databaseName: string,
): Promise<void> {
  const set = `alter role "${role}" in database "${databaseName}" set client_connection_check_interval = '500ms'`;
  try {
    await database.query(set);
  } catch (error) {
    if (!unsupported.has(String((error as { code?: unknown }).code))) throw error;
  }
}

/** Creates role `crm_<schema>` (LOGIN, no BYPASSRLS) and the schema it may use, where missing. */
export async function createRoleAndSchema(
  database: DataSource,
  schema: string,
  options: RoleOptions,
): Promise<void> {
  const role = roleOf(schema);
  if (!(await exists(database, 'select 1 from pg_roles where rolname = $1', role))) {
    await database.query(`create role "${role}" login`);
    options.onCreated?.(`role ${role}`);
  }
  if (options.password !== undefined) {
    await database.query(`alter role "${role}" login password ${literal(options.password)}`);
  }
  const [row] = await database.query('select current_database() as name');
  for (const [setting, value] of Object.entries({ search_path: `"${schema}"`, ...timeouts })) {
    await database.query(
      `alter role "${role}" in database "${row.name}" set ${setting} = ${value}`,
    );
  }
  await noticeGoneClients(database, role, row.name);
  await database.query(`grant connect on database "${row.name}" to "${role}"`);
  if (!(await exists(database, 'select 1 from pg_namespace where nspname = $1', schema))) {
    await database.query(`create schema "${schema}"`);
    options.onCreated?.(`schema ${schema}`);
  }
  await database.query(`grant usage on schema "${schema}" to "${role}"`);
}
