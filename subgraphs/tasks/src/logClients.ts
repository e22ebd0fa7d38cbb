// The public logs, read over HTTP with a token of this service: for `changes` and for webhooks.
import type { PublicLog } from '@crm-graph/shared/events/eventTypes';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { TasksConfig } from './config.ts';

/** A client for one organization's events, or for the heads of all. */
export type LogClients = (log: PublicLog, organizationId?: string) => LogClient;

const clientsOf = new WeakMap<SubgraphServices, LogClients>();

/** Of a process that runs. */
export function openLogClients(
  services: SubgraphServices,
  { DEALS_URL, CONTACTS_URL, TASKS_URL }: TasksConfig,
): LogClients {
  const urls = { deals: DEALS_URL, contacts: CONTACTS_URL, tasks: TASKS_URL };
  const clients: LogClients = (log, organizationId) =>
    new LogClient({
      url: urls[log],
      token: () => mintServiceToken(services.secret, organizationId),
    });
  clientsOf.set(services, clients);
  return clients;
}

export function logClientsOf(services: SubgraphServices): LogClients {
  const clients = clientsOf.get(services);
  if (!clients) throw new TypeError('The tasks subgraph has not been started');
  return clients;
}
