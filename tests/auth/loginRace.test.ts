// A login that began with the old password must not outlive its reset.
import { Client } from 'pg';
import { until } from '../shared/events/logFixture.ts';
import { graphql, newOrganization, stack } from '../stack.ts';
import { claimsOf } from './accounts.ts';

const loginMutation = 'mutation ($input: LoginInput!) { login(input: $input) { refreshToken } }';

test('a login that straddles a reset of the password is refused', async () => {
  const { email, password, token } = await newOrganization('Race');
  const { org, sub } = claimsOf(token);
  const reset = new Client(stack().subgraphDatabaseUrls['auth'] as string);
  await reset.connect();
  try {
    const { rows } = await reset.query('SELECT pg_backend_pid() AS pid');
    await reset.query('BEGIN');
    await reset.query(`SELECT set_config('app.organization_id', $1, true)`, [org]);
    await reset.query(`UPDATE "user" SET password_hash = password_hash || 'x' WHERE id = $1`, [
      sub,
    ]);
    let answered = false;
    const login = graphql(loginMutation, { input: { email, password } }).finally(() => {
      answered = true;
    });
    const watcher = new Client(stack().subgraphDatabaseUrls['auth'] as string);
    await watcher.connect();
    await until(async () => {
      const waiting = await watcher.query(
        'SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))',
        [rows[0].pid],
      );
      return answered || waiting.rows.length > 0;
    }, 'the login waits for the reset').finally(() => watcher.end());
    await reset.query('COMMIT');
    expect((await login).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  } finally {
    await reset.end();
  }
});
