// Starts the contacts subgraph.
import 'reflect-metadata';
import { runSubgraph } from '@crm-graph/shared/subgraph/runSubgraph';
import { configSchema } from './config.ts';
import { contacts } from './schema.ts';

await runSubgraph(contacts, configSchema);
