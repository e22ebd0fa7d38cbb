// The logs whose events webhooks send, read over HTTP: this subgraph's own as the others'.
import { type PublicLog, publicLogs } from '@crm-graph/shared/events/eventTypes';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import type { TasksConfig } from '../config.ts';

/** A client for one organization's events, or for the heads of all. */
export type LogClients = (log: PublicLog, organizationId?: string) => LogClient;

export function publicLogClients(
  { DEALS_URL, CONTACTS_URL, TASKS_URL }: TasksConfig,
  secret: string,
): LogClients {
  const urls = { deals: DEALS_URL, contacts: CONTACTS_URL, tasks: TASKS_URL };
  return (log, organizationId) =>
    new LogClient({ url: urls[log], token: () => mintServiceToken(secret, organizationId) });
}

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
