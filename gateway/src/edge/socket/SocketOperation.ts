// One operation on a socket: the messages it may still send, until it is over. Its id belongs to it only as long; what
// comes late, after the client has completed it, goes nowhere, whoever has the id by then.
import type { GraphQLFormattedError } from 'graphql';
import { completeText, errorText, nextHead } from './messages.ts';

export interface OperationOwner {
  send(text: string): void;
  /** The operation is over: its id is free. */
  ended(operation: SocketOperation): void;
}

export class SocketOperation {
  readonly id: string;
  readonly #owner: OperationOwner;
  readonly #head: string;
  #isOver = false;
  #stop: (() => void) | undefined;
  #controller: AbortController | undefined;

  constructor(id: string, owner: OperationOwner) {
    this.id = id;
    this.#owner = owner;
    this.#head = nextHead(id);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Aborts when it is over. Made when asked for: of ten thousand subscriptions that wait, none needs it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isOver) this.#controller.abort();
    return this.#controller.signal;
  }

  /** What is to be stopped when it is over: at once, if it is already. */
  stopWhenOver(stop: () => void): void {
    if (this.#isOver) stop();
    else this.#stop = stop;
  }

  /** `result` is JSON. */
  next(result: string): void {
    if (!this.#isOver) this.#owner.send(`${this.#head}${result}}`);
  }

  /** It has failed as a whole; nothing follows. */
  fail(errors: readonly GraphQLFormattedError[]): void {
    if (this.#isOver) return;
    this.cancel();
    this.#owner.send(errorText(this.id, errors));
  }

  complete(): void {
    if (this.#isOver) return;
    this.cancel();
    this.#owner.send(completeText(this.id));
  }

  /** Over without a word: the client has completed it, or has gone. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.ended(this);
    this.#controller?.abort();
    this.#stop?.();
    this.#stop = undefined;
  }
}
