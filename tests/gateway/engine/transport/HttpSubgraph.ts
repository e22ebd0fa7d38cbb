// A subgraph as a real HTTP server on loopback, that answers as a test wants it to.
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Subgraph } from '@crm-graph/gateway/engine/transport/SubgraphRequest';

export interface ReceivedRequest {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Answer = (response: ServerResponse, request: ReceivedRequest, count: number) => void;

export const json = { 'content-type': 'application/json' };

export class HttpSubgraph implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = [];
  /** Requests whose connection was closed before they were answered. */
  abandoned = 0;
  connections = 0;
  readonly #server: Server;
  #answer: Answer;

  /** By default it answers `{"data":{}}`. */
  static async start(answer: Answer = answerEmpty, port = 0): Promise<HttpSubgraph> {
    const subgraph = new HttpSubgraph(answer);
    subgraph.#server.listen(port, '127.0.0.1');
    await once(subgraph.#server, 'listening');
    return subgraph;
  }

  private constructor(answer: Answer) {
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#receive(request, response));
    this.#server.on('connection', () => this.connections++);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get subgraph(): Subgraph {
    return { name: 'deals', url: `http://127.0.0.1:${this.port}/graphql` };
  }

  answerWith(answer: Answer): void {
    this.#answer = answer;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.abandoned++;
    });
    const { method, url, headers } = request;
    try {
      const received = { method, url, headers, body: await text(request) };
      this.requests.push(received);
      this.#answer(response, received, this.requests.length);
    } catch {
      /* The connection was closed while the request came in. */
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

const answerEmpty: Answer = (response) => response.writeHead(200, json).end('{"data":{}}');
