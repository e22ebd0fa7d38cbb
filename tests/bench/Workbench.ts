// What the benchmark has running, started when it is needed and stopped in the reverse order.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../deploy/local/freePorts.ts';
import { redisServer } from '../../deploy/local/installRedis.ts';
import { startRedis } from '../../deploy/local/redis.ts';
import { type Graph, type GraphName, startGraph } from './Graph.ts';
import { stopLoads } from './load/runPinned.ts';
import { anonymousCallers, type Members, memberCallers } from './peers/callers.ts';
import type { Peer } from './peers/Peer.ts';
import { type PeerName, startPeer } from './peers/startPeer.ts';

export interface WorkbenchOptions {
  /** The project's folder. */
  root: string;
  /** The folder that the gateway and the engine are taken from. */
  checkout: string;
  /** How many different ones send requests. */
  callers: number;
}

export class Workbench implements AsyncDisposable {
  /** For logs and generated files; removed at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), 'crm-graph-bench-'));
  readonly #root: string;
  readonly #checkout: string;
  readonly #running = new AsyncDisposableStack();
  readonly #members: Members;

  constructor({ root, checkout, callers }: WorkbenchOptions) {
    this.#root = root;
    this.#checkout = checkout;
    this.#members = memberCallers(callers);
    this.#running.defer(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  async graph(name: GraphName): Promise<Graph> {
    const { folder } = this;
    const graph = await startGraph({ name, root: this.#root, folder, jwks: this.#members.jwks });
    return this.#running.use(graph);
  }

  /** Starts peers in front of a graph; resolves when all answer. */
  async peers(
    names: readonly PeerName[],
    { name: graph, urls, supergraph }: Graph,
  ): Promise<Peer[]> {
    const { folder } = this;
    const checkout = this.#checkout;
    const members = this.#members.callers;
    const callers = graph === 'crm' ? members : anonymousCallers(members.length);
    const redisUrl = names.includes('full') ? await this.#redis() : undefined;
    const environment = { graph, checkout, folder, urls, supergraph, callers, redisUrl };
    const peers: Peer[] = [];
    for (const name of names) {
      const peer = await startPeer(name, environment);
      this.#running.use(peer.process);
      peers.push(peer);
    }
    await Promise.all(peers.map((peer) => peer.ready()));
    return peers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    stopLoads();
    await this.#running.disposeAsync();
  }

  /** A private server, on a free port and with a folder that goes with it. */
  async #redis(): Promise<string> {
    const logFile = join(this.folder, 'redis.log');
    const server = await redisServer(logFile, console.error);
    const [port = 0] = await freePorts(1);
    const options = { server, dataDir: this.folder, logFile, port, password: 'bench' };
    const { child, url } = await startRedis(options);
    this.#running.defer(async () => {
      await child.stop('SIGTERM', 3_000);
    });
    return url;
  }
}
