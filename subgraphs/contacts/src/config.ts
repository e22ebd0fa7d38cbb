// The environment of the contacts subgraph.
import { subgraphConfig } from '@crm-graph/shared/config';

export const configSchema = subgraphConfig;
