// Pipelines with stages, products, deals with products and stage history, and the deals log.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  dropEventLog,
  dropIdempotency,
  eventLog,
  foreignKey,
  idempotency,
  recordColumns,
  tenantIndexes,
  tenantTable,
} from '../tenancy.ts';

const tables = ['pipeline', 'stage', 'product', 'deal', 'deal_product', 'deal_stage_change'];

export class CreateDeals1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table "deals"."pipeline" (${recordColumns('pipeline')},
        "name" text not null,
        "external_id" text
      )`);
    await runner.query(`
      create table "deals"."stage" (${recordColumns('stage')},
        "pipeline_id" uuid not null,
        "name" text not null,
        "position" integer not null,
        "probability" integer not null,
        "kind" text not null,
        constraint "ck_stage_probability" check ("probability" between 0 and 100),
        constraint "ck_stage_kind" check ("kind" in ('OPEN', 'WON', 'LOST')),
        ${foreignKey('deals', 'stage', 'pipeline_id', 'pipeline', 'cascade')}
      )`);
    await runner.query(`
      create table "deals"."product" (${recordColumns('product')},
        "name" text not null,
        "series" text,
        "price" numeric not null,
        "currency" text not null,
        "external_id" text,
        constraint "ck_product_price" check ("price" >= 0)
      )`);
    await runner.query(`
      create table "deals"."deal" (${recordColumns('deal')},
        "title" text not null,
        "amount_value" numeric not null,
        "currency" text not null,
        "pipeline_id" uuid not null,
        "stage_id" uuid not null,
        "company_id" uuid,
        "contact_id" uuid,
        "owner_id" uuid,
        "opened_on" date,
        "expected_close_date" date,
        "actual_close_date" date,
        "lost_reason" text,
        "external_id" text,
        constraint "ck_deal_amount" check ("amount_value" >= 0),
        ${foreignKey('deals', 'deal', 'pipeline_id', 'pipeline')},
        ${foreignKey('deals', 'deal', 'stage_id', 'stage')}
      )`);
    await runner.query(`
      create table "deals"."deal_product" (${recordColumns('deal_product')},
        "deal_id" uuid not null,
        "product_id" uuid not null,
        "quantity" numeric not null,
        "unit_price" numeric not null,
        "currency" text not null,
        constraint "ck_deal_product_quantity" check ("quantity" > 0),
        constraint "ck_deal_product_unit_price" check ("unit_price" >= 0),
        ${foreignKey('deals', 'deal_product', 'deal_id', 'deal', 'cascade')},
        ${foreignKey('deals', 'deal_product', 'product_id', 'product')}
      )`);
    await runner.query(`
      create table "deals"."deal_stage_change" (${recordColumns('deal_stage_change')},
        "deal_id" uuid not null,
        "from_stage_id" uuid,
        "to_stage_id" uuid not null,
        "actor_id" uuid,
        "moved_at" timestamptz not null,
        ${foreignKey('deals', 'deal_stage_change', 'deal_id', 'deal', 'cascade')},
        ${foreignKey('deals', 'deal_stage_change', 'from_stage_id', 'stage')},
        ${foreignKey('deals', 'deal_stage_change', 'to_stage_id', 'stage')}
      )`);
    for (const table of ['pipeline', 'product', 'deal']) {
      await runner.query(
        `create unique index "uq_${table}_external_id" on "deals"."${table}" ("organization_id", "external_id")`,
      );
    }
    await tenantIndexes(runner, 'deals', {
      ix_stage_pipeline: ['stage', 'pipeline_id', 'position'],
      ix_deal_stage: ['deal', 'stage_id'],
      ix_deal_pipeline: ['deal', 'pipeline_id'],
      ix_deal_owner: ['deal', 'owner_id'],
      ix_deal_company: ['deal', 'company_id'],
      ix_deal_contact: ['deal', 'contact_id'],
      ix_deal_created_at: ['deal', 'created_at', 'id'],
      ix_deal_actual_close_date: ['deal', 'actual_close_date'],
      ix_deal_product_deal: ['deal_product', 'deal_id'],
      ix_deal_product_product: ['deal_product', 'product_id'],
      ix_deal_stage_change_deal: ['deal_stage_change', 'deal_id', 'moved_at'],
    });
    for (const table of tables) await tenantTable(runner, 'deals', table);
    await eventLog(runner, 'deals');
    await idempotency(runner, 'deals');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIdempotency(runner, 'deals');
    await dropEventLog(runner, 'deals');
    for (const table of tables.toReversed()) await runner.query(`drop table "deals"."${table}"`);
  }
}
