// Starts the analytics subgraph.
import 'reflect-metadata';
import { runSubgraph } from '@crm-graph/shared/subgraph/runSubgraph';
import { configSchema } from './config.ts';
import { analytics } from './schema.ts';

await runSubgraph(analytics, configSchema);
