// What the analytics subgraph consists of.
import type { SubgraphDefinition } from '@crm-graph/shared/subgraph/startSubgraph';
import type { AnalyticsConfig } from './config.ts';
import { DealFact } from './DealFact.ts';
import { DealProductFact } from './DealProductFact.ts';
import { followDeals } from './followDeals.ts';
import { LogCursor } from './LogCursor.ts';
import { permissions } from './permissions.ts';
import { SalesResolver } from './SalesResolver.ts';

export const analytics: SubgraphDefinition<AnalyticsConfig> = {
  name: 'analytics',
  hasEventLog: false,
  entities: [DealFact, DealProductFact, LogCursor],
  resolvers: [SalesResolver],
  references: {},
  permissions,
  background: (services, config) => [followDeals(services, config)],
};
