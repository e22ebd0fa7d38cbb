// The log of a subgraph as its database has it, for tests of what is made of it.
import { setTenant } from '@crm-graph/shared/database/setTenant';
import { encodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { DataSource } from 'typeorm';
import { dataOf, stack } from './stack.ts';

export async function organizationIdOf(token: string): Promise<string> {
  const { organization } = await dataOf<{ organization: { id: string } }>(
    '{ organization { id } }',
    {},
    { token },
  );
  return organization.id;
}

/** The cursor of any position. */
export const cursorAt = (log: string, organizationId: string, position: number): string =>
  encodeEventCursor(stack().internalSecret, log, organizationId, position);

/** Makes an organization's events look as they did before records had times. */
export async function forgetTimes(log: string, organizationId: string): Promise<void> {
  const url = stack().subgraphDatabaseUrls[log] ?? '';
  const database = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize();
  try {
    await database.transaction(async (manager) => {
      await setTenant(manager, organizationId);
      const [, count]: [unknown, number] = await manager.query(
        `update "${log}"."event" set record = record - 'createdAt' - 'updatedAt'`,
      );
      expect(count).toBeGreaterThan(0);
    });
  } finally {
    await database.destroy();
  }
}
