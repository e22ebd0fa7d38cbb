// Requests to a subgraph as the executor makes them.
import type { SubgraphRequest } from '@crm-graph/gateway/engine/transport/SubgraphRequest';

export const query = (request: Partial<SubgraphRequest> = {}): SubgraphRequest => ({
  body: '{"query":"{deals{title}}"}',
  kind: 'query',
  headers: {},
  identity: 'ada',
  deadline: Date.now() + 20_000,
  ...request,
});

export const mutation = (request: Partial<SubgraphRequest> = {}): SubgraphRequest =>
  query({ body: '{"query":"mutation{deleteDeal}"}', kind: 'mutation', ...request });
