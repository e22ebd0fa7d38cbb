// The arguments of `npm run engine`.
import { parseArgs } from 'node:util';
import { canBeForwarded } from './forwardedHeaders.ts';
import { loopbackAddress } from './loopback.ts';
import type { ServeEngineOptions } from './serveEngine.ts';

/** The command was given something it cannot work with. The message names the option. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const usage = `Serves a Federation 2 supergraph with the gateway's engine: no accounts, no rules, for this machine only.

  npm run engine -- --supergraph FILE_OR_URL --port N [options]

  --supergraph FILE_OR_URL  the supergraph's SDL; read again when it changes
  --port N                  port for /graphql, /health/ready and /health/live; 0 for any
  --host HOST               127.0.0.0/8, ::1 or localhost, no other (127.0.0.1)
  --forward-header NAME     a header of the client that subgraphs get; may be repeated. Only requests
                            that agree in these share what is in flight. traceparent, tracestate and
                            x-request-id are always sent on
  --timeout-ms N            for one request (30000)
  --subgraph-timeout-ms N   for one request of a subgraph, retries included (10000)
  --max-body-bytes N        for the body of a request (2097152)
  --poll-ms N               between looks at the supergraph's place (10000)
  --log-level LEVEL         error, warn, info or debug (info)
  --help                    this text

Ends with 2 when the arguments are wrong, with 1 when it cannot start.
`;

const options = {
  supergraph: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  'forward-header': { type: 'string', multiple: true },
  'timeout-ms': { type: 'string', default: '30000' },
  'subgraph-timeout-ms': { type: 'string', default: '10000' },
  'max-body-bytes': { type: 'string', default: String(2 * 1024 * 1024) },
  'poll-ms': { type: 'string', default: '10000' },
  'log-level': { type: 'string', default: 'info' },
  help: { type: 'boolean', default: false },
} as const;

/** The largest delay that a timer takes. */
const maxMs = 2 ** 31 - 1;

export type EngineArguments = Omit<ServeEngineOptions, 'logger'> & { logLevel: string };

/** Undefined when help is asked for. Throws UsageError. */
export const parseArguments = (args: readonly string[]): EngineArguments | undefined => {
  const values = parsed(args);
  if (values.help) return undefined;
  const { supergraph, port, host, 'forward-header': forwardHeaders = [] } = values;
  if (!supergraph) throw new UsageError('--supergraph is missing: a file or a URL.');
  if (port === undefined) throw new UsageError('--port is missing.');
  if (loopbackAddress(host) === undefined) throw new UsageError(notLoopback(host));
  for (const name of forwardHeaders) {
    if (!canBeForwarded(name))
      throw new UsageError(`--forward-header: "${name}" cannot be sent on.`);
  }
  return {
    supergraph,
    host,
    port: integer('--port', port, 0, 65_535),
    timeoutMs: integer('--timeout-ms', values['timeout-ms'], 1, maxMs),
    subgraphTimeoutMs: integer('--subgraph-timeout-ms', values['subgraph-timeout-ms'], 1, maxMs),
    maxBodyBytes: integer('--max-body-bytes', values['max-body-bytes'], 1, 2 ** 29),
    pollMs: integer('--poll-ms', values['poll-ms'], 10, maxMs),
    forwardHeaders,
    logLevel: oneOf('--log-level', values['log-level'], ['error', 'warn', 'info', 'debug']),
  };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
};

const notLoopback = (host: string): string =>
  `--host ${host} is refused: without rules the graph is served on loopback only (127.0.0.1, ::1 or localhost).`;

const integer = (name: string, text: string, min: number, max: number): number => {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${name} ${text} is not a whole number from ${min} to ${max}.`);
};

const oneOf = (name: string, text: string, allowed: readonly string[]): string => {
  if (allowed.includes(text)) return text;
  throw new UsageError(`${name} ${text} is none of ${allowed.join(', ')}.`);
};
