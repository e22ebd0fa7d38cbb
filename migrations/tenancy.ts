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
 * security hides the others).
 */
export async function eventLog(runner: QueryRunner, schema: string): Promise<void> {
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
  await eventHeads(runner, schema, ['position']);
}

/** Undoes eventLog. */
export async function dropEventLog(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`drop table "${schema}"."event"`);
  await runner.query(`drop table "${schema}"."event_log"`);
  await runner.query(`drop function "${schema}"."event_heads"()`);
}

/**
 * Makes the log one that forgets: `floor` is the position up to which events may have been removed, and
 * `event_heads()` lists it too. And one that is appended to by `append_events()`, whose plans Postgres keeps;
 * it notifies nobody, since a NOTIFY makes all commits of the database wait for one another.
 */
export async function eventRetention(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(
    `alter table "${schema}"."event_log" add column "floor" bigint not null default 0`,
  );
  await runner.query(`drop function "${schema}"."event_heads"()`);
  await eventHeads(runner, schema, ['position', 'floor']);
  await runner.query(`
    create function "${schema}"."append_events"(
      p_organization uuid, p_actor uuid, p_events jsonb,
      out last_position bigint, out appended_at timestamptz
    ) language plpgsql as $body$
    declare
      amount constant integer := jsonb_array_length(p_events);
    begin
      insert into "${schema}"."event_log" as log ("organization_id", "position")
      values (p_organization, amount)
      on conflict ("organization_id") do update set "position" = log."position" + excluded."position"
      returning log."position", clock_timestamp() into last_position, appended_at;
      insert into "${schema}"."event" (
        "organization_id", "position", "id", "type", "occurred_at", "actor_id",
        "entity_type", "entity_id", "version", "changes", "record"
      )
      select p_organization, last_position - amount + e.ordinality, e."id", e."type", appended_at,
        p_actor, e."entityType", e."entityId", e."version", e."changes", e."record"
      from rows from (jsonb_to_recordset(p_events) as (
        "id" uuid, "type" text, "entityType" text, "entityId" uuid, "version" integer,
        "changes" jsonb, "record" jsonb
      )) with ordinality as e("id", "type", "entityType", "entityId", "version", "changes", "record",
        ordinality);
    end $body$`);
  await grantFunction(runner, schema, 'append_events(uuid, uuid, jsonb)');
}

/** Undoes eventRetention. */
export async function dropEventRetention(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`drop function "${schema}".append_events(uuid, uuid, jsonb)`);
  await runner.query(`drop function "${schema}"."event_heads"()`);
  await eventHeads(runner, schema, ['position']);
  await runner.query(`alter table "${schema}"."event_log" drop column "floor"`);
}

async function eventHeads(
  runner: QueryRunner,
  schema: string,
  columns: readonly string[],
): Promise<void> {
  const typed = columns.map((column) => `, "${column}" bigint`).join('');
  const read = columns.map((column) => `, l."${column}"`).join('');
  await runner.query(`
    create function "${schema}"."event_heads"()
      returns table (organization_id uuid${typed})
      language sql stable security definer set search_path = "${schema}", pg_temp
      as 'select l.organization_id${read} from "${schema}"."event_log" l'`);
  await grantFunction(runner, schema, 'event_heads()');
}

async function grantFunction(runner: QueryRunner, schema: string, name: string): Promise<void> {
  await runner.query(`revoke all on function "${schema}".${name} from public`);
  await runner.query(`grant execute on function "${schema}".${name} to "${roleOf(schema)}"`);
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
