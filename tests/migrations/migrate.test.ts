// The migrate command: up and down for every subgraph, and what it leaves behind.
import pg from 'pg';
import { emptyDatabase, type MigratedDatabase } from './migratedDatabase.ts';

const names = ['auth', 'contacts', 'deals', 'tasks', 'analytics'];

let database: MigratedDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await emptyDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
}, 60_000);

afterAll(async () => {
  await client?.end();
  await database?.stop();
});

interface SchemaObject {
  what: string;
}

/** Every table, index, function, policy and type in a schema, apart from the migrations' history. */
async function contents(schema: string): Promise<string[]> {
  const { rows } = await client.query<SchemaObject>(
    `select 'relation ' || c.relname as what from pg_class c
       where c.relnamespace = $1::text::regnamespace and c.relname !~ '^(migration|migration_id_seq|PK_.*)$'
     union all select 'function ' || p.proname from pg_proc p where p.pronamespace = $1::text::regnamespace
     union all select 'policy ' || policyname from pg_policies where schemaname = $1::text
     union all select 'type ' || t.typname from pg_type t
       where t.typnamespace = $1::text::regnamespace and t.typtype in ('e', 'd')
     order by 1`,
    [schema],
  );
  return rows.map(({ what }) => what);
}

async function allContents(): Promise<string[][]> {
  const all: string[][] = [];
  for (const name of names) all.push(await contents(name));
  return all;
}

test('status names what is pending before the first run', () => {
  expect(database.migrate('status')).toContain('not created yet');
});

test('up, down to nothing and up again give the same schemas', async () => {
  database.migrate('up');
  const before = await allContents();
  for (const [index, name] of names.entries()) {
    expect({ name, empty: before[index]?.length === 0 }).toEqual({ name, empty: false });
  }
  database.migrate('down', '--to', '0');
  expect(await allContents()).toEqual(names.map(() => []));
  database.migrate('up');
  expect(await allContents()).toEqual(before);
}, 60_000);

test('a second up changes nothing', () => {
  const lines = database.migrate('up').trim().split('\n');
  expect(lines.map((line) => line.replace(/ +/, ' '))).toEqual(
    names.map((name) => `${name} up to date`),
  );
});

test('one subgraph can go down and up by itself', async () => {
  const others = await contents('contacts');
  database.migrate('down', '--subgraph', 'deals', '--to', '0');
  expect(await contents('deals')).toEqual([]);
  expect(await contents('contacts')).toEqual(others);
  expect(database.migrate('status', '--subgraph', 'deals')).toMatch(/pending \w+/);
  database.migrate('up', '--subgraph', 'deals');
  expect(database.migrate('status', '--subgraph', 'deals')).not.toMatch(/pending/);
});

test('roles have neither BYPASSRLS nor rights outside their schema', async () => {
  const { rows } = await client.query(
    `select r.rolname, r.rolbypassrls, r.rolsuper, r.rolcanlogin,
            (select array_agg(n.nspname::text order by n.nspname) from pg_namespace n
              where n.nspname = any($1) and has_schema_privilege(r.oid, n.oid, 'usage')) as schemas
       from pg_roles r where r.rolname = any($2) order by r.rolname`,
    [names, names.map((name) => `crm_${name}`)],
  );
  expect(rows).toEqual(
    [...names].sort().map((name) => ({
      rolname: `crm_${name}`,
      rolbypassrls: false,
      rolsuper: false,
      rolcanlogin: true,
      schemas: [name],
    })),
  );
});

test('every table with an organization_id is under forced row-level security', async () => {
  const { rows } = await client.query(
    `select n.nspname || '.' || c.relname as name from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
      where n.nspname = any($1) and c.relkind in ('r', 'p')
        and not (c.relrowsecurity and c.relforcerowsecurity)`,
    [names],
  );
  expect(rows).toEqual([]);
});

test('without an organization set, a role sees and writes nothing', async () => {
  const url = new URL(database.url);
  url.username = 'crm_deals';
  url.password = encodeURIComponent("it's");
  const role = new pg.Client({ connectionString: url.href });
  await role.connect();
  try {
    const one = '018f0000-0000-7000-8000-000000000001';
    const insert = 'insert into event_log (organization_id, position) values ($1, 1)';
    await expect(role.query(insert, [one])).rejects.toThrow(/row-level security/);
    await role.query('begin');
    await role.query(`select set_config('app.organization_id', $1, true)`, [one]);
    await role.query(insert, [one]);
    expect((await role.query('select position from event_log')).rows).toEqual([{ position: '1' }]);
    await role.query('commit');
    expect((await role.query('select position from event_log')).rows).toEqual([]);
    const heads = await role.query('select * from event_heads()');
    expect(heads.rows).toEqual([{ organization_id: one, position: '1', floor: '0' }]);
    await expect(role.query('select * from auth.event_log')).rejects.toThrow(/permission denied/);
  } finally {
    await role.end();
  }
});

test.each([
  [['sideways'], /Usage: npm run migrate/],
  [['up', '--subgraph', 'sales'], /no subgraph sales/],
  [['down', '--steps', 'two'], /--steps needs a whole number/],
  [['down', '--steps', '1', '--to', '0'], /exclude each other/],
])('migrate %j says what is wrong', (args, message) => {
  expect(() => database.migrate(...args)).toThrow(message);
});
