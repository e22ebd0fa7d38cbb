// Where the logs of `changes` are read: this subgraph's own in its database, within the request's
// transaction; those of others from their subgraphs.
import type { PublicLog } from '@crm-graph/shared/events/eventTypes';
import type { LogPage } from '@crm-graph/shared/events/LogEvent';
import { readEventPage } from '@crm-graph/shared/events/readEventPage';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { logClientsOf } from './logClients.ts';

/** Without `after` the page has only the head. CURSOR_EXPIRED, INVALID_CURSOR. */
export async function readLog(
  context: SubgraphContext,
  log: PublicLog,
  { after, first }: { after: number | undefined; first: number },
): Promise<LogPage> {
  const { organizationId } = requireIdentity(context);
  const { services, transaction, deadline } = context;
  if (log === 'tasks') {
    const page = after === undefined ? { after: 0, first: 0 } : { after, first };
    return readEventPage(await transaction.manager(), log, { organizationId, ...page });
  }
  const client = logClientsOf(services)(log, organizationId);
  const signal = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
  if (after === undefined) return { events: [], head: await client.head(signal) };
  return client.read(after, first, signal);
}
