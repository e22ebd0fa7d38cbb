// Webhooks, what is queued for them and what became of it; functions that list, across organizations,
// where there is something to do.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { foreignKey, recordColumns, roleOf, tenantIndexes, tenantTable } from '../tenancy.ts';

const schema = 'tasks';

/** Row-level security hides other organizations, so these run as the owner; they give ids only. */
const lists = {
  webhook_organizations: {
    columns: 'organization_id uuid',
    query: 'select distinct w.organization_id from "tasks"."webhook" w',
  },
  webhook_due: {
    columns: 'organization_id uuid, webhook_id uuid',
    query: `
      select w.organization_id, w.id
      from "tasks"."webhook" w, lateral (
        select 1 from "tasks"."webhook_delivery" d
        where d.organization_id = w.organization_id and d.webhook_id = w.id
          and d.status = 'PENDING' and d.next_attempt_at <= now()
        limit 1
      ) due
      where w.status = 'ACTIVE'`,
  },
  webhook_notices: {
    columns: 'organization_id uuid, webhook_id uuid',
    query: 'select w.organization_id, w.id from "tasks"."webhook" w where w.notice is not null',
  },
};

const notificationTypes = (types: string) => `
  alter table "tasks"."notification" drop constraint "ck_notification_type",
    add constraint "ck_notification_type" check ("type" in (${types}))`;

export class CreateWebhooks1763740000000 implements MigrationInterface {
  name = 'CreateWebhooks1763740000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table "tasks"."webhook" (
        ${recordColumns('webhook')},
        "url" text not null,
        "description" text,
        "filter" jsonb not null,
        "status" text not null,
        "status_reason" text,
        "failing_since" timestamptz,
        "failures" integer not null default 0,
        "notice" text,
        "creator_id" uuid,
        "secret" bytea not null,
        "previous_secret" bytea,
        "previous_secret_until" timestamptz,
        "starts_after" jsonb not null,
        constraint "ck_webhook_status" check ("status" in ('ACTIVE', 'PAUSED', 'DISABLED'))
      )`);
    await tenantIndexes(runner, schema, { ix_webhook_created: ['webhook', 'created_at', 'id'] });

    await runner.query(`
      create table "tasks"."webhook_delivery" (
        "organization_id" uuid not null,
        "webhook_id" uuid not null,
        "id" uuid not null,
        "created_at" timestamptz not null,
        "log" text not null,
        "position" bigint not null,
        "entity_id" uuid not null,
        "type" text not null,
        "payload" text not null,
        "status" text not null,
        "tries" integer not null default 0,
        "next_attempt_at" timestamptz,
        "delivered_at" timestamptz,
        constraint "pk_webhook_delivery" primary key ("organization_id", "webhook_id", "id"),
        constraint "ck_webhook_delivery_status" check ("status" in ('PENDING', 'DELIVERED', 'FAILED')),
        ${foreignKey(schema, 'webhook_delivery', 'webhook_id', 'webhook', 'cascade')}
      )`);
    await tenantIndexes(runner, schema, {
      ix_webhook_delivery_created: ['webhook_delivery', 'webhook_id', 'created_at', 'id'],
    });
    await runner.query(`
      create index "ix_webhook_delivery_due" on "tasks"."webhook_delivery"
        ("organization_id", "webhook_id", "next_attempt_at") where "status" = 'PENDING'`);
    await runner.query(`
      create index "ix_webhook_delivery_record" on "tasks"."webhook_delivery"
        ("organization_id", "webhook_id", "entity_id", "position") where "status" = 'PENDING'`);

    await runner.query(`
      create table "tasks"."webhook_attempt" (
        "organization_id" uuid not null,
        "id" uuid not null,
        "webhook_id" uuid not null,
        "delivery_id" uuid not null,
        "attempted_at" timestamptz not null,
        "status_code" integer,
        "latency_ms" integer not null,
        "error" text,
        constraint "pk_webhook_attempt" primary key ("organization_id", "id"),
        constraint "fk_webhook_attempt_delivery_id"
          foreign key ("organization_id", "webhook_id", "delivery_id")
          references "tasks"."webhook_delivery" ("organization_id", "webhook_id", "id")
          on delete cascade
      )`);
    await tenantIndexes(runner, schema, {
      ix_webhook_attempt_delivery: ['webhook_attempt', 'webhook_id', 'delivery_id', 'id'],
    });

    for (const table of ['webhook', 'webhook_delivery', 'webhook_attempt']) {
      await tenantTable(runner, schema, table);
    }
    for (const table of ['webhook', 'webhook_delivery']) {
      await runner.query(
        `create policy "${table}_lists" on "tasks"."${table}" for select to current_user using (true)`,
      );
    }
    for (const [name, { columns, query }] of Object.entries(lists)) {
      await runner.query(`
        create function "tasks"."${name}"() returns table (${columns})
          language sql stable security definer set search_path = "tasks", pg_temp
          as $$${query}$$`);
      await runner.query(`revoke all on function "tasks"."${name}"() from public`);
      await runner.query(`grant execute on function "tasks"."${name}"() to "${roleOf(schema)}"`);
    }
    await runner.query(
      notificationTypes(`'TASK_ASSIGNED', 'DEAL_MOVED', 'WEBHOOK_PAUSED', 'WEBHOOK_DISABLED'`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // Only as the owner of the rows may these be seen and removed, whatever the organization.
    await runner.query(`alter table "tasks"."notification" no force row level security`);
    await runner.query(
      `delete from "tasks"."notification" where "type" in ('WEBHOOK_PAUSED', 'WEBHOOK_DISABLED')`,
    );
    await runner.query(`alter table "tasks"."notification" force row level security`);
    await runner.query(notificationTypes(`'TASK_ASSIGNED', 'DEAL_MOVED'`));
    for (const name of Object.keys(lists)) await runner.query(`drop function "tasks"."${name}"()`);
    await runner.query(`drop table "tasks"."webhook_attempt"`);
    await runner.query(`drop table "tasks"."webhook_delivery"`);
    await runner.query(`drop table "tasks"."webhook"`);
  }
}
