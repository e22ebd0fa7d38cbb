// Starts the deals subgraph.
import 'reflect-metadata';
import { runSubgraph } from '@crm-graph/shared/subgraph/runSubgraph';
import { configSchema } from './config.ts';
import { deals } from './schema.ts';

await runSubgraph(deals, configSchema);
