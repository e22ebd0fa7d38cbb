// A subscription on a WebSocket. Results are written to the socket at once, as text that all share
// but for the id; what graphql-ws iterates over has none, and ends when the subscription does.
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import type { Session } from '../../live/sessions/Session.ts';
import type { SharedResult } from '../../live/streams/SharedResult.ts';
import type { Leave } from '../../live/streams/Stream.ts';
import type { Subscriber } from '../../live/streams/Subscriber.ts';

type End = IteratorReturnResult<void>;
const end: End = { done: true, value: undefined };

export class SocketSubscriber implements Subscriber {
  readonly session: Session;
  readonly #socket: WebSocket;
  /** A Next message up to its payload. */
  readonly #head: string;
  readonly #leave: Leave;
  readonly #over = Promise.withResolvers<End>();
  #isOver = false;

  /** `leave` is called once, when it is over. */
  constructor(socket: WebSocket, session: Session, id: string, leave: Leave) {
    this.#socket = socket;
    this.session = session;
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    this.#leave = leave;
    /* It may fail before graphql-ws waits for it. */
    this.#over.promise.catch(() => undefined);
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(result: SharedResult): void {
    if (this.#isOver || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(`${this.#head}${result.text}}`);
  }

  fail(error: GraphQLError): void {
    if (this.#isOver) return;
    this.#finish();
    this.#over.reject(error);
  }

  /** For graphql-ws, which waits for it and ends it when the client or the socket does. */
  get results(): AsyncGenerator<ExecutionResult, void> {
    const over = async (): Promise<End> => {
      this.#finish();
      this.#over.resolve(end);
      return end;
    };
    return {
      next: () => this.#over.promise,
      return: over,
      throw: over,
      [Symbol.asyncIterator]() {
        return this;
      },
      [Symbol.asyncDispose]: async () => {
        await over();
      },
    };
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave();
  }
}
