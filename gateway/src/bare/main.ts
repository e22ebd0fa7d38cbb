// `npm run engine`: any supergraph, served by the engine alone.
import { resolve } from 'node:path';
import { runUntilSignal } from '@crm-graph/shared/lifecycle';
import { createLogger } from '@crm-graph/shared/logger';
import { parseArguments, UsageError, usage } from './cli.ts';
import { serveEngine } from './serveEngine.ts';

/* The packages that the planner comes with would report to Apollo otherwise. */
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

/** npm changes to the project's folder; a path is meant from where npm was called. */
const { npm_lifecycle_event: script, INIT_CWD: calledFrom } = process.env;
const folder = script === 'engine' && calledFrom ? calledFrom : process.cwd();

const start = async (): Promise<void> => {
  const args = parseArguments(process.argv.slice(2));
  if (!args) {
    process.stdout.write(usage);
    return;
  }
  const { logLevel, supergraph, ...options } = args;
  const logger = createLogger({ service: 'engine', level: logLevel });
  const location = /^[a-z]+:\/\//i.test(supergraph) ? supergraph : resolve(folder, supergraph);
  const server = await serveEngine({ ...options, supergraph: location, logger });
  logger.info('listening', { url: server.url });
  runUntilSignal(async () => server[Symbol.asyncDispose](), { logger });
};

try {
  await start();
} catch (error) {
  const isUsage = error instanceof UsageError;
  const hint = isUsage ? ' --help lists what there is.' : '';
  process.stderr.write(
    `engine: ${error instanceof Error ? error.message : String(error)}${hint}\n`,
  );
  process.exitCode = isUsage ? 2 : 1;
}
