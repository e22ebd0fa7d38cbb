// The environment of the deals subgraph.
import { subgraphConfig } from '@crm-graph/shared/config';

export const configSchema = subgraphConfig;
