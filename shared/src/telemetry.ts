// OpenTelemetry, off unless a collector is configured. To be started before other modules do their work.
import { NodeSDK } from '@opentelemetry/sdk-node';

/** Starts tracing for `service`; the SDK reads its endpoint from OTEL_EXPORTER_OTLP_ENDPOINT. */
export function startTelemetry(service: string, endpoint: string | undefined): AsyncDisposable {
  if (!endpoint) return { [Symbol.asyncDispose]: async () => {} };
  const sdk = new NodeSDK({ serviceName: service });
  sdk.start();
  return { [Symbol.asyncDispose]: () => sdk.shutdown() };
}
