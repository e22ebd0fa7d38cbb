// What the role of auth can see in its own tables: nothing without an organization, and only one's
// rows with it; the two functions across organizations give away no more than they must.
import { Client } from 'pg';
import { newOrganization, stack } from '../stack.ts';
import { claimsOf } from './accounts.ts';

const tables = [
  'organization',
  'user',
  'membership',
  'session',
  'refresh_token',
  'api_key',
  'event',
  'event_log',
  'idempotency_key',
];

describe('row-level security of auth', () => {
  let client: Client;

  beforeAll(async () => {
    client = new Client(stack().subgraphDatabaseUrls.auth);
    await client.connect();
  });

  afterAll(() => client.end());

  test.each(tables)('%s shows no row without an organization', async (table) => {
    await newOrganization();
    const { rows } = await client.query(`SELECT count(*)::int AS seen FROM auth."${table}"`);
    expect(rows).toEqual([{ seen: 0 }]);
  });

  test.each(tables)('%s is under forced row-level security', async (table) => {
    const { rows } = await client.query(
      'SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::regclass',
      [`auth."${table}"`],
    );
    expect(rows).toEqual([{ relrowsecurity: true, relforcerowsecurity: true }]);
  });

  test('with an organization only its rows are seen, and none can be written elsewhere', async () => {
    const one = await newOrganization();
    const other = await newOrganization();
    const organizationId = claimsOf(one.token).org;
    await client.query('BEGIN');
    try {
      await client.query(`SELECT set_config('app.organization_id', $1, true)`, [organizationId]);
      const { rows } = await client.query('SELECT DISTINCT organization_id FROM auth."user"');
      expect(rows).toEqual([{ organization_id: organizationId }]);
      await expect(
        client.query(
          'INSERT INTO auth.organization (organization_id, id, name) VALUES ($1, $1, $2)',
          [claimsOf(other.token).org, 'Taken over'],
        ),
      ).rejects.toThrow(/row-level security/);
    } finally {
      await client.query('ROLLBACK');
    }
  });

  test('login_candidate gives organization, user and hash, of active users only', async () => {
    const { email, token } = await newOrganization();
    const { rows } = await client.query('SELECT * FROM auth.login_candidate($1)', [
      email.toUpperCase(),
    ]);
    expect(rows).toEqual([
      {
        organization_id: claimsOf(token).org,
        user_id: claimsOf(token).sub,
        password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
      },
    ]);
  });
});
