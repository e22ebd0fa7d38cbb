// What every subgraph's schema has in common: tenant tables under forced row-level security,
// the event log, and the store of idempotency keys. Migrations call these and add their own tables.
import type { QueryRunner } from 'typeorm';

/** The role a subgraph connects as: LOGIN, no BYPASSRLS, rights on its own schema only. */
export function roleOf(schema: string): string {
  return `crm_${schema}`;
}

/** The organization set for the current transaction; null (no row visible) when none is set. */
const currentOrganization = `(select nullif(current_setting('app.organization_id', true), '')::uuid)`;

/** The columns that every record has, with its primary key; for a `create table`. */
export function recordColumns(table: string): string {
  return `
    "organization_id" uuid not null,
    "id" uuid not null,
    "version" integer not null default 1,
    "created_at" timestamptz not null default now(),
    "updated_at" timestamptz not null default now(),
    constraint "pk_${table}" primary key ("organization_id", "id")`;
}

/** A foreign key that cannot lead into another organization; for a `create table`. */
export function foreignKey(
  schema: string,
  table: string,
  column: string,
  target: string,
  onDelete = 'no action',
): string {
  return `
    constraint "fk_${table}_${column}" foreign key ("organization_id", "${column}")
      references "${schema}"."${target}" ("organization_id", "id") on delete ${onDelete}`;
}

/** Indexes that begin with the organization: by name, the table and the further columns. */
export async function tenantIndexes(
  runner: QueryRunner,
  schema: string,
  indexes: Readonly<Record<string, readonly [table: string, ...columns: string[]]>>,
): Promise<void> {
  for (const [name, [table, ...columns]] of Object.entries(indexes)) {
    const list = ['organization_id', ...columns].map((column) => `"${column}"`).join(', ');
    await runner.query(`create index "${name}" on "${schema}"."${table}" (${list})`);
  }
}

/** Puts an existing table with an organization_id column under forced row-level security. */
export async function tenantTable(
  runner: QueryRunner,
  schema: string,
  table: string,
): Promise<void> {
  await runner.query(`alter table "${schema}"."${table}" enable row level security`);
  await runner.query(`alter table "${schema}"."${table}" force row level security`);
  await runner.query(
    `create policy "${table}_organization" on "${schema}"."${table}" to "${roleOf(schema)}"
       using (organization_id = ${currentOrganization})
       with check (organization_id = ${currentOrganization})`,
  );
  await runner.query(
    `grant select, insert, update, delete on "${schema}"."${table}" to "${roleOf(schema)}"`,
  );
}

/**
 * Creates the schema's event log: a counter row per organization, the events at its positions, and
 * `event_heads()` which lists the head of every organization (SECURITY DEFINER, since row-level
 * security hides the others). The statement that appends events also notifies the publisher.
 */
export async function eventLog(runner: QueryRunner, schema: string): Promise<void> {
  const role = roleOf(schema);
  await runner.query(`
    create table "${schema}"."event_log" (
      "organization_id" uuid not null,
      "position" bigint not null default 0,
      constraint "pk_event_log" primary key ("organization_id")
    )`);
  await runner.query(`
    create table "${schema}"."event" (
      "organization_id" uuid not null,
      "position" bigint not null,
      "id" uuid not null,
      "type" text not null,
      "occurred_at" timestamptz not null,
      "actor_id" uuid,
      "entity_type" text not null,
      "entity_id" uuid not null,
      "version" integer not null,
      "changes" jsonb not null,
      "record" jsonb not null,
      constraint "pk_event" primary key ("organization_id", "position")
    )`);
  // The history of one record: the field diff of a version conflict.
  await runner.query(
    `create index "ix_event_entity" on "${schema}"."event" ("organization_id", "entity_id", "version")`,
  );
  await tenantTable(runner, schema, 'event_log');
  await tenantTable(runner, schema, 'event');
  await runner.query(`
    create policy "event_log_heads" on "${schema}"."event_log" for select to current_user using (true)`);
  await runner.query(`
    create function "${schema}"."event_heads"()
      returns table (organization_id uuid, "position" bigint)
      language sql stable security definer set search_path = "${schema}", pg_temp
      as 'select l.organization_id, l."position" from "${schema}"."event_log" l'`);
  await runner.query(`revoke all on function "${schema}"."event_heads"() from public`);
  await runner.query(`grant execute on function "${schema}"."event_heads"() to "${role}"`);
}

/** Undoes eventLog. */
export async function dropEventLog(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`drop table "${schema}"."event"`);
  await runner.query(`drop table "${schema}"."event_log"`);
  await runner.query(`drop function "${schema}"."event_heads"()`);
}

/** Creates the table that keeps the stored answer of each mutation sent with an idempotency key. */
export async function idempotency(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    create table "${schema}"."idempotency_key" (
      "organization_id" uuid not null,
      "key" text not null,
      "actor_id" uuid not null,
      "operation" text not null,
      "request_hash" text not null,
      "stored" jsonb,
      "created_at" timestamptz not null default now(),
      constraint "pk_idempotency_key" primary key ("organization_id", "key")
    )`);
  await tenantTable(runner, schema, 'idempotency_key');
}

/** Undoes idempotency. */
export async function dropIdempotency(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`drop table "${schema}"."idempotency_key"`);
}
