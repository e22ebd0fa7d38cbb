// Starts the auth subgraph, or prints its schema with --print-schema.
import 'reflect-metadata';
import { runSubgraph } from '@crm-graph/shared/subgraph/runSubgraph';
import { authConfig } from './config.ts';
import { authSubgraph } from './schema.ts';

await runSubgraph(authSubgraph, authConfig);
