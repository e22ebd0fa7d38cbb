// The environment of the tasks subgraph.
import { subgraphConfig } from '@crm-graph/shared/config';
import { z } from 'zod';

export const configSchema = subgraphConfig.extend({
  CONTACTS_URL: z.url({ protocol: /^https?$/ }).describe('the base URL of the contacts subgraph'),
  DEALS_URL: z.url({ protocol: /^https?$/ }).describe('the base URL of the deals subgraph'),
});

export type TasksConfig = z.output<typeof configSchema>;
