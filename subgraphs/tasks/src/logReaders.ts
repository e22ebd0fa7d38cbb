// Where the logs of `changes` are read: this subgraph's own in its database, within the request's
// transaction; those of others over HTTP, with a token of this service for the caller's organization.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { PublicLog } from '@crm-graph/shared/events/eventTypes';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import type { LogPage } from '@crm-graph/shared/events/LogEvent';
import { readEventPage } from '@crm-graph/shared/events/readEventPage';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import {
  requireIdentity,
  type SubgraphContext,
  type SubgraphServices,
} from '@crm-graph/shared/subgraph/SubgraphContext';
import type { TasksConfig } from './config.ts';

type LogUrls = Record<Exclude<PublicLog, 'tasks'>, string>;

const urlsOf = new WeakMap<SubgraphServices, LogUrls>();

export function setLogUrls(services: SubgraphServices, config: TasksConfig): void {
  urlsOf.set(services, { deals: config.DEALS_URL, contacts: config.CONTACTS_URL });
}

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
  const url = urlsOf.get(services)?.[log];
  if (!url) throw new CrmError('INTERNAL_SERVER_ERROR', 'The tasks subgraph has not been started');
  const client = new LogClient({
    url,
    token: () => mintServiceToken(services.secret, organizationId),
  });
  const signal = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
  if (after === undefined) return { events: [], head: await client.head(signal) };
  return client.read(after, first, signal);
}
