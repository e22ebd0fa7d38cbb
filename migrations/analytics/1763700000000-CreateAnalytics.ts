// The analytics schema: a read model of the deals log, and how far it has been read. It has no log of
// its own: everything in it can be rebuilt.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '../tenancy.ts';

export class CreateAnalytics1763700000000 implements MigrationInterface {
  name = 'CreateAnalytics1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table "analytics"."deal_fact" (
        "organization_id" uuid not null,
        "id" uuid not null,
        "version" integer not null,
        "amount" numeric,
        "currency" text,
        "pipeline_id" uuid not null,
        "stage_kind" text not null,
        "owner_id" uuid,
        "opened_on" date,
        "actual_close_date" date,
        constraint "pk_deal_fact" primary key ("organization_id", "id"),
        constraint "ck_deal_fact_stage_kind" check ("stage_kind" in ('OPEN', 'WON', 'LOST'))
      )`);
    await runner.query(
      `create index "ix_deal_fact_closed" on "analytics"."deal_fact" ("organization_id", "stage_kind", "actual_close_date")`,
    );
    await tenantTable(runner, 'analytics', 'deal_fact');

    await runner.query(`
      create table "analytics"."deal_product_fact" (
        "organization_id" uuid not null,
        "deal_id" uuid not null,
        "line" integer not null,
        "product_id" uuid not null,
        "quantity" numeric not null,
        "unit_price" numeric not null,
        "currency" text,
        constraint "pk_deal_product_fact" primary key ("organization_id", "deal_id", "line"),
        constraint "fk_deal_product_fact_deal" foreign key ("organization_id", "deal_id")
          references "analytics"."deal_fact" ("organization_id", "id") on delete cascade
      )`);
    await tenantTable(runner, 'analytics', 'deal_product_fact');

    await runner.query(`
      create table "analytics"."log_cursor" (
        "organization_id" uuid not null,
        "log" text not null,
        "position" bigint not null,
        constraint "pk_log_cursor" primary key ("organization_id", "log")
      )`);
    await tenantTable(runner, 'analytics', 'log_cursor');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table "analytics"."log_cursor"`);
    await runner.query(`drop table "analytics"."deal_product_fact"`);
    await runner.query(`drop table "analytics"."deal_fact"`);
  }
}
