// What `npm start` can be told by its environment or by a .env file.
import { z } from 'zod';

export const localConfig = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(4000)
    .describe('the port of the graph, 0 to 65535; 0 takes a free one'),
  HOST: z.string().default('127.0.0.1').describe('the address the graph listens on'),
  GRAPH_MODE: z
    .enum(['development', 'production'])
    .default('development')
    .describe('development or production'),
  DATA_DIR: z.string().default('.data').describe('the folder for databases, secrets and logs'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('postgres://user:password@host:port/database, of a user that may create roles'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('redis://host:port'),
  SEED_DEMO: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('true or false: whether demo data is created'),
  WEBHOOK_ALLOW_LOOPBACK: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('true or false: whether webhooks may lead to this machine, by http, too'),
  READY_FILE: z.string().optional().describe('a file to write URLs and ports to once all is up'),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('error, warn, info or debug'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe('the URL of an OpenTelemetry collector; tracing is off without it'),
});

export type LocalConfig = z.output<typeof localConfig>;
