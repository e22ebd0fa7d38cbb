// The gateway as a process.
import { readConfig } from '@crm-graph/shared/config';
import { runUntilSignal } from '@crm-graph/shared/lifecycle';
import { createLogger } from '@crm-graph/shared/logger';
import { startTelemetry } from '@crm-graph/shared/telemetry';
import { gatewayConfig } from './config.ts';
import { startGateway } from './startGateway.ts';

/* @apollo/gateway would report to Apollo otherwise. */
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

const config = readConfig(gatewayConfig);
const logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
const telemetry = startTelemetry('gateway', config.OTEL_EXPORTER_OTLP_ENDPOINT);

try {
  const gateway = await startGateway(config, logger);
  logger.info('listening', { url: gateway.url });
  runUntilSignal(
    async () => {
      await gateway[Symbol.asyncDispose]();
      await telemetry[Symbol.asyncDispose]();
    },
    { logger },
  );
} catch (cause) {
  logger.error('the gateway could not start', { cause });
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100);
}
