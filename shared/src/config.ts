// Configuration is one zod schema per process over environment variables, read in main.ts only.
// Every problem is reported at once, with the variable's name.
import { z } from 'zod';

export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Invalid configuration:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Parses `env`; an empty variable counts as absent. Throws a ConfigError that lists every problem. */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Record<string, string | undefined> = process.env,
): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = issue.path.join('.');
      const expected = schema.shape[name]?.description;
      const found = present[name] === undefined ? 'is missing' : issue.message;
      return `${name}: ${found}${expected ? ` (expected ${expected})` : ''}`;
    }),
  );
}

/** As `loadConfig`, but prints the problems and exits with 1: for main.ts. */
export function readConfig<Schema extends z.ZodObject>(schema: Schema): z.output<Schema> {
  try {
    return loadConfig(schema);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const port = z.coerce.number().int().min(0).max(65535).describe('a port, 0 to 65535');

/** What the gateway and every subgraph need. */
export const processConfig = z.object({
  HOST: z.string().default('127.0.0.1').describe('the address to listen on'),
  PORT: port,
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).describe('redis://host:port'),
  JWKS_URL: z.url({ protocol: /^https?$/ }).describe("the URL of auth's /.well-known/jwks.json"),
  INTERNAL_SECRET: z.string().min(32).describe('at least 32 characters, the same in all processes'),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('error, warn, info or debug'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe('the URL of an OpenTelemetry collector; tracing is off without it'),
});

/** What every subgraph needs. */
export const subgraphConfig = processConfig.extend({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('postgres://role:password@host:port/database'),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(10)
    .describe('connections to Postgres, 1 to 200'),
  EVENT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(7)
    .describe('whole days that events are kept, 1 or more'),
});

export type ProcessConfig = z.output<typeof processConfig>;
export type SubgraphConfig = z.output<typeof subgraphConfig>;

const keyBytes = 32;

/** AES-256 key under which a subgraph stores the keys it has to keep; see keyEncryption.ts. */
export const keyEncryptionKey = z
  .base64()
  .describe('32 random bytes in base64, as `openssl rand -base64 32` prints them')
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === keyBytes, `must be ${keyBytes} bytes in base64`);
