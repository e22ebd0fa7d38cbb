// A subgraph that is no HTTP server: a test says what is done with each connection's requests.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Subgraph } from '@crm-graph/gateway/engine/transport/SubgraphRequest';

/** Called once for each connection, when a request begins to come in. */
export type OnRequest = (socket: Socket) => void;

export class RawSubgraph implements AsyncDisposable {
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(onRequest: OnRequest): Promise<RawSubgraph> {
    const subgraph = new RawSubgraph(onRequest);
    subgraph.#server.listen(0, '127.0.0.1');
    await once(subgraph.#server, 'listening');
    return subgraph;
  }

  private constructor(onRequest: OnRequest) {
    this.#server = createServer((socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => onRequest(socket));
    });
  }

  get subgraph(): Subgraph {
    const { port } = this.#server.address() as AddressInfo;
    return { name: 'deals', url: `http://127.0.0.1:${port}/graphql` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
