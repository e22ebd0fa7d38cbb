// What every subgraph's main.ts does: print its SDL when asked, else read the configuration and serve until a signal.
import type { z } from 'zod';
import { readConfig, type SubgraphConfig } from '../config.ts';
import { runUntilSignal } from '../lifecycle.ts';
import { buildFederatedSchema } from './buildFederatedSchema.ts';
import { type SubgraphDefinition, startSubgraph } from './startSubgraph.ts';

export async function runSubgraph<Schema extends z.ZodObject>(
  definition: SubgraphDefinition<z.output<Schema> & SubgraphConfig>,
  configSchema: Schema,
): Promise<void> {
  if (process.argv.includes('--print-schema')) {
    process.stdout.write((await buildFederatedSchema(definition)).sdl);
    return;
  }
  const config = readConfig(configSchema) as z.output<Schema> & SubgraphConfig;
  const subgraph = await startSubgraph(definition, config);
  runUntilSignal(async () => subgraph[Symbol.asyncDispose](), { logger: subgraph.services.logger });
}
