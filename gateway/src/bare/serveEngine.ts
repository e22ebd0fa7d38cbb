// The engine with any supergraph behind HTTP, without rules: reads the supergraph, follows its
// changes, and serves it on loopback.
import type { Logger } from '@crm-graph/shared/logger';
import { Engine } from '../engine/Engine.ts';
import { SubgraphTransport } from '../engine/transport/SubgraphTransport.ts';
import { failedAttempts } from '../graph/failedAttempts.ts';
import { openSupergraph, type SupergraphListener } from '../graph/supergraph/SupergraphSource.ts';
import { type RunningServer, serveExecutor } from './serveExecutor.ts';

export interface ServeEngineOptions {
  /** A file or an http(s) URL. */
  supergraph: string;
  /** Milliseconds between looks at a URL, or at a file besides its directory's events. */
  pollMs: number;
  /** 127.0.0.0/8, ::1 or localhost. */
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** Milliseconds from the end of a request to its answer. */
  timeoutMs: number;
  /** Milliseconds for one request to a subgraph, retries included. */
  subgraphTimeoutMs: number;
  /** Of the body of a POST. */
  maxBodyBytes: number;
  /** Names of the headers that subgraphs get besides those of tracing. */
  forwardHeaders: readonly string[];
  logger: Logger;
}

/** Rejects with SupergraphUnavailable, SupergraphError or ListenError: nothing is left running then. */
export const serveEngine = async (options: ServeEngineOptions): Promise<RunningServer> => {
  const { supergraph, pollMs, subgraphTimeoutMs, logger, ...http } = options;
  /* Ended in the other order: requests, then reloads, then the engine, then its connections. */
  await using started = new AsyncDisposableStack();
  const transport = started.use(
    new SubgraphTransport({ timeoutMs: subgraphTimeoutMs, onAttempt: failedAttempts(logger) }),
  );
  let engine: Engine | undefined;
  started.defer(async () => engine?.[Symbol.asyncDispose]());
  const source = started.use(await openSupergraph(supergraph, { pollIntervalMs: pollMs, logger }));
  const { supergraphSdl } = source;
  engine = await Engine.start({ supergraphSdl, send: transport.send });
  source.onChange(reloads(engine, logger));
  const server = started.use(await serveExecutor({ ...http, executor: engine, logger }));
  const running = started.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
};

/** Where the new supergraph is invalid, the source says so and the engine keeps the old one. */
const reloads =
  (engine: Engine, logger: Logger): SupergraphListener =>
  async (supergraphSdl) => {
    const since = performance.now();
    const { prepared } = await engine.update(supergraphSdl);
    const tookMs = Math.round(performance.now() - since);
    logger.info('the supergraph was reloaded', { operations: prepared, tookMs });
  };
