// Starts the auth subgraph, or prints its schema with --print-schema.
import 'reflect-metadata';
import { ConfigError } from '@crm-graph/shared/config';
import { runSubgraph } from '@crm-graph/shared/subgraph/runSubgraph';
import { authConfig } from './config.ts';
import { authSubgraph } from './schema.ts';

try {
  await runSubgraph(authSubgraph, authConfig);
} catch (error) {
  // Whether KEY_ENCRYPTION_KEY is the right one shows only when the stored keys are read.
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
}
