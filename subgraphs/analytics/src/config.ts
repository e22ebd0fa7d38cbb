// The environment of the analytics subgraph, and of the command that rebuilds its read model.
import { subgraphConfig } from '@crm-graph/shared/config';
import { z } from 'zod';

export const configSchema = subgraphConfig.extend({
  DEALS_URL: z.url({ protocol: /^https?$/ }).describe('the base URL of the deals subgraph'),
});

export type AnalyticsConfig = z.output<typeof configSchema>;

export const rebuildConfigSchema = configSchema.pick({
  DATABASE_URL: true,
  REDIS_URL: true,
  DEALS_URL: true,
  INTERNAL_SECRET: true,
});
