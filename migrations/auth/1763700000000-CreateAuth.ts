// The auth schema: organizations, users with their membership, sessions with their refresh tokens,
// API keys, signing keys, and the event log and idempotency keys that every subgraph has.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropEventLog, dropIdempotency, eventLog, idempotency, tenantTable } from '../tenancy.ts';

const recordColumns = `
  "organization_id" uuid not null,
  "id" uuid not null,
  "version" integer not null default 1,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now()`;

export class CreateAuth1763700000000 implements MigrationInterface {
  name = 'CreateAuth1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table "auth"."organization" (${recordColumns},
        "name" text not null,
        constraint "pk_organization" primary key ("organization_id", "id"),
        constraint "ck_organization_id" check ("id" = "organization_id")
      )`);
    await tenantTable(runner, 'auth', 'organization');

    await runner.query(`
      create table "auth"."user" (${recordColumns},
        "name" text not null,
        "email" text not null,
        "password_hash" text,
        "active" boolean not null default true,
        "external_id" text,
        constraint "pk_user" primary key ("organization_id", "id"),
        constraint "fk_user_organization" foreign key ("organization_id", "organization_id")
          references "auth"."organization" ("organization_id", "id")
      )`);
    // One login form for all organizations: an e-mail address says which one, so it is unique
    // across them. The only index that does not start with the organization.
    await runner.query(`create unique index "uq_user_email" on "auth"."user" (lower("email"))`);
    await runner.query(
      `create unique index "uq_user_external_id" on "auth"."user" ("organization_id", "external_id")`,
    );
    await runner.query(
      `create index "ix_user_name" on "auth"."user" ("organization_id", "name", "id")`,
    );
    await runner.query(
      `create index "ix_user_created_at" on "auth"."user" ("organization_id", "created_at", "id")`,
    );
    await tenantTable(runner, 'auth', 'user');

    await runner.query(`
      create table "auth"."membership" (${recordColumns},
        "user_id" uuid not null,
        "role" text not null,
        "team" text,
        "manager_id" uuid,
        constraint "pk_membership" primary key ("organization_id", "id"),
        constraint "ck_membership_role" check ("role" in ('ADMIN', 'MANAGER', 'USER', 'PARTNER')),
        constraint "fk_membership_user_id" foreign key ("organization_id", "user_id")
          references "auth"."user" ("organization_id", "id"),
        constraint "fk_membership_manager_id" foreign key ("organization_id", "manager_id")
          references "auth"."user" ("organization_id", "id")
      )`);
    await runner.query(
      `create unique index "uq_membership_user_id" on "auth"."membership" ("organization_id", "user_id")`,
    );
    await runner.query(
      `create index "ix_membership_manager_id" on "auth"."membership" ("organization_id", "manager_id")`,
    );
    await tenantTable(runner, 'auth', 'membership');

    await runner.query(`
      create table "auth"."session" (${recordColumns},
        "user_id" uuid not null,
        "last_used_at" timestamptz not null default now(),
        "expires_at" timestamptz not null,
        "revoked_at" timestamptz,
        constraint "pk_session" primary key ("organization_id", "id"),
        constraint "fk_session_user_id" foreign key ("organization_id", "user_id")
          references "auth"."user" ("organization_id", "id")
      )`);
    await runner.query(
      `create index "ix_session_user_id" on "auth"."session" ("organization_id", "user_id", "created_at")`,
    );
    await runner.query(
      `create index "ix_session_revoked_at" on "auth"."session" ("revoked_at") where "revoked_at" is not null`,
    );
    await tenantTable(runner, 'auth', 'session');

    await runner.query(`
      create table "auth"."refresh_token" (
        "organization_id" uuid not null,
        "session_id" uuid not null,
        "hash" text not null,
        "created_at" timestamptz not null default now(),
        "expires_at" timestamptz not null,
        "spent_at" timestamptz,
        constraint "pk_refresh_token" primary key ("organization_id", "session_id", "hash"),
        constraint "fk_refresh_token_session_id" foreign key ("organization_id", "session_id")
          references "auth"."session" ("organization_id", "id") on delete cascade
      )`);
    await tenantTable(runner, 'auth', 'refresh_token');

    await runner.query(`
      create table "auth"."api_key" (${recordColumns},
        "name" text not null,
        "hash" text not null,
        "scopes" text[] not null,
        "created_by_id" uuid not null,
        "expires_at" timestamptz,
        "last_used_at" timestamptz,
        "revoked_at" timestamptz,
        constraint "pk_api_key" primary key ("organization_id", "id"),
        constraint "fk_api_key_created_by_id" foreign key ("organization_id", "created_by_id")
          references "auth"."user" ("organization_id", "id")
      )`);
    await runner.query(
      `create index "ix_api_key_created_at" on "auth"."api_key" ("organization_id", "created_at", "id")`,
    );
    await runner.query(
      `create index "ix_api_key_revoked_at" on "auth"."api_key" ("revoked_at") where "revoked_at" is not null`,
    );
    await tenantTable(runner, 'auth', 'api_key');

    // Keys of the installation, not of an organization: no tenant column, no row-level security.
    await runner.query(`
      create table "auth"."signing_key" (
        "kid" text not null,
        "public_key" jsonb not null,
        "private_key" bytea not null,
        "active_from" timestamptz not null,
        "created_at" timestamptz not null default now(),
        constraint "pk_signing_key" primary key ("kid")
      )`);
    await runner.query(
      'grant select, insert, update, delete on "auth"."signing_key" to "crm_auth"',
    );

    await this.#acrossTenants(runner);
    await eventLog(runner, 'auth');
    await idempotency(runner, 'auth');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIdempotency(runner, 'auth');
    await dropEventLog(runner, 'auth');
    await runner.query('drop function "auth"."recently_revoked"(timestamptz)');
    await runner.query('drop function "auth"."login_candidate"(text)');
    for (const table of [
      'signing_key',
      'api_key',
      'refresh_token',
      'session',
      'membership',
      'user',
      'organization',
    ]) {
      await runner.query(`drop table "auth"."${table}"`);
    }
  }

  /**
   * The two questions that cannot name an organization: who logs in with this address, and which
   * sessions and keys ended lately. Functions of the owner answer with just the columns needed;
   * the owner's policies make them work also where the owner is no superuser.
   */
  async #acrossTenants(runner: QueryRunner): Promise<void> {
    for (const table of ['user', 'session', 'api_key']) {
      await runner.query(
        `create policy "${table}_lookup" on "auth"."${table}" for select to current_user using (true)`,
      );
    }
    await runner.query(`
      create function "auth"."login_candidate"(address text)
        returns table (organization_id uuid, user_id uuid, password_hash text)
        language sql stable security definer set search_path = "auth", pg_temp
        as 'select u.organization_id, u.id, u.password_hash from "auth"."user" u
            where lower(u.email) = lower(address) and u.active'`);
    await runner.query(`
      create function "auth"."recently_revoked"(since timestamptz)
        returns table (revoked text, revoked_at timestamptz)
        language sql stable security definer set search_path = "auth", pg_temp
        as 'select ''session:'' || s.id, s.revoked_at from "auth"."session" s where s.revoked_at > since
            union all
            select ''key:'' || k.id, k.revoked_at from "auth"."api_key" k where k.revoked_at > since'`);
    for (const signature of ['"login_candidate"(text)', '"recently_revoked"(timestamptz)']) {
      await runner.query(`revoke all on function "auth".${signature} from public`);
      await runner.query(`grant execute on function "auth".${signature} to "crm_auth"`);
    }
  }
}
