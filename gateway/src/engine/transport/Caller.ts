// One who waits for a fetch: until there is an answer, its time is over or its client has gone.
import { transportError } from './AttemptFailure.ts';
import type { Cancellable, ClientWaiting } from './Cancellations.ts';
import type { Deadlines, Waiting } from './Deadlines.ts';
import type { SubgraphError, SubgraphErrorCode } from './SubgraphError.ts';

export interface CallerOptions {
  subgraph: string;
  /** Epoch milliseconds. */
  until: number;
  client: ClientWaiting | undefined;
  deadlines: Deadlines;
}

/** Told when a caller has given up. */
export interface Abandonable {
  leave(caller: Caller, error: SubgraphError): void;
}

export class Caller implements Waiting, Cancellable {
  readonly until: number;
  slot = -1;
  readonly answer: Promise<string>;
  readonly #options: CallerOptions;
  readonly #fetch: Abandonable;
  readonly #resolve: (text: string) => void;
  readonly #reject: (error: SubgraphError) => void;

  constructor(fetch: Abandonable, options: CallerOptions) {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.until = options.until;
    this.answer = promise;
    this.#options = options;
    this.#fetch = fetch;
    this.#resolve = resolve;
    this.#reject = reject;
    options.deadlines.add(this);
    options.client?.add(this);
  }

  resolve(text: string): void {
    this.#stopWaiting();
    this.#resolve(text);
  }

  reject(error: SubgraphError): void {
    this.#stopWaiting();
    this.#reject(error);
  }

  expire(): void {
    this.#giveUp('TIMEOUT');
  }

  cancel(): void {
    this.#giveUp('CANCELLED');
  }

  #giveUp(code: SubgraphErrorCode): void {
    const isSettled = this.slot < 0;
    if (isSettled) return;
    const error = transportError(this.#options.subgraph, code);
    this.reject(error);
    this.#fetch.leave(this, error);
  }

  #stopWaiting(): void {
    const { deadlines, client } = this.#options;
    deadlines.delete(this);
    client?.delete(this);
  }
}
