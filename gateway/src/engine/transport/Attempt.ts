// One HTTP exchange with a subgraph. Undici calls this object as the answer comes in: its `request()`
// would make a stream of it first, which, for a short one, takes 40 % more processor time.
import type { Dispatcher } from 'undici';
import {
  type AttemptFailure,
  answerFailure,
  connectionFailure,
  tooLarge,
} from './AttemptFailure.ts';
import type { SubgraphEndpoint } from './SubgraphEndpoint.ts';
import type { SubgraphRequest } from './SubgraphRequest.ts';

/** Exactly one of these is called, once, unless the attempt is abandoned. */
export interface AttemptOwner {
  answered(text: string): void;
  failed(failure: AttemptFailure): void;
}

export class Attempt implements Dispatcher.DispatchHandler {
  /** Of the answer, once its head is there. */
  status: number | undefined;
  readonly #endpoint: SubgraphEndpoint;
  readonly #owner: AttemptOwner;
  #controller: Dispatcher.DispatchController | undefined;
  #headers: Record<string, string | string[] | undefined> = {};
  #first: Buffer | undefined;
  #chunks: Buffer[] | undefined;
  #bytes = 0;
  #over = false;

  constructor(endpoint: SubgraphEndpoint, owner: AttemptOwner) {
    this.#endpoint = endpoint;
    this.#owner = owner;
  }

  send({ body, headers }: SubgraphRequest): void {
    const { path, pool } = this.#endpoint;
    const all = { ...headers, 'content-type': 'application/json', accept };
    pool.dispatch({ path, method: 'POST', headers: all, body }, this);
  }

  /** The subgraph notices that the connection is closed. Nobody is called any more. */
  abandon(): void {
    this.#over = true;
    this.#controller?.abort(new TypeError('abandoned'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    /* Abandoned while it waited for a connection. Thrown, for that leaves the connection open. */
    if (this.#over) throw new TypeError('abandoned');
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > this.#endpoint.settings.maxResponseBytes) this.#stop();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#endpoint.settings.maxResponseBytes) this.#stop();
    else if (!this.#first) this.#first = chunk;
    else {
      this.#chunks ??= [this.#first];
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    if (this.#over) return;
    const text = this.#text();
    this.#over = true;
    const answer = { status: this.status ?? 0, headers: this.#headers, text };
    const failure = answerFailure(this.#endpoint.name, answer);
    if (failure) this.#owner.failed(failure);
    else this.#owner.answered(text);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, cause: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#owner.failed(connectionFailure(this.#endpoint.name, cause));
  }

  #stop(): void {
    const { name, settings } = this.#endpoint;
    this.abandon();
    this.#owner.failed(tooLarge(name, settings.maxResponseBytes));
  }

  #text(): string {
    const body = this.#chunks ? Buffer.concat(this.#chunks, this.#bytes) : this.#first;
    return body?.toString() ?? '';
  }
}

const accept = 'application/graphql-response+json, application/json';
