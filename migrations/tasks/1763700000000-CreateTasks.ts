// The tasks schema: tasks, notifications, the cursors over other subgraphs' logs, and the event log
// and idempotency keys that every subgraph has.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropEventLog, dropIdempotency, eventLog, idempotency, tenantTable } from '../tenancy.ts';

export class CreateTasks1763700000000 implements MigrationInterface {
  name = 'CreateTasks1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    // contact_id, deal_id, assignee_id and creator_id point into other subgraphs' schemas, which
    // this role cannot read: no foreign key can hold them, so a reference to nothing reads as null.
    await runner.query(`
      create table "tasks"."task" (
        "organization_id" uuid not null,
        "id" uuid not null,
        "version" integer not null default 1,
        "created_at" timestamptz not null default now(),
        "updated_at" timestamptz not null default now(),
        "title" text collate "und-x-icu" not null,
        "description" text,
        "status" text not null default 'OPEN',
        "priority" text not null default 'NORMAL',
        "due_at" timestamptz,
        "completed_at" timestamptz,
        "assignee_id" uuid,
        "creator_id" uuid,
        "contact_id" uuid,
        "deal_id" uuid,
        "external_id" text,
        constraint "pk_task" primary key ("organization_id", "id"),
        constraint "ck_task_status" check ("status" in ('OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED')),
        constraint "ck_task_priority" check ("priority" in ('LOW', 'NORMAL', 'HIGH', 'URGENT')),
        constraint "ck_task_completed" check (("status" = 'DONE') = ("completed_at" is not null)),
        constraint "ck_task_subject" check ("contact_id" is null or "deal_id" is null)
      )`);
    await runner.query(
      `create unique index "uq_task_external_id" on "tasks"."task" ("organization_id", "external_id")`,
    );
    await runner.query(
      `create index "ix_task_created" on "tasks"."task" ("organization_id", "created_at", "id")`,
    );
    await runner.query(
      `create index "ix_task_due" on "tasks"."task" ("organization_id", "due_at", "id")`,
    );
    await runner.query(
      `create index "ix_task_assignee" on "tasks"."task" ("organization_id", "assignee_id", "due_at", "id")`,
    );
    await runner.query(
      `create index "ix_task_contact" on "tasks"."task" ("organization_id", "contact_id", "due_at", "id")`,
    );
    await runner.query(
      `create index "ix_task_deal" on "tasks"."task" ("organization_id", "deal_id", "due_at", "id")`,
    );
    await tenantTable(runner, 'tasks', 'task');

    await runner.query(`
      create table "tasks"."notification" (
        "organization_id" uuid not null,
        "id" uuid not null,
        "version" integer not null default 1,
        "created_at" timestamptz not null default now(),
        "updated_at" timestamptz not null default now(),
        "type" text not null,
        "recipient_id" uuid not null,
        "actor_id" uuid,
        "task_id" uuid,
        "deal_id" uuid,
        "message" text not null,
        "read_at" timestamptz,
        constraint "pk_notification" primary key ("organization_id", "id"),
        constraint "ck_notification_type" check ("type" in ('TASK_ASSIGNED', 'DEAL_MOVED')),
        constraint "fk_notification_task" foreign key ("organization_id", "task_id")
          references "tasks"."task" ("organization_id", "id") on delete cascade
      )`);
    await runner.query(
      `create index "ix_notification_recipient" on "tasks"."notification" ("organization_id", "recipient_id", "created_at", "id")`,
    );
    await runner.query(
      `create index "ix_notification_unread" on "tasks"."notification" ("organization_id", "recipient_id") where "read_at" is null`,
    );
    await runner.query(
      `create index "ix_notification_task" on "tasks"."notification" ("organization_id", "task_id")`,
    );
    await tenantTable(runner, 'tasks', 'notification');

    await runner.query(`
      create table "tasks"."log_cursor" (
        "organization_id" uuid not null,
        "log" text not null,
        "position" bigint not null,
        constraint "pk_log_cursor" primary key ("organization_id", "log")
      )`);
    await tenantTable(runner, 'tasks', 'log_cursor');

    await eventLog(runner, 'tasks');
    await idempotency(runner, 'tasks');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIdempotency(runner, 'tasks');
    await dropEventLog(runner, 'tasks');
    await runner.query(`drop table "tasks"."log_cursor"`);
    await runner.query(`drop table "tasks"."notification"`);
    await runner.query(`drop table "tasks"."task"`);
  }
}
