// Where the logs end: what a new webhook begins behind.
import { type PublicLog, publicLogs } from '@crm-graph/shared/events/eventTypes';
import type { LogClients } from '../logClients.ts';

/** Where each log of an organization ends now. */
export async function headsOf(
  clients: LogClients,
  organizationId: string,
): Promise<Record<PublicLog, number>> {
  const heads = publicLogs.map(
    async (log) => [log, await clients(log, organizationId).head()] as const,
  );
  return Object.fromEntries(await Promise.all(heads)) as Record<PublicLog, number>;
}
