// Companies, contacts and interactions, and the contacts log.
// There is no trigram index: under row-level security Postgres does not use an index for an operator
// that is not leakproof, as ILIKE and the operators of arrays are not. `contains` reads the rows of
// its organization, which every index here puts next to each other.
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

const tables = ['company', 'contact', 'interaction'];

/** People's alphabet: case and accents count last. */
const name = 'text collate "und-x-icu"';

export class CreateContacts1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table "contacts"."company" (${recordColumns('company')},
        "name" ${name} not null,
        "domain" text,
        "sector" text,
        "location" text,
        "employees" integer,
        "annual_revenue_amount" numeric,
        "annual_revenue_currency" text,
        "year_established" integer,
        "parent_id" uuid,
        "owner_id" uuid,
        "external_id" text,
        constraint "ck_company_employees" check ("employees" >= 0),
        constraint "ck_company_annual_revenue" check
          (("annual_revenue_amount" is null) = ("annual_revenue_currency" is null)),
        constraint "ck_company_parent_id" check ("parent_id" <> "id"),
        ${foreignKey('contacts', 'company', 'parent_id', 'company')}
      )`);
    await runner.query(`
      create table "contacts"."contact" (${recordColumns('contact')},
        "first_name" text,
        "last_name" ${name},
        "name" ${name} not null,
        "emails" jsonb not null,
        "email_addresses" text[] not null,
        "primary_email" text,
        "phones" jsonb not null,
        "job_title" text,
        "company_id" uuid,
        "owner_id" uuid,
        "tags" text[] not null,
        "external_id" text,
        ${foreignKey('contacts', 'contact', 'company_id', 'company')}
      )`);
    await runner.query(`
      create table "contacts"."interaction" (${recordColumns('interaction')},
        "type" text not null,
        "contact_id" uuid not null,
        "author_id" uuid,
        "occurred_at" timestamptz not null,
        "subject" text not null,
        "body" text,
        "duration_minutes" integer,
        "external_id" text,
        constraint "ck_interaction_type" check ("type" in ('CALL', 'EMAIL', 'MEETING', 'NOTE')),
        constraint "ck_interaction_duration_minutes" check ("duration_minutes" >= 0),
        ${foreignKey('contacts', 'interaction', 'contact_id', 'contact', 'cascade')}
      )`);
    for (const table of tables) {
      await runner.query(
        `create unique index "uq_${table}_external_id" on "contacts"."${table}" ("organization_id", "external_id")`,
      );
    }
    await tenantIndexes(runner, 'contacts', {
      ix_company_name: ['company', 'name', 'id'],
      ix_company_domain: ['company', 'domain'],
      ix_company_parent: ['company', 'parent_id'],
      ix_company_owner: ['company', 'owner_id'],
      ix_company_created_at: ['company', 'created_at', 'id'],
      ix_company_updated_at: ['company', 'updated_at', 'id'],
      ix_contact_name: ['contact', 'name', 'id'],
      ix_contact_last_name: ['contact', 'last_name', 'id'],
      ix_contact_primary_email: ['contact', 'primary_email'],
      ix_contact_company: ['contact', 'company_id', 'name', 'id'],
      ix_contact_owner: ['contact', 'owner_id'],
      ix_contact_created_at: ['contact', 'created_at', 'id'],
      ix_contact_updated_at: ['contact', 'updated_at', 'id'],
      ix_interaction_contact: ['interaction', 'contact_id', 'occurred_at', 'id'],
      ix_interaction_author: ['interaction', 'author_id', 'occurred_at', 'id'],
      ix_interaction_occurred_at: ['interaction', 'occurred_at', 'id'],
    });
    for (const table of tables) await tenantTable(runner, 'contacts', table);
    await eventLog(runner, 'contacts');
    await idempotency(runner, 'contacts');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIdempotency(runner, 'contacts');
    await dropEventLog(runner, 'contacts');
    for (const table of tables.toReversed()) await runner.query(`drop table "contacts"."${table}"`);
  }
}
