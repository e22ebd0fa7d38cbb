// How each peer is started. The first that takes part is the one that the others' answers are held to.
import { join } from 'node:path';
import { freePorts } from '../../../deploy/local/freePorts.ts';
import { BenchProcess } from '../BenchProcess.ts';
import type { GraphName } from '../Graph.ts';
import { Peer } from './Peer.ts';

export const peerNames = ['stock', 'limit', 'engine', 'full'] as const;
export type PeerName = (typeof peerNames)[number];

export interface PeerEnvironment {
  graph: GraphName;
  /** The folder of the project whose gateway and engine are measured. */
  checkout: string;
  /** For logs. */
  folder: string;
  /** Base URLs of the subgraphs. */
  urls: Readonly<Record<string, string>>;
  /** The path of the supergraph, with these URLs in it. */
  supergraph: string;
  /** The headers of each caller's requests. */
  callers: Peer['callers'];
  /** For the full gateway. */
  redisUrl?: string | undefined;
}

/** What tells callers apart: only requests of one caller may share a fetch. */
const forwarded = ['authorization', 'x-caller'];

interface Start {
  script: string;
  args?: string[];
  env?: Record<string, string>;
}

type Starts = Record<PeerName, (environment: PeerEnvironment, port: string) => Start>;

const starts: Starts = {
  stock: ({ supergraph }, port) => ({
    script: join(import.meta.dirname, 'stock.ts'),
    args: [supergraph, port],
  }),
  limit: ({ urls }, port) => ({
    script: join(import.meta.dirname, 'limit.ts'),
    args: [port],
    env: { BENCH_URLS: JSON.stringify(urls) },
  }),
  engine: ({ checkout, supergraph }, port) => ({
    script: join(checkout, 'gateway/dist/bare/main.js'),
    args: [
      ...['--supergraph', supergraph, '--port', port],
      ...forwarded.flatMap((header) => ['--forward-header', header]),
    ],
  }),
  full: ({ checkout, urls, supergraph, redisUrl = '' }, port) => ({
    script: join(checkout, 'gateway/dist/main.js'),
    env: {
      HOST: '127.0.0.1',
      PORT: port,
      SUPERGRAPH: supergraph,
      REDIS_URL: redisUrl,
      JWKS_URL: `${urls.auth}/.well-known/jwks.json`,
      INTERNAL_SECRET: 'of-the-benchmark-and-of-nothing-else',
      LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      ...Object.fromEntries(
        Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
      ),
    },
  }),
};

/** The peer may not be ready yet. */
export const startPeer = async (name: PeerName, environment: PeerEnvironment): Promise<Peer> => {
  const [port = 0] = await freePorts(1);
  const process = new BenchProcess({
    name: `${name}-${environment.graph}`,
    ...starts[name](environment, String(port)),
    imports: [join(import.meta.dirname, '../inspect/monitor.ts')],
    core: 'gateway',
    cwd: environment.checkout,
    logFolder: environment.folder,
  });
  const { callers } = environment;
  return new Peer({ name, url: `http://127.0.0.1:${port}/graphql`, callers, process });
};
