// A cursor that is older than the log: every way to read says so, and "beginning" goes on to work.
import { pruneEvents } from '@crm-graph/shared/events/pruneEvents';
import { DataSource } from 'typeorm';
import { organizationIdOf } from '../../loggedEvents.ts';
import { graphql, newOrganization, stack } from '../../stack.ts';
import { createDeal, setUpSales } from './sales.ts';
import { subscribe } from './subscriber.ts';

interface Event {
  dealEvents: { cursor: string; deal: { title: string } };
}

const watch =
  'subscription ($after: String) { dealEvents(after: $after) { cursor deal { title } } }';

describe('events that are no longer kept', () => {
  const prune = async (organizationId: string) => {
    const url = stack().subgraphDatabaseUrls['deals'] ?? '';
    const database = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize();
    const before = new Date(Date.now() + 1_000);
    await pruneEvents(database, { log: 'deals', organizationId, before }).finally(() =>
      database.destroy(),
    );
  };

  it('are answered with CURSOR_EXPIRED and what to do', async () => {
    const { token } = await newOrganization('Retention');
    const sales = await setUpSales(token);
    const old = await createDeal(sales, 'Old');
    const last = await createDeal(sales, 'Last that was removed');
    await prune(await organizationIdOf(token));
    const kept = await createDeal(sales, 'Kept');

    const follow = (after: string) => subscribe<Event>(watch, { token, variables: { after } });
    const expired = await follow(old.cursor);
    const [failure] = expired.failures as { message: string; extensions: object }[][];
    const [error] = failure ?? expired.received[0]?.errors ?? [];
    expect(error?.extensions).toMatchObject({ code: 'CURSOR_EXPIRED', oldest: 3 });
    expect(error?.message).toContain('read the records anew');
    const stream = await fetch(stack().graphUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: watch, variables: { after: old.cursor } }),
    });
    expect(await stream.text()).toContain('CURSOR_EXPIRED');
    const { errors } = await graphql(
      'query ($after: String) { changes(log: DEALS, after: $after) { cursor } }',
      { after: old.cursor },
      { token },
    );
    expect(errors?.[0]?.extensions?.code).toBe('CURSOR_EXPIRED');

    for (const after of [last.cursor, 'beginning']) {
      const events = await follow(after);
      const [first] = await events.until(1);
      expect(first?.dealEvents).toEqual({ cursor: kept.cursor, deal: { title: 'Kept' } });
      await events.stop();
    }
    await expired.stop();
  });
});
