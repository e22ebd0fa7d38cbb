// Starts the tasks subgraph.
import 'reflect-metadata';
import { runSubgraph } from '@crm-graph/shared/subgraph/runSubgraph';
import { configSchema } from './config.ts';
import { tasks } from './schema.ts';

await runSubgraph(tasks, configSchema);
